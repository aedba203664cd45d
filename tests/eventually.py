"""The one place where tests wait for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def eventually(look: Callable[[], Seen], within: float = 10.0, every: float = 0.05) -> Seen:
    """Looks until it sees something truthy and returns it; after `within` seconds it raises what the last look met."""
    deadline = time.monotonic() + within
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
