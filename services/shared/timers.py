"""The poller: due dates stand in the documents, any number of processes may fire them, compare-and-set decides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from services.shared.clock import Clock
from services.shared.loop import Loop, Work
from services.shared.partition import partition_of
from services.shared.patience import patiently
from services.shared.store import Store
from services.shared.wall import Wall

POLL_S = 0.05
LIMIT = 500
HOLD = timedelta(seconds=30)
"""How long, in real time, a late reader may hold a timer back."""


def ripe(due: datetime, now: datetime, decided: datetime | None, clock: Clock) -> datetime | None:
    """Until when (virtual) a document's timers may fire, or None while its partition has not been read that far.

    `now` is real; `decided` is the append time up to which the document's partition is settled.
    """
    read_until = None if decided is None else min(clock.virtual(decided), clock.virtual(now))
    if read_until is not None and read_until >= due:
        return read_until
    return due if now - clock.real(due) >= HOLD else None


class Poller:
    """Fires what is due in this service's documents, in bulk, through the same loop as everything else."""

    def __init__(
        self,
        loop: Loop,
        store: Store,
        wall: Wall,
        clock: Clock,
        decided: Callable[[], Awaitable[Mapping[int, datetime]]],
    ) -> None:
        self._loop, self._store, self._wall, self._clock, self._decided = loop, store, wall, clock, decided

    async def run(self) -> None:
        """Poll for ever; a full batch is followed at once by the next."""
        while True:
            fired = await patiently(self.poll, self._loop.measures)
            if fired < LIMIT:
                await asyncio.sleep(POLL_S)

    async def poll(self) -> int:
        """Fire what is due now; returns how many documents had ripe timers."""
        now, measures = self._wall.now(), self._loop.measures
        measures.polled.labels(measures.service).set(self._clock.virtual(now).timestamp())
        due = await self._store.due(self._clock.virtual(now), LIMIT)
        measures.oldest.labels(measures.service).set(due[0][1].timestamp() if due else 0)
        if not due:
            return 0
        # Only the server itself knows that its clock was not set back since it was last asked.
        now = min(now, await self._wall.look())
        decided = await self._decided()
        wake = {}
        for id, at in due:
            until = ripe(at, now, decided.get(partition_of(id)), self._clock)
            if until is None:
                measures.holds.inc()
            else:
                wake[id] = until
                measures.lateness.observe(max(0.0, (now - self._clock.real(at)).total_seconds()))
        if wake:
            await self._loop.finish(Work(wake=wake))
            measures.fired.inc(len(wake))
        return len(wake)
