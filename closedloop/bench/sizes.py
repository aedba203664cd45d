"""The sizes of each benchmark: small enough for minutes, or large enough to trust the figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts and seconds of one run of all benchmarks."""

    name: str
    repeats: int
    """How often whatever is compared is measured; medians are reported."""
    backlog: int
    """Facts that a service finds waiting."""
    floor_s: float
    """For how long the floor rate is driven."""
    step_s: float
    """For how long each rate of the search is driven."""
    idle_s: float
    """How long a stack rests before its memory is read."""
    accept_s: float
    """For how long complaints are posted at each number of requests in flight."""
    armed: int
    """Timers that wait for a distant day."""
    flood: int
    """Timers of one department that are due in the same second."""
    open: int
    """Cases that are open while others are handled."""
    long_backlog: int
    """Facts that a service finds waiting after it has been away for long."""


REDUCED = Sizes(
    "reduced",
    repeats=3,
    backlog=20_000,
    floor_s=60,
    step_s=12,
    idle_s=15,
    accept_s=3,
    armed=100_000,
    flood=10_000,
    open=50_000,
    long_backlog=100_000,
)
FULL = Sizes(
    "full",
    repeats=5,
    backlog=60_000,
    floor_s=600,
    step_s=60,
    idle_s=60,
    accept_s=15,
    armed=1_000_000,
    flood=100_000,
    open=1_000_000,
    long_backlog=1_000_000,
)
