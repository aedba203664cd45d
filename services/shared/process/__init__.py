"""One process: its settings, its HTTP side, and how its parts are put together, started and ended."""
