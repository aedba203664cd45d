"""A partition may be stopped while its records are on their way, and read on later: none of them is passed over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from faust.types.tuples import TP

from services.shared.broker.transport import Consumer

WATER, POWER = TP("closedloop.replies.water", 0), TP("closedloop.replies.power", 0)


class Fetching(Consumer):
    """A consumer that has just asked for both partitions; one is paused before the answer comes."""

    def __init__(self) -> None:
        monitor = SimpleNamespace(track_tp_end_offset=lambda tp, end: None)
        self.app = SimpleNamespace(consumer_generation_id=1, monitor=monitor)
        self.flow_active, self._active_partitions = True, {WATER, POWER}
        self._paused_partitions: set[TP] = set()
        self._buffered_partitions: set[TP] = set()

    should_stop = False  # type: ignore[assignment]

    def highwater(self, tp: TP) -> int:
        return 1

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
        self.pause_partitions({WATER})
        record = SimpleNamespace(offset=0, timestamp=0, timestamp_type=0)
        return {WATER: [record], POWER: [record]}, self._active_partitions

    def assignment(self) -> set[TP]:
        return {WATER, POWER}


async def test_a_partition_that_is_read_on_is_active_again_and_the_engine_knows_it_as_its_own() -> None:
    consumer = Fetching()
    consumer.pause_partitions({WATER})

    consumer.fetch_again(TopicPartition(*WATER))

    # Faust ends a process whose active partitions are of the client's type.
    assert consumer._get_active_partitions() == {WATER, POWER}


async def test_what_was_on_its_way_when_its_partition_was_paused_is_handed_on() -> None:
    found = [tp async for tp, _ in Fetching().getmany(1.0)]

    assert found == [WATER, POWER]
