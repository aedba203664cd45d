"""escalation: the SLA clocks, warnings, breaches and the ladder."""
