"""One module for each invariant, and one for the limits that a policy sets."""
