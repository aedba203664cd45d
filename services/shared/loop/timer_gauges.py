"""The census: how many timers are armed of each stage, as the documents say; taken so seldom that it costs nothing."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import Gauge

from services.shared.database.store import Store
from services.shared.loop.retry import patiently
from services.shared.watching.measures import Measures

LEAST_S, MOST_S = 15.0, 60.0
"""How long is waited for the next: a count that took long because the database was frozen hides nothing for long."""
REST = 100
"""How many times as long as a census took is waited, between these bounds: mostly it takes a hundredth of a core."""


@dataclass(frozen=True, slots=True)
class Level:
    """Show in that gauge how many there are, labelled by these words of their stage; who has fewer does not count."""

    gauge: Gauge
    words: tuple[int, ...]


Levels = tuple[Level, ...]


class Census:
    """Counts in the database, so that every process shows the same, whichever of them armed the timers."""

    def __init__(
        self, store: Store, levels: Levels, measures: Measures, now: Callable[[], float] = time.perf_counter
    ) -> None:
        self._store, self._levels, self._measures, self._now = store, levels, measures, now
        self._shown: dict[Level, Counter[tuple[str, ...]]] = {level: Counter() for level in levels}

    async def run(self) -> None:
        """Count for ever, at a pace that follows from how long it takes."""
        while True:
            took = await patiently(self.take, self._measures)
            await asyncio.sleep(min(MOST_S, max(LEAST_S, REST * took)))

    async def take(self) -> float:
        """Count once and show it; returns how many seconds the count took."""
        began = self._now()
        counted = await self._store.census()
        took = self._now() - began
        self._measures.census.set(took)
        for level in self._levels:
            self._show(level, counted)
        return took

    def _show(self, level: Level, counted: Mapping[tuple[str, ...], int]) -> None:
        """Shows a stage without timers as 0."""
        now = Counter(dict.fromkeys(self._shown[level], 0))
        for stage, count in counted.items():
            if len(stage) > max(level.words):
                now[tuple(stage[word] for word in level.words)] += count
        for labels, count in now.items():
            level.gauge.labels(*labels).set(count)
        self._shown[level] = now
