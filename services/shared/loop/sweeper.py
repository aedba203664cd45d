"""The sweeper: publishes what a dead process had saved but not said, and takes off what has been acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Protocol

from schemas.envelope import Message
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.loop.retry import patiently
from services.shared.loop.work import Work

CLEAR_EVERY_S = 2.5
"""Messages that are acknowledged stay in their document for one to two of these, for the next save to take them off.

Most saves of a document follow each other within seconds, and a write for the clearing alone is then saved.
"""
LOOK_S = 0.005
LIMIT = 1_000


class Log(Protocol):
    """Asks the log, before the messages of a dead process are published, whether they stand there already."""

    async def standing(self, messages: Collection[Message]) -> Collection[Message]:
        """The messages among these that are seen in the log. Raises Temporary."""


class Sweeper:
    """Two small tasks over one service's documents."""

    def __init__(self, loop: Loop, store: Store, every_s: float, log: Log) -> None:
        self._loop, self._store, self._every_s, self._log = loop, store, every_s, log
        self._seen: dict[str, int] = {}

    async def sweep_for_ever(self) -> None:
        """Touch documents whose messages nobody has said in time, so that the loop publishes them."""
        while True:
            found = await patiently(self.sweep, self._loop.measures)
            if found < LIMIT:
                await asyncio.sleep(self._every_s)

    async def sweep(self) -> int:
        """Have published what is found now and is for this process to say; returns how many documents."""
        outbox = self._loop.outbox
        leases = outbox.leases
        found = await self._store.unsaid(self._loop.real_now(), LIMIT, leases.living, leases.name)
        fallen = {id: sayer for id, sayer in found if leases.falls_to_me(sayer, id)}
        if fallen:
            fresh = await self._taken_over(fallen, leases.name)
            await self._loop.finish(Work(touch=fresh))
            while any(outbox.is_sending(id) for id in fresh):  # noqa: ASYNC110 - two tasks, no event per document
                await asyncio.sleep(LOOK_S)
            # Nobody may write these soon, and until they are off they would be found again and again.
            await self._take_off({id: n for id in fresh if (n := outbox.said(id))})
        return len(fallen)

    async def _taken_over(self, fallen: Mapping[str, str | None], me: str | None) -> list[str]:
        """Become the sayer of these, unless another was first; what the dead have said of them is not said again."""
        of_dead = [id for id, sayer in fallen.items() if sayer not in (None, me)]
        documents = [d for d in (await self._store.load(of_dead)).values() if d.unsaid and d.damage is None]
        if documents:
            standing = await self._log.standing([item.message for d in documents for item in d.unsaid])
            for document in documents:
                for item in takewhile(lambda item: item.message in standing, document.unsaid):
                    self._loop.outbox.stands(document.id, item.sequence)
        return await self._store.claim(fallen, me)

    async def clear_for_ever(self) -> None:
        """Take acknowledged messages off the documents that are not written for another reason meanwhile."""
        while True:
            await asyncio.sleep(CLEAR_EVERY_S)
            await patiently(self.clear, self._loop.measures)

    async def clear(self) -> None:
        """Take off what was acknowledged before the last round; most of it the next decision has taken off by now."""
        acknowledged = self._loop.outbox.acknowledged
        await self._take_off({id: n for id, n in acknowledged.items() if self._seen.get(id) == n})
        self._seen = dict(acknowledged)

    async def _take_off(self, said: dict[str, int]) -> None:
        await self._store.clear(said)
        for id, n in said.items():
            self._loop.outbox.taken_off(id, n)
