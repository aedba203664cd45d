"""How far each service's consumers are behind, as the broker sees it."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import SERVICES


class LagMeter:
    """Committed offsets against the ends of the logs; services commit once a second, so a second's worth is none."""

    def __init__(self, kafka: str) -> None:
        self._admin: Any = AIOKafkaAdminClient(bootstrap_servers=kafka)
        self._ends: Any = AIOKafkaConsumer(bootstrap_servers=kafka)

    async def __aenter__(self) -> LagMeter:
        await self._admin.start()
        await self._ends.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.stop()
        await self._admin.close()

    async def look(self) -> dict[str, int]:
        """Records appended and not yet committed past, by service."""
        done = {name: await self._admin.list_consumer_group_offsets(f"closedloop-{name}") for name in SERVICES}
        ends = await self._ends.end_offsets(list({tp for offsets in done.values() for tp in offsets}))
        return {
            name: sum(max(0, ends[tp] - max(0, at.offset)) for tp, at in offsets.items())
            for name, offsets in done.items()
        }
