"""What follows from the facts of one complaint: its clocks, its plan, how it stands."""
