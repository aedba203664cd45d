"""A complaint lives in one partition, the same for every client that keys by its id."""

from __future__ import annotations

from uuid import UUID

from aiokafka.partitioner import DefaultPartitioner as Aiokafka
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2

from schemas.topics import COMPLAINTS
from services.shared.broker.partition import partition_of

ALL = list(range(COMPLAINTS.partitions))


@given(st.uuids(version=4))
def test_every_client_sends_a_complaint_to_the_partition_whose_reader_holds_its_timers(id: UUID) -> None:
    key = str(id).encode()

    by_kafka_python = (murmur2(key) & 0x7FFFFFFF) % COMPLAINTS.partitions
    assert partition_of(str(id)) == Aiokafka()(key, ALL, ALL) == by_kafka_python
