"""The way out to the broker: a topic that is missing is made as the table says, for whoever is to be told on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from schemas.topics import row_of
from services.shared.broker import provisioning
from services.shared.broker.appended import Appended
from services.shared.broker.publisher import new_producer

log = structlog.get_logger()


class Missing(Exception):
    """A topic that something is to be said on is not there and cannot be made; the text is one clear line."""


class Outlet:
    """The process's one producer.

    Somebody may have made the topic on which a new source submits, but not the one on which it is answered. Without
    that the first answer would end the process, and the same record its successor.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap, self._producer = bootstrap, new_producer(bootstrap)
        self._there: set[str] = set()

    async def start(self) -> None:
        """Connect; raises what the client raises while the broker is away."""
        await self._producer.start()

    async def send(
        self, topic: str, value: bytes, key: bytes | None, *, headers: Sequence[tuple[str, bytes]]
    ) -> asyncio.Future[Appended]:
        """Hand a message over; returns its acknowledgement to come. Raises Missing, and what the client raises."""
        if topic not in self._there:
            await self._see_to(topic)
        return await self._producer.send(topic, value, key, headers=list(headers))  # type: ignore[no-any-return]

    async def _see_to(self, topic: str) -> None:
        client = self._producer.client
        # An update that is under way may not ask for this topic yet; the one after it does.
        await client.add_topic(topic)
        # A broker that is away tells nothing about its topics: the client waits for it by itself.
        if await client.force_metadata_update() and client.cluster.partitions_for_topic(topic) is None:
            await self._make(topic)
        self._there.add(topic)

    async def _make(self, topic: str) -> None:
        row = row_of(topic)
        try:
            made = await asyncio.to_thread(provisioning.apply, self._bootstrap, {topic: row} if row else {})
        except Exception as error:  # the client's own error says why: no permission, no broker
            raise Missing(f"{topic} is missing and cannot be made: {error!r}") from error
        if made:
            log.warning("a topic was missing and is made", topic=topic)
