"""The loop that every service runs in, and what works beside it: outbox, sweeper, timers; and the loop in memory."""
