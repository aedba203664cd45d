"""Reads one complaint from its topic, as far as it goes when it begins; joins no group, commits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError

from closedloop import wire
from closedloop.casebook.casefile import CaseFile
from closedloop.casebook.finding import begins_with, reference_in, the_only, whole
from closedloop.casebook.packs import staffed
from schemas.envelope import parse, type_of
from schemas.facts import ComplaintReceived
from schemas.legible import header
from schemas.policy import PolicyPack
from schemas.topics import COMPLAINTS, POLICIES
from services.shared.broker.partition import partition_of
from services.shared.machine.letters import Origin

BOOTSTRAP_MS = 10_000
POLL_MS = 200
SILENCE_MS = 30_000
"""How long the broker may bring nothing although records are left."""


def read(bootstrap: str, asked: str) -> CaseFile:
    """The complaint that `asked` names: an id, its beginning, or a reference.

    Raises NotFound, Ambiguous, NoPack, and kafka-python's KafkaError.
    """
    prefix, reference = begins_with(asked), reference_in(asked)
    consumer = wire.consumer(bootstrap, bootstrap_timeout_ms=BOOTSTRAP_MS, max_poll_records=10_000)
    try:
        if reference is not None and not prefix:
            prefix = the_only(asked, _called(reference, records(consumer, _homes(prefix))))
        found: dict[str, list[Origin]] = {}
        for record in records(consumer, _homes(prefix)):
            id = (record.key or b"").decode(errors="replace")
            if id.startswith(prefix):
                found.setdefault(id, []).append(record)
        id = the_only(asked, found)
        return CaseFile.of(id, found[id], _packs(consumer))
    finally:
        consumer.close()


def _called(reference: str, records: Iterable[Origin]) -> set[str]:
    """The ids of the complaints that were received under this reference."""
    begun, said = type_of(ComplaintReceived).encode(), f'"{reference}"'.encode()
    likely = (r for r in records if header(r.headers, "ce_type") == begun and said in (r.value or b""))
    facts = (parse(ComplaintReceived, record.value or b"") for record in likely)
    return {fact.complaint_id for fact in facts if fact.reference == reference}


def _homes(prefix: str) -> list[TopicPartition]:
    """Where it may stand: a whole id tells its partition."""
    numbers = [partition_of(prefix)] if whole(prefix) else range(COMPLAINTS.partitions)
    return [TopicPartition(COMPLAINTS.name, number) for number in numbers]


def _packs(consumer: KafkaConsumer) -> dict[str, PolicyPack]:
    """Every readable pack on its topic, by content hash."""
    return staffed(records(consumer, [TopicPartition(POLICIES.name, 0)]))


def records(consumer: KafkaConsumer, partitions: list[TopicPartition]) -> Iterator[Origin]:
    """Everything on these partitions of one topic as it stands now; raises KafkaError where it cannot be read."""
    ends = consumer.end_offsets(partitions)
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    silent_ms = 0
    # A compacted topic ends with gaps: the position tells, not the last record's offset.
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        if silent_ms >= SILENCE_MS:
            raise KafkaError(f"{partitions[0].topic} could not be read to its end")
        batches = consumer.poll(timeout_ms=POLL_MS)
        silent_ms = 0 if batches else silent_ms + POLL_MS
        for partition, records in batches.items():
            sound = (record for record in records if not isinstance(record, wire.Damaged))
            yield from (_origin(record) for record in sound if record.offset < ends[partition])


def _origin(found: ConsumerRecord) -> Origin:
    headers = tuple((name, value or b"") for name, value in found.headers)
    return Origin(found.topic, found.partition, found.offset, found.timestamp, found.key, found.value, headers)
