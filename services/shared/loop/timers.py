"""The poller: due dates stand in the documents, any number of processes may fire them, compare-and-set decides."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from services.shared.database.server_time import Wall
from services.shared.database.store import THE_FIRST, Beyond, Store
from services.shared.loop.gate import Gate
from services.shared.loop.loop import Loop
from services.shared.loop.retry import patiently
from services.shared.loop.work import Work
from services.shared.timing.clock import Clock

LEAST_S, HELD_S, MOST_S = 0.005, 0.02, 1.0
"""Least sleep after firing, least sleep otherwise, longest sleep. Each process fires what it armed."""
LIMIT = 1_000
"""How many due timers one look finds at most."""


def place_behind(due: Sequence[tuple[str, datetime]], begun: Beyond | None) -> Beyond:
    """The place behind timers that were found from `begun` on.

    Timers that were shared out among lanes have no place behind them: behind these the first of all are looked at.
    """
    if begun is None:
        return THE_FIRST
    last = due[-1][1]
    return last, sum(at == last for _, at in due) + (begun[1] if begun[0] == last else 0)


class Poller:
    """Fires what is due in this service's documents, in bulk, through the same loop as everything else."""

    def __init__(
        self,
        loop: Loop,
        store: Store,
        wall: Wall,
        clock: Clock,
        gate: Gate,
        caught_up: Callable[[], Awaitable[None]],
        limit: int = LIMIT,
    ) -> None:
        self._loop, self._store, self._wall, self._clock = loop, store, wall, clock
        self._gate, self._caught_up, self._limit = gate, caught_up, limit
        self._beyond: Beyond | None = None
        """The place at which the next look begins, while the gate is shut for most timers before it."""

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
        due = await self._store.due(self._clock.virtual(now), self._limit, self._beyond)
        if self._beyond is None:
            measures.oldest.labels(measures.service).set(due[0][1].timestamp() if due else 0)
        fired = await self._fire(due, now) if due else 0
        is_mostly_shut = len(due) >= self._limit > 2 * fired
        self._beyond = place_behind(due, self._beyond) if is_mostly_shut else None
        measures.poll_seconds.observe(time.perf_counter() - began)
        measures.poll_size.observe(len(due))
        return fired, len(due) >= self._limit

    async def _fire(self, due: Sequence[tuple[str, datetime]], now: datetime) -> int:
        # Only the server itself knows that its clock was not set back since it was last asked.
        _, server = await asyncio.gather(self._gate.look(), self._wall.look())
        now = min(now, server)
        until = {id: self._gate.open_until(id, at, now) for id, at in due}
        wake = {id: at for id, at in until.items() if at is not None}
        self._loop.measures.holds.inc(len(due) - len(wake))
        if wake:
            await self._loop.finish(Work(wake=wake))
            self._loop.measures.fired.inc(len(wake))
        return len(wake)

    async def _sleep(self) -> None:
        """Until the next timer falls due; one armed here meanwhile wakes at once, one armed elsewhere is seen later."""
        alarm = self._loop.alarm
        alarm.reset()
        first = await self._store.first_due()
        ahead = MOST_S if first is None else (self._clock.real(first) - self._wall.now()).total_seconds()
        await alarm.sleep(min(ahead, MOST_S), first)
