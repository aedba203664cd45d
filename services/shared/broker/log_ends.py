"""The end offsets of partitions, over a connection of its own: a reader's connection waits for the next record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

ANSWER_MS = 2_000
"""How long the broker may take; whoever needs to know asks again."""


class Ends:
    """The ends of logs, as the broker knows them. Asked only when something is due, so connected only then."""

    def __init__(self, bootstrap: str, client: Callable[..., Any] = AIOKafkaConsumer) -> None:
        self._bootstrap, self._new = bootstrap, client
        self._client: Any = None
        self.answers = True
        self._connecting = asyncio.Lock()

    async def look(self, partitions: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset after the last record of each; empty while the broker does not answer, which `answers` tells."""
        asked = list(partitions)
        try:
            found: Mapping[TopicPartition, int] = await (await self._connected()).end_offsets(asked) if asked else {}
        except Exception:  # the client has many errors for an absent broker
            self.answers = False
            return {}
        self.answers = self.answers or bool(asked)
        return found

    async def _connected(self) -> Any:
        async with self._connecting:
            if self._client is None:
                client = self._new(bootstrap_servers=self._bootstrap, request_timeout_ms=ANSWER_MS)
                try:
                    await client.start()
                except BaseException:
                    await client.stop()
                    raise
                self._client = client
        return self._client
