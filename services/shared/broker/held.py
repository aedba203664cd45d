"""Fetched records of stopped partitions: they wait here in order, and hold back no rebalance."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from services.shared.machine.letters import Origin

Settled = Callable[[], None]
Feed = Callable[[list[Origin], Settled], Awaitable[list[Origin]]]
"""Takes records of one batch in order, and what to call when all of them are settled. Returns those that it leaves:
their partition is not read on."""


@dataclass(slots=True, eq=False)
class _Waiting:
    batch: Any
    records: list[Origin]
    settled: Settled


class Held:
    """Passes batches on, and keeps what is left of them and all that comes behind."""

    def __init__(self, feed: Feed, consumer: Callable[[], Any]) -> None:
        self._feed, self._consumer = feed, consumer
        self._waiting: dict[Any, deque[_Waiting]] = {}

    @property
    def partitions(self) -> set[Any]:
        """Of which partitions something waits here, whoever owns them by now."""
        return {*self._waiting}

    async def pass_on(self, batch: Any, records: list[Origin], settled: Settled) -> None:
        """Have a batch handled, or keep it behind what waits of its partition: one without records as well.

        If it were settled before those in front of it, these would be committed with it.
        """
        if batch.tp in self._waiting:
            self._keep(_Waiting(batch, records, settled))
        elif left := await self._handle(records, settled):
            self._keep(_Waiting(batch, left, settled))

    async def read_on(self, tp: Any) -> None:
        """Have handled what waits of a partition, in order, until something is left again; then more is fetched."""
        waiting = self._waiting[tp]
        while waiting:
            first = waiting[0]
            # Of what was dealt out anew everything from the first waiting record on is fetched again.
            if self._consumer().take_up(first.batch):
                first.records = await self._handle(first.records, first.settled)
                if first.records:
                    self._consumer().set_aside(first.batch)
                    return
            if waiting and waiting[0] is first:
                waiting.popleft()
        del self._waiting[tp]
        self._consumer().fetch_again(tp)

    async def _handle(self, records: list[Origin], settled: Settled) -> list[Origin]:
        if records:
            return await self._feed(records, settled)
        settled()
        return []

    def _keep(self, new: _Waiting) -> None:
        waiting = self._waiting.setdefault(new.batch.tp, deque())
        while waiting and waiting[0].batch.generation_id != new.batch.generation_id:
            waiting.popleft()
        waiting.append(new)
        self._consumer().set_aside(new.batch)
