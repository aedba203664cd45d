"""What waits for a case that does not begin is given up, once the facts have been read far enough beyond it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from services.shared.broker.partition import partition_of
from services.shared.database.store import Store
from services.shared.loop.loop import Loop, Work
from services.shared.loop.retry import patiently

EVERY_S = 1.0
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
        """Give up what has waited in vain by now; returns in how many documents. Empty ones are removed."""
        read = await self._read_until()

        def is_over(id: str, until: datetime) -> bool:
            read_until = read.get(partition_of(id))
            return read_until is not None and read_until >= until

        over = await self._store.waited(is_over, LIMIT)
        if over:
            await self._loop.finish(Work(give_up={id: read[partition_of(id)] for id in over}))
        await self._store.remove_empty(self._loop.real_now() - EMPTY_FOR)
        return len(over)
