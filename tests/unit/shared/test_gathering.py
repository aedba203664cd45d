"""Records that come one after another are decided in one write; nobody who waits for an answer waits for others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from random import Random
from typing import Any

from prometheus_client import CollectorRegistry

from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import GATHER_S, Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.work import BATCH, Work
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION, book
from tests.unit.shared.hosts import BEGIN, QUICK, Place, Shown, armed
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import now, run

SOON_S = GATHER_S / 4


class Counting(MemoryStore):
    """Keeps how many documents each write brought."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.memory)
        self.writes: list[int] = []

    async def save(self, documents: Any, sweep_at: Any) -> set[str]:
        self.writes.append(len(documents))
        return await super().save(documents, sweep_at)


def writes(what: Callable[[Loop], Coroutine[Any, Any, None]]) -> list[int]:
    """How many documents each write of a process brings to which this happens."""

    async def lived() -> list[int]:
        place = Place(Shown(), Random(0))
        place.memory.keep(armed())
        store = Counting(place)
        measures = Measures(ESCALATION.name, (), CollectorRegistry())
        clock = lambda: BEGIN + timedelta(seconds=now())  # noqa: E731
        loop = Loop(ESCALATION, store, Outbox(Publisher(place)), book(QUICK), Clock(), measures, clock)
        running = asyncio.create_task(loop.run())
        await what(loop)
        await loop.drained()
        running.cancel()
        return store.writes

    return run(lived())


def some(count: int, first: int = 0, patient: bool = True) -> Work:
    """Work that writes so many documents, as a timer's does whether anything follows or not."""
    ids = [document.id for document, _ in armed()][first : first + count]
    return Work(wake=dict.fromkeys(ids, BEGIN), patient=patient)


def test_what_arrives_within_a_moment_is_decided_in_one_write() -> None:
    async def one_by_one(loop: Loop) -> None:
        for n in range(3):
            await loop.put(some(1, first=n))
            await asyncio.sleep(SOON_S)

    assert writes(one_by_one) == [3]


def test_what_arrives_later_waits_for_the_next_write() -> None:
    async def rarely(loop: Loop) -> None:
        for n in range(3):
            await loop.put(some(1, first=n))
            await asyncio.sleep(2 * GATHER_S)

    assert writes(rarely) == [1, 1, 1]


def test_a_command_and_a_timer_wait_for_nothing_and_take_with_them_what_waits() -> None:
    async def at_once(loop: Loop) -> None:
        began = now()
        await loop.put(some(2))
        await asyncio.sleep(SOON_S)
        await loop.finish(some(1, first=2, patient=False))
        assert now() == began + SOON_S
        await loop.put(some(1, first=3, patient=False))
        await loop.put(some(1, first=4))
        await loop.drained()
        assert now() == began + SOON_S

    assert writes(at_once) == [3, 2]


def test_as_much_as_one_write_carries_waits_for_no_more() -> None:
    async def a_lot(loop: Loop) -> None:
        began = now()
        await loop.finish(Work(wake={f"nobody-{n}": BEGIN for n in range(BATCH)}, patient=True))
        assert now() == began

    assert writes(a_lot) == [BATCH]
