"""The lag of consumer groups behind the ends of the logs, as the broker knows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

ANSWER_MS = 5_000


class Position(NamedTuple):
    """Of one partition: up to which offset a group has settled it, and where it ends."""

    settled: int
    end: int

    @property
    def left(self) -> int:
        """How many records the group has not settled."""
        return max(0, self.end - self.settled)


class LagMeter:
    """Asks over connections of its own. Every method raises what the clients raise where the broker does not answer."""

    def __init__(self, bootstrap: str, answer_ms: int = ANSWER_MS) -> None:
        self._asked = {"bootstrap_servers": bootstrap, "request_timeout_ms": answer_ms}
        self.admin: Any = None
        self._ends: Any = None

    async def __aenter__(self) -> LagMeter:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self) -> None:
        """Connect, unless that is done."""
        if self._ends is not None:
            return
        admin = AIOKafkaAdminClient(**self._asked)
        # What a transaction has not committed yet cannot be read, and so is no lag.
        ends = AIOKafkaConsumer(**self._asked, isolation_level="read_committed")
        try:
            await admin.start()
            await ends.start()
        except BaseException:
            await ends.stop()
            await admin.close()
            raise
        self.admin, self._ends = admin, ends

    async def close(self) -> None:
        """Leave the broker."""
        await self._ends.stop()
        await self.admin.close()

    async def of_group(self, group: str, topic: str | None = None) -> Mapping[TopicPartition, Position]:
        """Of all partitions that the group has settled anything of, or of those of one topic."""
        done = await self.admin.list_consumer_group_offsets(group)
        return await self._positions(done, [tp for tp in done if topic in (None, tp.topic)])

    async def of_partitions(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> Mapping[TopicPartition, Position]:
        """Of these partitions, whatever the group has settled of them."""
        return await self._positions(await self.admin.list_consumer_group_offsets(group), partitions)

    async def _positions(
        self, done: Mapping[TopicPartition, Any], asked: Collection[TopicPartition]
    ) -> Mapping[TopicPartition, Position]:
        if not asked:
            return {}
        first, last = await self._ends.beginning_offsets(asked), await self._ends.end_offsets(asked)
        settled = {tp: done[tp].offset if tp in done else -1 for tp in asked}
        return {tp: Position(max(settled[tp], first[tp]), last[tp]) for tp in asked}
