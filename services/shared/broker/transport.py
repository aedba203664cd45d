"""The one file that knows Faust: it consumes in batches, owns partitions, rebalances and commits; nothing else.

One Faust message carries all records that a poll brought for a partition, so Faust's cost is paid per poll. This leans
on private hooks of the pinned version (`_wait_next_records`, `_new_offset`, `_add_gap`, `_unacked_messages`, `_acked`,
`_acked_index`, `_committed_offset`, `_fetch_records`, `_create_worker_consumer`, `_coordinator`);
tests/integration/test_transport.py pins what it relies on.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import faust
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage

from services.shared.broker.appended import OwnRecords
from services.shared.broker.assigning import Assignor
from services.shared.broker.fetching import Arrivals
from services.shared.broker.held import Feed, Held
from services.shared.broker.log_ends import Ends
from services.shared.broker.wire import Nothing, origin_of
from services.shared.timing.clock import from_ms


class Batch(ConsumerMessage):
    """Records of one partition in offset order, acknowledged as one."""

    __slots__ = ("first", "records")

    def __init__(self, tp: TP, records: list[Any], generation_id: int) -> None:
        last = records[-1]
        when, kind = last.timestamp / 1000, last.timestamp_type
        super().__init__(
            tp.topic, tp.partition, last.offset, when, kind, None, None, b"", None, tp=tp, generation_id=generation_id
        )
        self.records, self.first = records, getattr(records[0], "first", records[0].offset)


class _Thread(driver.AIOKafkaConsumerThread):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrivals = Arrivals()

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._partition_assignment_strategy = [Assignor]
        consumer._isolation_level = "read_committed"
        return consumer

    async def seek_to_committed(self) -> Any:
        """Go back to the committed offset, or to the beginning without one.

        Without an offset aiokafka alone stays behind the records that a rebalance has dropped.
        """
        return await self.call_thread(self._seek_back)

    async def _seek_back(self) -> Any:
        consumer = self._ensure_consumer()
        try:
            committed = await consumer.seek_to_committed()
            if fresh := [tp for tp, offset in committed.items() if not offset]:
                await consumer.seek_to_beginning(*fresh)
        except IllegalStateError:
            # Dealt out anew meanwhile: whoever owns a partition now begins at what is committed.
            return {}
        return committed

    @property
    def coordinator(self) -> Any:
        """The client that joins the group; None before the start."""
        return getattr(self._consumer, "_coordinator", None)

    def rejoin(self) -> None:
        """Join again, soon; may be called from any thread."""
        if self.coordinator is not None:
            self.thread_loop.call_soon_threadsafe(self.coordinator.request_rejoin)

    async def _fetch_records(self, consumer: Any, *args: Any, **kwargs: Any) -> Any:
        found = await super()._fetch_records(consumer, *args, **kwargs)
        fetch = self._arrivals.next_fetch(sum(map(len, found.values())), time.monotonic())
        consumer._fetcher._fetch_min_bytes, consumer._fetcher._fetch_max_wait_ms = fetch
        return found


class Consumer(driver.Consumer):
    """Faust's consumer, yielding one Batch per poll and partition, with a commit floor below the first open batch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Faust keeps these in a WeakSet: a batch whose handler died would vanish and be committed past.
        self._unacked_messages = set()
        self.settled: dict[TP, tuple[int, int]] = {}

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Batch]]:  # noqa: ASYNC109 - Faust's signature
        """One Batch for each partition that the poll brought records for."""
        polled, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if polled is None or self.should_stop:
            return
        if not self.flow_active:
            await self.perform_seek()
            return
        for tp, records in polled.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            # A partition may be paused while its records are on their way: they are kept, not passed over.
            wanted = active is None or tp in active or tp in self._buffered_partitions or tp in self._paused_partitions
            if records and wanted:
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, Batch(tp, records, generation)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets between two batches hold nothing to wait for."""

    def _new_offset(self, tp: TP) -> int | None:
        done = self._acked[tp]
        open_firsts = [m.first for m in self._unacked_messages if isinstance(m, Batch) and m.tp == tp and not m.acked]
        if not done:
            return None
        offset: int = min([max(done) + 1, *open_firsts])
        finished = [o for o in done if o < offset]
        done[:] = [o for o in done if o >= offset]
        self._acked_index[tp].difference_update(finished)
        return offset if finished else None

    def set_aside(self, batch: Batch) -> None:
        """Nobody works on it now: no rebalance waits for it, and nothing more of its partition is fetched."""
        self._unacked_messages.discard(batch)
        self.pause_partitions({batch.tp})

    def take_up(self, batch: Batch) -> bool:
        """Somebody works on it again; False where its partition was dealt out anew: then it is fetched again."""
        if batch.generation_id != self.app.consumer_generation_id:
            return False
        self._unacked_messages.add(batch)
        return True

    def fetch_again(self, tp: TP) -> None:
        """More of a partition is fetched, if it is still this process's."""
        if tp in self.assignment():
            self.resume_partitions({TP(*tp)})

    def decided_until(self, tp: TP, end: int | None, asked: datetime, own: OwnRecords) -> datetime | None:
        """The append time up to which everything in an owned partition is settled, as far as this process knows.

        `end` is where the partition ended when the broker was asked, or later; None where it did not answer. What this
        process has appended itself does not have to be read first.
        """
        # Not the position: what was read is in hand, maybe for long.
        settled, appended_ms = self.settled.get(tp, (0, 0))
        settled = max(settled, self._committed_offset.get(tp) or 0)
        # Append time 0 means that nothing is settled yet. As a date it would lie before bent time begins.
        until = from_ms(appended_ms) if appended_ms else None
        settled, until = own.beyond(tp.topic, tp.partition, settled) or (settled, until)
        return asked if end is not None and settled >= end else until


