"""A topic followed for ever from its beginning, without a group."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer

from services.shared.broker import wire as wire


async def follow(bootstrap: str, topic: str) -> AsyncIterator[Any]:
    """The records in order; one that cannot be read is a `wire.Damaged`. Raises what the client raises."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        async for record in consumer:
            yield record
    finally:
        await consumer.stop()
