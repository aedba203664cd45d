"""Time and lengths of time: the clock, working time, the trust in stated times; pure."""
