"""Gives up early records whose case does not begin, once the facts have been read far enough beyond them.

A document in which nothing is left is removed, in whichever service.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from services.shared.broker.partition import partition_of
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.loop.retry import patiently
from services.shared.loop.work import Work

EVERY_S = 1.0
FORGET_EVERY_S = 10.0
LIMIT = 1_000
EMPTY_FOR = timedelta(minutes=10)
"""How long an empty document stays: by then no process can still be about to write over what stood there."""


class GivingUp:
    """A small task over one service's documents, for inputs that came before their case."""

    def __init__(self, loop: Loop, store: Store, read_until: Callable[[], Awaitable[Mapping[int, datetime]]]) -> None:
        self._loop, self._store, self._read_until = loop, store, read_until

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await patiently(self.look, self._loop.measures)
            await asyncio.sleep(EVERY_S)

    async def look(self) -> int:
        """Give up what has waited in vain by now; returns in how many documents."""
        read = await self._read_until()

        def is_over(id: str, until: datetime) -> bool:
            read_until = read.get(partition_of(id))
            return read_until is not None and read_until >= until

        over = await self._store.waited(is_over, LIMIT)
        if over:
            await self._loop.finish(Work(give_up={id: read[partition_of(id)] for id in over}))
        return len(over)


async def forget_for_ever(loop: Loop, store: Store) -> None:
    """Remove empty documents, again and again."""
    while True:
        await patiently(partial(forget, loop, store), loop.measures)
        await asyncio.sleep(FORGET_EVERY_S)


async def forget(loop: Loop, store: Store) -> None:
    """Remove documents in which nothing is left; what was turned away in them, dead letters remember."""
    await store.remove_empty(loop.real_now() - EMPTY_FOR)
