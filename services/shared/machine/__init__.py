"""Services as tables, and how documents change: inputs, decisions, refusals, dead letters; pure."""