class Transport(driver.Transport):
    """Faust's Kafka transport with the batching consumer."""

    Consumer = Consumer


TRANSPORTS.aliases["batched"] = f"{__name__}:Transport"


class Inlet:
    """The consumer of a service, as seen from outside Faust: start it, watch it, stop it."""

    def __init__(
        self, group: str, bootstrap: str, topics: Iterable[str], feed: Feed, instance: str | None, own: OwnRecords
    ) -> None:
        _quieten()
        self.group, self.topics = group, sorted(topics)
        self.held, self._ends, self._own = Held(feed, self._consumer), Ends(bootstrap), own
        self.app = _app(group, bootstrap, instance)
        self.app.agent(self.app.topic(*self.topics), name="inlet")(self._consume)

    async def _consume(self, stream: Any) -> None:
        async for event in stream.noack().events():
            batch: Batch = event.message
            records = [origin_of(record) for record in batch.records if not isinstance(record, Nothing)]

            def settled(event: Any = event, batch: Batch = batch) -> None:
                self._consumer().settled[batch.tp] = (batch.offset + 1, batch.records[-1].timestamp)
                event.ack()

            await self.held.pass_on(batch, records, settled)

    def _consumer(self) -> Consumer:
        return self.app.consumer  # type: ignore[return-value]

    async def start(self) -> None:
        """Join the group; raises when the broker cannot be reached."""
        self.app.finalize()
        await self.app.start()

    async def stopped(self) -> None:
        """Returns when Faust has stopped by itself: something is wrong."""
        await self.app.wait_until_stopped()

    async def stop(self, grace_s: float) -> bool:
        """Leave the group; False where a stuck handler kept it from doing so in time."""
        # wait_for would hang here: Faust swallows the cancellation.
        done, _ = await asyncio.wait({asyncio.create_task(self.app.stop())}, timeout=grace_s)
        return bool(done)

    @property
    def crashed(self) -> BaseException | None:
        """Why Faust gave up, if it did."""
        return self.app.crash_reason

    def owned(self) -> set[TP]:
        """The partitions that this process owns now."""
        try:
            return set(self.app.consumer.assignment())
        except Exception:  # not started yet, or between two assignments: nothing is owned
            return set()

    @property
    def generation(self) -> int:
        """Counts how often partitions were dealt out: within one, no record of this process is read twice."""
        return int(self.app.consumer_generation_id)

    @property
    def answers(self) -> bool:
        """Whether the broker answered when it was last asked how far partitions are settled."""
        return self._ends.answers

    @property
    def member_id(self) -> str | None:
        """Under which id the broker knows this process, once it has joined."""
        coordinator = self._thread().coordinator
        return None if coordinator is None else coordinator.member_id or None

    def rejoin(self) -> None:
        """Have the partitions dealt out anew among the members of the group."""
        self._thread().rejoin()

    def _thread(self) -> _Thread:
        return self._consumer()._thread  # type: ignore[return-value]

    def settled(self, topic: str) -> dict[int, int]:
        """For each partition of a topic of which this process has settled anything: up to which offset."""
        settled = self._consumer().settled
        return {tp.partition: offset for tp, (offset, _) in settled.items() if tp.topic == topic}

    async def read_until(self, topic: str, now: datetime) -> dict[int, datetime]:
        """For each owned partition of a topic: the append time up to which everything is settled, `now` at most.

        What was appended by now lies before the end that the broker tells afterwards: no clock of this host is asked.
        """
        mine = [tp for tp in self.owned() if tp.topic == topic]
        # Who owns nothing asks all the same, to know whether the broker answers.
        ends = await self._ends.look([TopicPartition(topic, tp.partition) for tp in mine] or [TopicPartition(topic, 0)])
        found = {tp.partition: self._consumer().decided_until(tp, ends.get(tp), now, self._own) for tp in mine}
        return {partition: at for partition, at in found.items() if at is not None}


def _app(group: str, bootstrap: str, instance: str | None) -> faust.App:
    return faust.App(
        group,
        broker="batched://" + bootstrap.replace(",", ";"),
        store="memory://",
        # Faust makes a directory for tables although there are none: out of the working directory.
        datadir=str(Path(tempfile.gettempdir(), "closedloop-faust")),
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        value_serializer="raw",
        key_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=instance,
        consumer_metadata_max_age_ms=10_000,
        broker_session_timeout=10,
        broker_heartbeat_interval=3,
        broker_commit_interval=1,
        stream_wait_empty=True,
        stream_buffer_maxsize=4,
    )


def _quieten() -> None:
    """An outage makes the clients log some hundred lines a second: their warnings are counted by metrics instead."""
    for name in ("aiokafka", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
