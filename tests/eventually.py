"""The one place where tests wait for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")
SLOW = 5
"""So many times as long as usual anything may take: a machine may be slow, or busy with other things."""


def eventually(look: Callable[[], Seen], within: float = 10.0, every: float = 0.05) -> Seen:
    """Looks until it sees something truthy and returns it; it gives up when even a slow machine should have got there.

    `within` is how many seconds it takes usually, at most. Then it raises what the last look met.
    """
    deadline = time.monotonic() + within * SLOW
    while True:
        try:
            if seen := look():
                return seen
            problem: Exception = AssertionError(f"still {seen!r} after {within} s")
        except Exception as raised:
            problem = raised
        if time.monotonic() > deadline:
            raise problem
        time.sleep(every)
