"""Everything that services have said: each record of the facts, of the queues and of the receipts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from kafka import TopicPartition

from closedloop import wire
from schemas.envelope import text_header
from schemas.topics import COMPLAINTS, QUEUE, RECEIPTS

ROWS = (COMPLAINTS, QUEUE, RECEIPTS)


class Told(NamedTuple):
    """One record: its topic, the event's id, what it says."""

    topic: str
    id: str | None
    value: bytes


def told(kafka: str) -> Iterator[Told]:
    """All of it, each topic from offset 0 to its end."""
    with closing(wire.consumer(kafka, auto_offset_reset="earliest", max_poll_records=5_000)) as consumer:
        topics = [name for name in consumer.topics() if any(row.member(name) is not None for row in ROWS)]
        partitions = [TopicPartition(name, p) for name in topics for p in consumer.partitions_for_topic(name)]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(p) < end for p, end in ends.items()):
            for found in consumer.poll(timeout_ms=1_000).values():
                for record in found:
                    yield Told(record.topic, text_header(record.headers, "ce_id"), record.value or b"")
