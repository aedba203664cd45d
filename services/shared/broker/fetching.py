"""The bounds of fetches: rare records are fetched at once, masses of records in bulk."""

from __future__ import annotations

import math
from typing import NamedTuple

WITHIN_S = 1.0
"""Over how long records are counted; what came before counts less and less."""


class Fetch(NamedTuple):
    """The bounds of one fetch: the broker answers once it has so many bytes, or after so long."""

    least_bytes: int
    wait_ms: int


RESTING, WORKING, IN_MASSES = Fetch(1, 500), Fetch(64 * 1024, 50), Fetch(256 * 1024, 250)
FETCHES = {0.0: RESTING, 1.0: WORKING, 500.0: IN_MASSES}
"""By how many records came within WITHIN_S: each fetch costs reader and broker milliseconds, whatever it brings."""


class Arrivals:
    """How many records came of late, and so how to ask for the next."""

    def __init__(self) -> None:
        self._count, self._at = 0.0, -math.inf

    def next_fetch(self, came: int, now: float) -> Fetch:
        """How to ask after so many records came now (seconds of a clock that is never set back)."""
        self._count = self._count * math.exp((self._at - now) / WITHIN_S) + came
        self._at = now
        return FETCHES[max(least for least in FETCHES if least <= self._count)]
