"""How any service runs, in eight rooms: README.md says what is in each."""
