"""The sweeper: publishes what a dead process had saved but not said, and takes off what has been acknowledged."""

from __future__ import annotations

import asyncio

from services.shared.loop import Loop, Work
from services.shared.patience import patiently
from services.shared.store import Store

CLEAR_EVERY_S = 0.5
LOOK_S = 0.005
LIMIT = 1_000


class Sweeper:
    """Two small tasks over one service's documents."""

    def __init__(self, loop: Loop, store: Store, every_s: float) -> None:
        self._loop, self._store, self._every_s = loop, store, every_s
        self._seen: dict[str, int] = {}

    async def sweep_for_ever(self) -> None:
        """Touch documents whose messages nobody has said in time, so that the loop publishes them."""
        while True:
            found = await patiently(self.sweep, self._loop.measures)
            if found < LIMIT:
                await asyncio.sleep(self._every_s)

    async def sweep(self) -> int:
        """Have published what is found now and is for this process to say; returns how many documents."""
        publisher = self._loop.publisher
        leases = publisher.leases
        found = await self._store.unsaid(self._loop.real_now(), LIMIT, leases.living, leases.name)
        fresh = [id for id, sayer in found if leases.are_mine(sayer, id)]
        if fresh:
            await self._loop.finish(Work(touch=fresh))
            while any(publisher.is_sending(id) for id in fresh):  # noqa: ASYNC110 - two tasks, no event per document
                await asyncio.sleep(LOOK_S)
            # Nobody may write these soon, and until they are off they would be found again and again.
            await self._take_off({id: n for id in fresh if (n := publisher.said(id))})
        return len(fresh)

    async def clear_for_ever(self) -> None:
        """Take acknowledged messages off the documents that are not written for another reason meanwhile."""
        while True:
            await asyncio.sleep(CLEAR_EVERY_S)
            await patiently(self.clear, self._loop.measures)

    async def clear(self) -> None:
        """Take off what was acknowledged before the last round; most of it the next decision has taken off by now."""
        acknowledged = self._loop.publisher.acknowledged
        await self._take_off({id: n for id, n in acknowledged.items() if self._seen.get(id) == n})
        self._seen = dict(acknowledged)

    async def _take_off(self, said: dict[str, int]) -> None:
        await self._store.clear(said)
        for id, n in said.items():
            self._loop.publisher.forget(id, n)
