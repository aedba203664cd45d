"""The facts as somebody outside reads them, while they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import TopicPartition

from closedloop import wire
from closedloop.outsiders.live import RECONNECT_MS
from schemas.envelope import Unreadable, read_fact, text_header
from schemas.facts import Fact
from schemas.topics import COMPLAINTS
from services.shared.timing.clock import from_ms


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, when the broker took it (real), and its place on the topic."""

    fact: Fact
    appended_at: datetime
    place: tuple[int, int]


class Facts:
    """Reads the fact topic from its beginning; a fact that stands there twice is seen once."""

    def __init__(self, kafka: str) -> None:
        self._consumer = wire.consumer(
            kafka,
            auto_offset_reset="earliest",
            max_poll_records=5_000,
            reconnect_backoff_max_ms=RECONNECT_MS,
        )
        self._consumer.assign([TopicPartition(COMPLAINTS.name, p) for p in range(COMPLAINTS.partitions)])
        self._ids: set[str] = set()
        self.told: list[Told] = []
        self.again = 0
        """How many records stood there that had been read before under the same id."""

    @property
    def all(self) -> Iterator[Fact]:
        """Every fact that has been read, in the order of each complaint."""
        return (told.fact for told in self.told)

    def read(self, wait_s: float) -> list[Told]:
        """The new facts; waits so many seconds for the first one."""
        fresh = list(self._poll(wait_s))
        self.told += fresh
        return fresh

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _poll(self, wait_s: float) -> Iterator[Told]:
        for records in self._consumer.poll(timeout_ms=int(wait_s * 1000)).values():
            for record in records:
                # Whatever else stands there is for the services and `verify` to find.
                with suppress(Unreadable):
                    yield from self._news(record)

    def _news(self, record: Any) -> Iterator[Told]:
        id = text_header(record.headers, "ce_id") or ""
        if id in self._ids:
            self.again += 1
        elif not isinstance(record, wire.Damaged):
            fact, _, _ = read_fact(record.headers, record.value)
            self._ids.add(id)
            yield Told(fact, from_ms(record.timestamp), (record.partition, record.offset))
