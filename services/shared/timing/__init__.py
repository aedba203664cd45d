"""What time is, and how a length of it counts: the clock, working time, which stated time is trusted; pure."""
