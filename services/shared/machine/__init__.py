"""What a service is and how its documents change: tables, inputs, decisions, refusals, dead letters; pure."""
