"""Looks ahead in a partition without a group: what stands there behind what a process has read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice

from services.shared.broker.whole import Kept, Log, TopicPartition
from services.shared.machine.letters import Origin


class Ahead:
    """One look at a time; both methods raise Temporary while the broker is away."""

    def __init__(self, kafka: str, log: Callable[[str], Log] = Log) -> None:
        self._log = Kept(kafka, "the broker", log)
        self._one = asyncio.Lock()

    async def end(self, topic: str, partition: int) -> int:
        """The offset behind the last record."""
        async with self._one:
            return await asyncio.to_thread(self._end, TopicPartition(topic, partition))

    async def records(self, topic: str, partition: int, begin: int, most: int) -> list[Origin]:
        """At most so many records from this offset on, as far as there are any."""
        async with self._one:
            return await asyncio.to_thread(self._records, TopicPartition(topic, partition), begin, most)

    def _end(self, tp: TopicPartition) -> int:
        with self._log.opened() as log:
            return next(iter(log.ends([tp]).values()))

    def _records(self, tp: TopicPartition, begin: int, most: int) -> list[Origin]:
        with self._log.opened() as log:
            return list(islice(log.records(log.ends([tp]), begins={tp: begin}), most))
