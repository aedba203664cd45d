"""Real history sent through the system again, to see whether it comes to the verdicts that are known."""
