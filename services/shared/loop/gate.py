"""The gate: a due timer fires when its partition has been read up to its date, or when nobody reads on there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from services.shared.broker.partition import partition_of
from services.shared.loop.standstill import Standstill
from services.shared.timing.clock import Clock

LONGEST = timedelta(seconds=30)
"""How long, in real time, the gate stays shut for a partition in which nobody reads on."""


def open_until(
    due: datetime, now: datetime, read_until: datetime | None, clock: Clock, stood: timedelta
) -> datetime | None:
    """Until when (virtual) a document's timers may fire, or None while the gate is shut for it.

    `now` is real. `read_until` is the append time up to which the document's partition is settled. `stood` is for how
    long nobody has read on in it, although everybody could have.
    """
    read = None if read_until is None else min(read_until, now)
    # clock.virtual() of a moment long before the date may lie outside the calendar where time runs fast.
    reached = None if read is None or read < clock.real(due) - LONGEST else clock.virtual(read)
    if reached is not None and reached >= due:
        return reached
    return due if min(now - clock.real(due), stood) >= LONGEST else None


class Gate:
    """The gate of one process; it looks how far every partition has been read, by whichever process."""

    def __init__(
        self, clock: Clock, read_until: Callable[[], Awaitable[Mapping[int, datetime]]], answers: Callable[[], bool]
    ) -> None:
        self._clock, self._ask, self._answers = clock, read_until, answers
        self._read_until: Mapping[int, datetime] = {}
        self._standstill: Standstill[int, datetime] = Standstill()

    async def look(self) -> None:
        """Ask how far partitions have been read, and for how long they have stood still."""
        self._read_until = await self._ask()
        self._standstill.look(self._read_until, self._answers(), asyncio.get_running_loop().time())

    def open_until(self, id: str, due: datetime, now: datetime) -> datetime | None:
        """Until when (virtual) a document's timers may fire at `now` (real), as of the last look; None while shut."""
        partition = partition_of(id)
        stood = self._standstill.of(partition)
        return open_until(due, now, self._read_until.get(partition), self._clock, stood)
