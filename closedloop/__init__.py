"""The programs for people: the command line, the local stack, and everything built on it."""
