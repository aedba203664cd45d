"""A dead letter as read from its topic: the record as it was, and its story."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from closedloop import wire
from schemas.topics import DEAD_LETTERS

STORY = "dlq-"
PARKED = ("poison", "parked")
"""Reasons whose case stands parked in the service: they are tried again by releasing the case."""


@dataclass(frozen=True)
class Letter:
    """One record of a dead-letter topic."""

    service: str
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes | None], ...]
    """As they came: Kafka knows headers without a value."""

    @property
    def story(self) -> dict[str, str]:
        """What the service wrote about it, without the prefix."""
        told = {name: value for name, value in self.headers if name.startswith(STORY)}
        return {name.removeprefix(STORY): _text(value) or "" for name, value in told.items()}

    @property
    def is_parked(self) -> bool:
        """Whether its case stands still because of it."""
        return self.story.get("reason") in PARKED

    def as_origin(self) -> dict[str, Any]:
        """The record as it first came, for the service's `/replay`: same place, time and headers; and why not."""
        story = self.story
        return {
            "topic": story["original-topic"],
            "partition": int(story["original-partition"]),
            "offset": int(story["original-offset"]),
            "timestamp_ms": int(story["original-timestamp"]),
            "key": _base64(self.key),
            "value": _base64(self.value),
            "headers": [(name, _base64(value)) for name, value in self._own],
            "reason": story["reason"],
        }

    def as_json(self) -> dict[str, Any]:
        """For programs: the story, and the content as text."""
        return {
            "service": self.service,
            "offset": self.offset,
            "key": _text(self.key),
            "value": _text(self.value),
            "headers": {name: _text(value) for name, value in self._own},
            **self.story,
        }

    @property
    def _own(self) -> Iterator[tuple[str, bytes | None]]:
        return ((name, value) for name, value in self.headers if not name.startswith(STORY))


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode(errors="replace")


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def read(bootstrap: str, service: str) -> Iterator[Letter]:
    """All dead letters of a service, the oldest first; raises kafka-python's KafkaError."""
    partition = TopicPartition(DEAD_LETTERS.of(service), 0)
    consumer = wire.consumer(bootstrap)
    try:
        end = consumer.end_offsets([partition])[partition]
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        while consumer.position(partition) < end:
            for record in consumer.poll(timeout_ms=500).get(partition, ()):
                if not isinstance(record, wire.Damaged):
                    yield Letter(service, record.offset, record.key, record.value or b"", tuple(record.headers))
    finally:
        consumer.close()
