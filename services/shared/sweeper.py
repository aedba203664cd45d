"""The sweeper: publishes what a dead process had saved but not said, and takes off what has been acknowledged."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from services.shared.loop import Loop, Work
from services.shared.patience import patiently
from services.shared.store import Store

CLEAR_EVERY_S = 0.2
LOOK_S = 0.005
LIMIT = 1_000


class Sweeper:
    """Two small tasks over one service's documents."""

    def __init__(self, loop: Loop, store: Store, older_than_s: float, every_s: float) -> None:
        self._loop, self._store = loop, store
        self._age, self._every_s = timedelta(seconds=older_than_s), every_s

    async def sweep_for_ever(self) -> None:
        """Touch documents with unsaid messages older than the given age, so that the loop publishes them."""
        while True:
            found = await patiently(self.sweep, self._loop.measures)
            if found < LIMIT:
                await asyncio.sleep(self._every_s)

    async def sweep(self) -> int:
        """Have published what is found now; returns how many documents."""
        await self.clear()
        ids = await self._store.unsaid(self._loop.real_now() - self._age, LIMIT)
        publisher = self._loop.publisher
        fresh = [id for id in ids if not publisher.is_busy_with(id)]
        if fresh:
            await self._loop.finish(Work(touch=fresh))
            while any(publisher.is_sending(id) for id in fresh):  # noqa: ASYNC110 - two tasks, no event per document
                await asyncio.sleep(LOOK_S)
        return len(fresh)

    async def clear_for_ever(self) -> None:
        """Take acknowledged messages off the documents."""
        while True:
            await asyncio.sleep(CLEAR_EVERY_S)
            await patiently(self.clear, self._loop.measures)

    async def clear(self) -> None:
        """One round of it."""
        said = dict(self._loop.publisher.acknowledged)
        await self._store.clear(said)
        self._loop.publisher.cleared(said)
