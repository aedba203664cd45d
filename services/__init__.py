"""The services, and the machine that each of them runs in."""
