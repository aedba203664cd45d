"""What the checks know as data: the contract as it is published, and the invariants."""
