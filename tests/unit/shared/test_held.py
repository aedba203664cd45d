"""What was fetched from a partition that is not read on waits in order, and is committed only after it was handled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.shared.broker.held import Held
from services.shared.machine.letters import Origin

WATER, POWER = ("closedloop.replies.water", 0), ("closedloop.replies.power", 0)


@dataclass(eq=False)
class Batch:
    tp: tuple[str, int]
    offsets: range
    generation_id: int = 1

    @property
    def records(self) -> list[Origin]:
        return [Origin(*self.tp, offset, 0, None, b"?") for offset in self.offsets]


@dataclass
class Reading:
    """A consumer with its feed: from `stop` on nothing is read."""

    stop: int = 1_000
    generation: int = 1
    handled: list[int] = field(default_factory=list)
    settled: list[range] = field(default_factory=list)
    open: set[Any] = field(default_factory=set)
    paused: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        consumer: Any = self
        self.held = Held(self.feed, lambda: consumer)

    async def feed(self, records: list[Origin], settled: Callable[[], None]) -> list[Origin]:
        taken = [record for record in records if record.offset < self.stop]
        self.handled += [record.offset for record in taken]
        if len(taken) == len(records):
            settled()
        return records[len(taken) :]

    async def fetches(self, tp: tuple[str, int], first: int, beyond: int) -> None:
        batch = Batch(tp, range(first, beyond), self.generation)
        self.open.add(batch)

        def settled() -> None:
            self.settled.append(batch.offsets)
            self.open.discard(batch)

        await self.held.pass_on(batch, batch.records, settled)

    def set_aside(self, batch: Batch) -> None:
        self.open.discard(batch)
        self.paused.add(batch.tp)

    def take_up(self, batch: Batch) -> bool:
        is_ours = batch.generation_id == self.generation
        self.open |= {batch} if is_ours else set()
        return is_ours

    def fetch_again(self, tp: tuple[str, int]) -> None:
        self.paused.discard(tp)


async def test_a_partition_that_is_not_read_on_keeps_its_records_in_order_and_others_go_on() -> None:
    reading = Reading(stop=15)

    await reading.fetches(WATER, 0, 10)
    await reading.fetches(WATER, 10, 20)
    await reading.fetches(WATER, 20, 30)
    await reading.fetches(POWER, 0, 5)

    assert reading.handled == [*range(15), *range(5)]
    assert reading.settled == [range(10), range(5)]
    assert reading.held.partitions == reading.paused == {WATER}


async def test_no_rebalance_waits_for_what_is_held() -> None:
    reading = Reading(stop=0)

    await reading.fetches(WATER, 0, 10)

    assert reading.open == set()


async def test_when_it_is_read_on_everything_is_handled_in_order_once() -> None:
    reading = Reading(stop=5)
    await reading.fetches(WATER, 0, 10)
    await reading.fetches(WATER, 10, 20)

    reading.stop = 1_000
    await reading.held.read_on(WATER)
    await reading.fetches(WATER, 20, 30)

    assert reading.handled == [*range(30)]
    assert reading.settled == [range(10), range(10, 20), range(20, 30)]
    assert (reading.paused, reading.open) == (set(), set())


async def test_it_may_stop_again_further_on() -> None:
    reading = Reading(stop=5)
    await reading.fetches(WATER, 0, 10)
    await reading.fetches(WATER, 10, 20)

    reading.stop = 12
    await reading.held.read_on(WATER)

    assert (reading.handled, reading.settled) == ([*range(12)], [range(10)])
    assert (reading.held.partitions, reading.open) == ({WATER}, set())


async def test_a_batch_without_records_is_not_settled_before_what_waits_in_front_of_it() -> None:
    reading = Reading(stop=0)
    await reading.fetches(WATER, 0, 10)

    await reading.fetches(WATER, 10, 10)

    assert reading.settled == []


async def test_what_was_dealt_out_anew_is_dropped_because_it_is_fetched_again() -> None:
    reading = Reading(stop=5)
    await reading.fetches(WATER, 0, 10)
    reading.generation = 2
    await reading.fetches(WATER, 0, 10)

    reading.stop = 1_000
    await reading.held.read_on(WATER)

    assert reading.handled == [*range(5), *range(10)]
    assert reading.settled == [range(10)]
