"""Sends batches as they are: what no client would send, and what clients in other languages do."""

from __future__ import annotations

from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.produce import ProduceRequest


class Wire:
    """Sends batches as they are."""

    def __init__(self, kafka: str) -> None:
        self._client: Any = AIOKafkaClient(bootstrap_servers=kafka)

    async def __aenter__(self) -> Wire:
        await self._client.bootstrap()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def send(self, topic: str, raw: bytes) -> int:
        """One batch; returns the broker's error code."""
        node = next(iter(self._client.cluster.brokers())).nodeId
        answer = await self._client.send(node, ProduceRequest(None, -1, 30_000, [(topic, [(0, raw)])]))
        return int(answer.topics[0][1][0][1])
