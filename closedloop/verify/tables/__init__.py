"""What the checks know as data: the contract as published, facts, endings and invariants, a row for each."""
