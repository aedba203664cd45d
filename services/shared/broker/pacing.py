"""Pacing: what speaks in bulk waits for the slowest reader of the facts, so that nobody's facts wait behind a flood."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import SPEAKING, group_of
from services.shared.broker.lag import LagMeter
from services.shared.broker.log_ends import ANSWER_MS

MOST_AHEAD = 3_000
"""How many facts may wait to be read by the slowest reader before more are said in bulk."""
LOOK_S = 0.1
GIVEN_UP_S = 30.0
"""A reader that takes nothing for so long is down: deadlines do not wait for it any longer."""


class Behind(NamedTuple):
    """The slowest reader: how many facts it has not settled, and how many it has."""

    left: int
    settled: int


async def caught_up(slowest: Callable[[], Awaitable[Behind]], now: Callable[[], float] = time.monotonic) -> None:
    """Returns when so few are left to the slowest reader that more may come, or when it takes nothing any more."""
    moved, seen = now(), await slowest()
    while seen.left > MOST_AHEAD and now() - moved < GIVEN_UP_S:
        await asyncio.sleep(LOOK_S)
        before, seen = seen, await slowest()
        # Not whether less is left: others may say as much meanwhile as it takes.
        if seen.settled != before.settled:
            moved = now()


class Readers:
    """The groups of the services that speak. The broker is asked only in a flood, so connected only then."""

    def __init__(self, bootstrap: str, services: Iterable[str] = SPEAKING) -> None:
        self._groups, self._meter = [group_of(service) for service in services], LagMeter(bootstrap, ANSWER_MS)

    async def caught_up(self) -> None:
        """Returns when the slowest reader is near the end, or is down, or the broker does not answer."""
        await caught_up(self.slowest)

    async def slowest(self) -> Behind:
        """The reader that has most left; nothing is left while the broker is away, for then nothing is said."""
        try:
            await self._meter.connect()
            found = [(await self._meter.of_group(group, FACTS.name)).values() for group in self._groups]
        except Exception:  # each client has its own errors for an absent broker
            return Behind(0, 0)
        return max(Behind(sum(at.left for at in places), sum(at.settled for at in places)) for places in found)
