"""What people run: the command line, the local stack and everything that stands on it."""
