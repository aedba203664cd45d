"""Reads the topics from their beginning to where they end when it begins; joins no group, commits nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from closedloop import wire
from closedloop.verify.evidence.log import Log, Mark
from closedloop.verify.evidence.records import Record
from closedloop.verify.tables import contract

BOOTSTRAP_MS = 10_000
POLL_MS = 200
SILENCE_S = 60
"""How long the broker may bring nothing although records are left."""

_FETCH_BYTES = 16 * 1024 * 1024


class Unreachable(Exception):
    """The broker does not bring what it says it has."""


def read(bootstrap: str) -> Log:
    """All that the checks look at. Raises Unreachable, and kafka-python's KafkaError."""
    consumer = _consumer(bootstrap)
    try:
        ends = _ends(consumer)
        return Log.of(_records(consumer, ends), _cut(consumer, ends))
    finally:
        consumer.close()


def mark(bootstrap: str) -> Mark:
    """Up to where each partition is written now: what a later check calls new lies behind it."""
    consumer = _consumer(bootstrap)
    try:
        return {(p.topic, p.partition): offset for p, offset in _ends(consumer).items()}
    finally:
        consumer.close()


def _consumer(bootstrap: str) -> KafkaConsumer:
    return wire.consumer(
        bootstrap,
        bootstrap_timeout_ms=BOOTSTRAP_MS,
        auto_offset_reset="earliest",
        fetch_max_bytes=4 * _FETCH_BYTES,
        max_partition_fetch_bytes=_FETCH_BYTES,
        max_poll_records=10_000,
    )


def _ends(consumer: KafkaConsumer) -> dict[TopicPartition, int]:
    """Edges first and facts last: what followed from a record that is read is read too."""
    topics, ends = consumer.topics(), dict[TopicPartition, int]()
    for prefixes in contract.READ_IN_ORDER:
        named = sorted(topic for topic in topics if topic.startswith(prefixes))
        partitions = [TopicPartition(t, p) for t in named for p in sorted(consumer.partitions_for_topic(t) or ())]
        ends |= consumer.end_offsets(partitions) if partitions else {}
    return ends


def _cut(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> set[str]:
    """The topics that do not begin at offset 0 any more; the facts must."""
    begins = consumer.beginning_offsets(list(ends)) if ends else {}
    cut = {partition.topic for partition, offset in begins.items() if offset > 0}
    if contract.FACTS in cut:
        raise Unreachable(f"{contract.FACTS} has lost its beginning: nothing can be said of what it held")
    return cut


def _records(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> Iterator[Record]:
    consumer.assign(list(ends))
    consumer.seek_to_beginning(*ends)
    left, idle_ms = _unread(consumer, ends), 0
    while left and idle_ms < SILENCE_S * 1000:
        batches = consumer.poll(timeout_ms=POLL_MS)
        for partition, records in batches.items():
            yield from (as_record(record) for record in records if record.offset < ends[partition])
        idle_ms = 0 if batches else idle_ms + POLL_MS
        left = _unread(consumer, ends)
    if left:
        raise Unreachable(f"{len(left)} partitions could not be read to their end, {left[0].topic} among them")


def _unread(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> list[TopicPartition]:
    # A compacted topic ends with gaps: the position tells, not the last record's offset.
    return [partition for partition, end in ends.items() if consumer.position(partition) < end]


def as_record(found: ConsumerRecord) -> Record:
    """A record as the checks read it."""
    return Record(
        found.topic,
        found.partition,
        found.offset,
        found.timestamp,
        None if found.key is None else found.key.decode(errors="replace"),
        _headers(found.headers),
        found.value,
        isinstance(found, wire.Damaged),
    )


def _headers(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in headers:
        text = "" if value is None else value.decode(errors="replace")
        # A letter's own story comes after all that its original brought under the same names.
        if name.lower().startswith(contract.STORY):
            named[name.lower()] = text
        named.setdefault(name.lower(), text)
    return named
