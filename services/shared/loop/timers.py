"""The poller: due dates stand in the documents, any number of processes may fire them, compare-and-set decides."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from services.shared.broker.partition import partition_of
from services.shared.database.server_time import Wall
from services.shared.database.store import Store
from services.shared.loop.loop import Loop, Work
from services.shared.loop.retry import patiently
from services.shared.loop.standstill import Standstill
from services.shared.timing.clock import Clock

LEAST_S, HELD_S, MOST_S = 0.005, 0.02, 1.0
"""How long a poller sleeps at least after it has fired, and after it has not; and at most: what another process arms is
fired by that one's own poller."""
LIMIT = 1_000
HOLD = timedelta(seconds=30)
"""How long, in real time, a partition in which nobody reads on may hold a timer back."""


def ripe(due: datetime, now: datetime, decided: datetime | None, clock: Clock, stood: timedelta) -> datetime | None:
    """Until when (virtual) a document's timers may fire, or None while its partition has not been read that far.

    `now` is real; `decided` is the append time up to which the document's partition is settled; `stood` is for how long
    nobody has read on in it, although everybody could have.
    """
    read = None if decided is None else min(decided, now)
    # clock.virtual() of a moment long before the date may lie outside the calendar where time runs fast.
    read_until = None if read is None or read < clock.real(due) - HOLD else clock.virtual(read)
    if read_until is not None and read_until >= due:
        return read_until
    return due if min(now - clock.real(due), stood) >= HOLD else None


class Poller:
    """Fires what is due in this service's documents, in bulk, through the same loop as everything else."""

    def __init__(
        self,
        loop: Loop,
        store: Store,
        wall: Wall,
        clock: Clock,
        decided: Callable[[], Awaitable[Mapping[int, datetime]]],
        caught_up: Callable[[], Awaitable[None]],
        answers: Callable[[], bool],
    ) -> None:
        self._loop, self._store, self._wall, self._clock = loop, store, wall, clock
        self._decided, self._caught_up, self._answers = decided, caught_up, answers
        self._standstill: Standstill[int, datetime] = Standstill()

    async def run(self) -> None:
        """Poll for ever: in a flood as fast as the slowest reader takes it, else when the next timer falls due."""
        while True:
            fired, is_flood = await patiently(self.poll, self._loop.measures)
            if fired and is_flood:
                self._loop.measures.paced.inc()
                await self._caught_up()
            else:
                await asyncio.sleep(LEAST_S if fired else HELD_S)
                await patiently(self._sleep, self._loop.measures)

    async def poll(self) -> tuple[int, bool]:
        """Fire what is due now; returns how many documents' timers fired, and whether more may be due."""
        began, measures = time.perf_counter(), self._loop.measures
        now = self._wall.now()
        measures.polled.labels(measures.service).set(self._clock.virtual(now).timestamp())
        due = await self._store.due(self._clock.virtual(now), LIMIT)
        measures.oldest.labels(measures.service).set(due[0][1].timestamp() if due else 0)
        fired = await self._fire(due, now) if due else 0
        measures.poll_seconds.observe(time.perf_counter() - began)
        measures.poll_size.observe(len(due))
        return fired, len(due) >= LIMIT

    async def _fire(self, due: Sequence[tuple[str, datetime]], now: datetime) -> int:
        # Only the server itself knows that its clock was not set back since it was last asked.
        decided, server = await asyncio.gather(self._decided(), self._wall.look())
        now = min(now, server)
        self._standstill.look(decided, self._answers(), asyncio.get_running_loop().time())
        until = {id: self._ripe(partition_of(id), at, now, decided) for id, at in due}
        wake = {id: at for id, at in until.items() if at is not None}
        self._loop.measures.holds.inc(len(due) - len(wake))
        if wake:
            await self._loop.finish(Work(wake=wake))
            self._loop.measures.fired.inc(len(wake))
        return len(wake)

    def _ripe(self, partition: int, due: datetime, now: datetime, decided: Mapping[int, datetime]) -> datetime | None:
        return ripe(due, now, decided.get(partition), self._clock, self._standstill.of(partition))

    async def _sleep(self) -> None:
        """Until the next timer falls due; one armed here meanwhile wakes at once, one armed elsewhere is seen later."""
        alarm = self._loop.alarm
        alarm.reset()
        first = await self._store.first_due()
        ahead = MOST_S if first is None else (self._clock.real(first) - self._wall.now()).total_seconds()
        await alarm.sleep(min(ahead, MOST_S), first)
