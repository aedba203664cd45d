"""The dead letters of a service, as one process knows them: their records are not turned away again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from schemas.envelope import Message
from schemas.topics import DEAD_LETTERS
from services.shared.broker.whole import Kept, Log, TopicPartition
from services.shared.loop.retry import patiently
from services.shared.machine.letters import Origin, about
from services.shared.machine.turned_away import Ended
from services.shared.timing.clock import MILLISECOND
from services.shared.watching.measures import Measures

SKEW_MS = timedelta(minutes=1) // MILLISECOND
"""By how much the clocks of two brokers may differ: no letter was appended so long before its record."""
BEHIND = 100_000
"""How many records behind the newest of a partition are still known: more than a process has in hand."""


class Letters:
    """The dead letters of a service, as far as one process needs them for the records that it reads.

    They are looked up when a partition may have been read before, and before a letter is written. Each look goes on
    where the last one ended. The first one begins when the oldest record in question was appended.
    """

    def __init__(self, kafka: str, service: str, measures: Measures, log: Callable[[str], Log] = Log) -> None:
        self._topic = TopicPartition(DEAD_LETTERS.of(service), 0)
        self._measures, self._log = measures, Kept(kafka, "the dead letters", log)
        self._one = asyncio.Lock()
        self._begin(None)

    def _begin(self, generation: int | None) -> None:
        self._generation, self._ended = generation, Ended()
        self._since: int | None = None
        self._next = 0

    async def open_ones(self, records: Sequence[Origin], generation: int) -> list[Origin]:
        """The records of one partition without those that were turned away when they were read before.

        Between two assignments of partitions (generations) each record is read once: one look is enough.
        """
        async with self._one:
            since = min(record.timestamp_ms for record in records)
            if generation != self._generation:
                self._begin(generation)
            if self._since is None or since < self._since:
                await self._look(since)
            first = records[0]
            left = [record for record in records if not self._ended.holds(*record.place)]
            self._ended.forget(first.topic, first.partition, first.offset - BEHIND)
        self._measures.turned_away_before.inc(len(records) - len(left))
        return left

    async def unsaid(self, messages: Sequence[Message]) -> list[Message]:
        """Dead letters with their notices, without those about records that already have a letter."""
        told = list(groups(messages))
        times = [int(dict(group[0].headers).get("dlq-original-timestamp", b"0")) for group in told]
        async with self._one:
            await self._look(min(times, default=0))
            return [message for group in told if not self._is_said(group[0]) for message in group]

    def _is_said(self, letter: Message) -> bool:
        told = about(letter.headers)
        return told is not None and self._ended.holds(*told[0])

    async def _look(self, since: int) -> None:
        await patiently(lambda: asyncio.to_thread(self._read, since), self._measures)

    def _read(self, since: int) -> None:
        with self._log.opened() as log:
            if self._since is None or since < self._since:
                self._next = log.at(self._topic, max(0, since - SKEW_MS))
            (end,) = log.ends([self._topic]).values()
            for record in log.records({self._topic: end}, begins={self._topic: self._next}):
                self._ended.note(record.headers)
            self._since = since if self._since is None else min(since, self._since)
            self._next = max(end, self._next)


def groups(messages: Iterable[Message]) -> Iterator[list[Message]]:
    """Each letter with what its sender hears of it."""
    group: list[Message] = []
    for message in messages:
        if DEAD_LETTERS.member(message.topic) is not None and group:
            yield group
            group = []
        group.append(message)
    if group:
        yield group
