"""Partitions read from an offset to where they end now, without a group: for whoever has to know what the log holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kafka import KafkaConsumer, TopicPartition

from services.shared.letters import Origin

POLL_MS = 500
SILENT_MS = 20_000
"""How long the broker may bring nothing although records are left."""


class Log:
    """One reader; every method may raise kafka.errors.KafkaError."""

    def __init__(self, kafka: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka.split(","),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=5_000,
        )

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def partitions(self, prefixes: Iterable[str]) -> list[TopicPartition]:
        """All partitions of the topics that begin so."""
        named = sorted(topic for topic in self._consumer.topics() if topic.startswith(tuple(prefixes)))
        return [TopicPartition(t, p) for t in named for p in sorted(self._consumer.partitions_for_topic(t) or ())]

    def begins(self, partitions: list[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The first offset of each that is still there."""
        return self._consumer.beginning_offsets(partitions) if partitions else {}

    def ends(self, partitions: list[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset behind the last of each."""
        return self._consumer.end_offsets(partitions) if partitions else {}

    def records(self, ends: Mapping[TopicPartition, int], last: int | None = None) -> Iterator[Origin]:
        """All records before these ends; of each partition the last so many, if asked. Raises TimeoutError."""
        begins = self.begins(list(ends))
        left = {tp for tp, end in ends.items() if end > begins[tp]}
        if not left:
            return
        self._consumer.assign(list(left))
        for tp in left:
            self._consumer.seek(tp, max(begins[tp], ends[tp] - last if last else 0))
        idle_ms = 0
        while left:
            batches = self._consumer.poll(timeout_ms=POLL_MS)
            for tp, found in batches.items():
                yield from (_origin(record) for record in found if record.offset < ends[tp])
            idle_ms = 0 if batches else idle_ms + POLL_MS
            if idle_ms >= SILENT_MS:
                raise TimeoutError(f"the broker brings nothing more of {sorted(left)[0].topic}")
            left -= {tp for tp in left if self._consumer.position(tp) >= ends[tp]}
            if left:
                self._consumer.resume(*left)


def _origin(record: object) -> Origin:
    r: object = record
    return Origin(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, tuple(r.headers))  # type: ignore[attr-defined]
