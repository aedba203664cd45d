"""The partition of a key: the murmur2 hash of every Kafka client, cached because it is pure Python."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from aiokafka.partitioner import DefaultPartitioner, murmur2

from schemas.topics import COMPLAINTS as FACTS


@lru_cache(maxsize=10_000)
def hashed(key: bytes) -> int:
    """The hash that decides a key's partition, as every Kafka client but librdkafka's default computes it."""
    return int(murmur2(key) & 0x7FFFFFFF)


def partition_of(subject: str) -> int:
    """The partition of the fact topic that a subject lives in."""
    return hashed(subject.encode()) % FACTS.partitions


class Partitioner(DefaultPartitioner):  # type: ignore[misc]
    """The client's own, for several messages about one subject hashed once."""

    def __call__(self, key: bytes | None, every: Sequence[int], available: Sequence[int]) -> int:
        """One of all partitions by the key; without a key one that is available."""
        if len(every) == 1:
            return every[0]
        return super().__call__(key, every, available) if key is None else every[hashed(key) % len(every)]
