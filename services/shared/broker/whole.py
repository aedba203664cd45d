"""Reads partitions from an offset to their present end, without a consumer group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from kafka import KafkaConsumer
from kafka import TopicPartition as TopicPartition
from kafka.consumer.fetcher import Fetcher, IsolationLevel
from kafka.errors import KafkaError

from services.shared.broker.wire import Raw, aborts, opened, origin_of
from services.shared.machine.failures import Temporary
from services.shared.machine.letters import Origin

UNREADABLE = (KafkaError, OSError, TimeoutError)
"""The errors of reading while the broker is away or sends nothing."""
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
        self._consumer._fetcher.PartitionRecords = _Records

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

    def at(self, partition: TopicPartition, appended_ms: int) -> int:
        """The first offset of a partition that was appended then or later; its end where there is none."""
        found = self._consumer.offsets_for_times({partition: appended_ms})[partition]
        return self.ends([partition])[partition] if found is None else int(found.offset)

    def records(
        self,
        ends: Mapping[TopicPartition, int],
        last: int | None = None,
        begins: Mapping[TopicPartition, int] | None = None,
    ) -> Iterator[Origin]:
        """All records before these ends; from these beginnings, or of each partition the last so many, if asked.

        Raises TimeoutError where the broker brings nothing more.
        """
        begins = self.begins(list(ends)) if begins is None else begins
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
                yield from (origin_of(record) for record in found if record.offset < ends[tp])
            idle_ms = 0 if batches else idle_ms + POLL_MS
            if idle_ms >= SILENT_MS:
                raise TimeoutError(f"the broker brings nothing more of {sorted(left)[0].topic}")
            left -= {tp for tp in left if self._consumer.position(tp) >= ends[tp]}
            if left:
                self._consumer.resume(*left)


class Kept:
    """A reader that stays open from one use to the next, and is opened anew after a failure."""

    def __init__(self, kafka: str, what: str, log: Callable[[str], Log] = Log) -> None:
        """`what` names in errors what is read."""
        self._what, self._open = what, partial(log, kafka)
        self._log: Log | None = None

    @contextmanager
    def opened(self) -> Iterator[Log]:
        """The reader; raises Temporary where it cannot be read."""
        try:
            self._log = self._log or self._open()
            yield self._log
        except UNREADABLE as problem:
            broken, self._log = self._log, None
            if broken is not None:
                with suppress(*UNREADABLE):
                    broken.__exit__()
            raise Temporary(f"{self._what}: {problem!r}"[:300]) from problem


class _Records(Fetcher.PartitionRecords):  # type: ignore[misc]
    """Takes a fetch apart as the running services do: what cannot be read is a record that says so."""

    def _unpack_records(self, tp: Any, records: Any, *_: Any) -> Iterator[Any]:
        while (theirs := records.next_batch()) is not None:
            for batch in Raw(theirs._buffer).batches():
                for record in () if self._is_for_nobody(theirs, aborts(batch)) else opened(tp, batch)[0]:
                    self.records_read += 1
                    self.next_fetch_offset = record.offset + 1
                    yield record
            self.next_fetch_offset = theirs.next_offset
        self.drain()

    def _is_for_nobody(self, batch: Any, aborts: bool) -> bool:
        if self.isolation_level == IsolationLevel.READ_COMMITTED and batch.has_producer_id():
            self._consume_aborted_transactions_up_to(batch.last_offset)
            if aborts:
                self.aborted_producer_ids.discard(batch.producer_id)
            elif self._is_batch_aborted(batch):
                return True
        return bool(batch.is_control_batch)
