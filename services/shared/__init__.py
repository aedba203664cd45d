"""How any service runs: the loop, the store, timers, failures, the clock."""
