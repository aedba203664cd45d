"""Which partition of the fact topic a subject lives in: the same murmur2 hash that the producers use."""

from __future__ import annotations

from functools import lru_cache

from aiokafka.partitioner import murmur2

from schemas.topics import COMPLAINTS as FACTS


@lru_cache(maxsize=100_000)
def partition_of(subject: str) -> int:
    """The partition of a key, as every Kafka client but librdkafka's default computes it."""
    return int((murmur2(subject.encode()) & 0x7FFFFFFF) % FACTS.partitions)
