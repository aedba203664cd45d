"""The unsaid messages of a dead process that the log holds already: its end is read before they are published.

A process may die after the broker has appended a message and before its document is cleared of it. Who takes the
document over looks here first. A message counts as said only where the very same record is seen in the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.envelope import Message
from schemas.legible import Headers
from schemas.topics import row_of
from services.shared.broker.wire import Damaged, Nothing
from services.shared.machine.failures import Temporary

LAST, BACK_S = 5_000, 30.0
"""How many records at the end of each partition are read at least, and of how many seconds at least.

It takes six seconds to notice that a process is dead, and five until a message that is acknowledged is cleared.
"""
READ_S, ANSWER_MS, POLL_MS = 20.0, 5_000, 200
TRIES = 3
"""How often the log is not read to its end, although the broker answers, before what is not seen is said again."""
AsAppended = tuple[str, bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]
Wanted = Mapping[AsAppended, Message]
log = structlog.get_logger()


class LastWords:
    """Reads the ends of logs without a group, over a connection that is closed again: it is seldom needed."""

    def __init__(self, kafka: str) -> None:
        self._kafka, self._in_vain = kafka, 0

    async def standing(self, messages: Collection[Message]) -> Collection[Message]:
        """The messages among these that are seen in the log. Raises Temporary while the broker cannot be read.

        Of what is not seen nothing is known: it may be further back, or the log cannot be read at all.
        """
        wanted = {_as_appended(m.topic, m.key_bytes, m.value, m.headers): m for m in messages}
        seen = set[Message]()
        client = AIOKafkaConsumer(
            bootstrap_servers=self._kafka.split(","), auto_offset_reset="earliest", request_timeout_ms=ANSWER_MS
        )
        try:
            async with asyncio.timeout(READ_S):
                ends = await _ends(client, {m.topic for m in messages})
                await self._read(client, ends, wanted, seen)
        except (KafkaError, OSError, TimeoutError) as problem:
            raise Temporary(f"the end of the log: {problem!r}"[:300]) from problem
        finally:
            with suppress(KafkaError, OSError):
                await client.stop()
        return seen

    async def _read(self, client: Any, ends: Mapping[TopicPartition, int], wanted: Wanted, seen: set[Message]) -> None:
        client.assign(list(ends))
        recent = await client.offsets_for_times(dict.fromkeys(ends, int((time.time() - BACK_S) * 1000)))
        for tp, end in ends.items():
            client.seek(tp, max(0, min(end - LAST, recent[tp].offset if recent.get(tp) else end)))
        left = set(ends)
        try:
            async with asyncio.timeout(READ_S / 2):
                while left:
                    for records in (await client.getmany(timeout_ms=POLL_MS)).values():
                        seen.update(_found(records, wanted))
                    left = {tp for tp in left if await client.position(tp) < ends[tp]}
        except TimeoutError:
            # The broker answers, so it can be said.
            self._in_vain += 1
            if self._in_vain < TRIES:
                raise
            log.warning("what a dead process has said cannot be read to its end: the rest is said again")
        self._in_vain = 0


async def _ends(client: Any, topics: set[str]) -> Mapping[TopicPartition, int]:
    await client.start()
    existing = topics & await client.topics()
    rows = ((topic, row) for topic in existing if (row := row_of(topic)) is not None)
    partitions = [TopicPartition(topic, p) for topic, row in rows for p in range(row.partitions)]
    return {tp: end for tp, end in (await client.end_offsets(partitions)).items() if end}


def _found(records: Iterable[Any], wanted: Wanted) -> Iterator[Message]:
    for record in records:
        if not isinstance(record, Damaged | Nothing):
            found = wanted.get(_as_appended(record.topic, record.key, record.value, record.headers))
            if found is not None:
                yield found


def _as_appended(topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> AsAppended:
    return topic, key, value, tuple(headers)
