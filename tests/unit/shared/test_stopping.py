"""A process stops reading a sender's topic, remembers that beyond its own end, and reads on by itself or when told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from prometheus_client import CollectorRegistry

from schemas.topics import DEAD_LETTERS, SUBMISSIONS
from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.stopping import Stopping
from services.shared.loop.work import Work
from services.shared.machine.letters import Origin
from services.shared.machine.stopping import Place, Stop
from services.shared.process.feeding import work_of
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures
from tests.builders import INTAKE, book, hour
from tests.unit.shared import hosts
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run

APP = SUBMISSIONS.of("app")
MOST = 5
AT_MS = (hour(1) - EPOCH) // MILLISECOND


def record(offset: int, value: bytes) -> Origin:
    return Origin(APP, 0, offset, AT_MS, None, value)


def good(offset: int, id: str | None = None, subject: str = "it leaks") -> Origin:
    return record(offset, json.dumps({"id": id or str(offset), "subject": subject}).encode())


def bad(*offsets: int) -> list[Origin]:
    return [record(offset, b"?") for offset in offsets]


@dataclass
class Book:
    """What the database keeps of stops."""

    stops: dict[Place, Stop] = field(default_factory=dict)

    async def all(self) -> dict[Place, Stop]:
        return dict(self.stops)

    async def keep(self, stop: Stop) -> None:
        self.stops[stop.place] = stop

    async def go_on(self, stop: Stop, read_until: int) -> None:
        self.stops[stop.place] = replace(stop, read_until=read_until)


@dataclass
class Log:
    """What the topic holds."""

    all: list[Origin] = field(default_factory=list)

    async def end(self, topic: str, partition: int) -> int:
        return self.all[-1].offset + 1 if self.all else 0

    async def records(self, topic: str, partition: int, begin: int, most: int) -> list[Origin]:
        return [origin for origin in self.all if begin <= origin.offset][:most]


@dataclass
class Reader:
    """One process of a service; `held` is what it has left."""

    loop: Loop
    stopping: Stopping
    log: Log
    broker: hosts.Place
    settled: int = 0
    held: list[Origin] = field(default_factory=list)
    partitions: set[Place] = field(default_factory=set)

    async def reads(self, *records: Origin) -> None:
        """Records are appended and, unless something waits before them, handed over."""
        self.log.all += [origin for origin in records if origin not in self.log.all]
        self.held += records
        if not self.partitions:
            await self.read_on((APP, 0))

    async def read_on(self, place: Place) -> None:
        def settled() -> None:
            self.settled += 1

        self.held = await self.stopping.feed(self.held, settled, self._work_of, self.loop.put)
        self.partitions = {place} if self.held else set()
        await self.loop.drained()

    async def looks(self) -> None:
        """What happens within a second or two."""
        looking = asyncio.create_task(self.stopping.run(self, health := Health()))  # type: ignore[arg-type]
        await asyncio.sleep(3)
        looking.cancel()
        self.health = health

    def _work_of(self, records: list[Origin]) -> Work:
        return work_of(INTAKE, self.loop, records)

    @property
    def letters(self) -> list[int]:
        stories = (dict(m.headers) for _, m in self.broker.log if m.topic == DEAD_LETTERS.of("intake"))
        return [int(story["dlq-original-offset"]) for story in stories]

    @property
    def accepted(self) -> int:
        return sum(dict(m.headers).get("ce_type") == b"closedloop.complaint.received.v1" for _, m in self.broker.log)


@asynccontextmanager
async def reader(book_of_stops: Book | None = None, log: Log | None = None) -> AsyncIterator[Reader]:
    place, log = hosts.Place(hosts.Shown(), Random(0)), log or Log()
    store = MemoryStore(place.memory, case=INTAKE.case)
    measures = Measures(INTAKE.name, (), CollectorRegistry())
    loop = Loop(INTAKE, store, Outbox(Publisher(place)), book(), Clock(), measures, lambda: hour(1))
    ahead: Any = log
    stops: Any = book_of_stops or Book()
    running = asyncio.create_task(loop.run())
    yield Reader(loop, Stopping(loop, store, stops, ahead, MOST), log, place)
    running.cancel()


def played(test: Callable[[], Any]) -> None:
    run(test())


def test_after_so_many_unreadable_records_in_a_row_the_next_ones_wait() -> None:
    async def play() -> None:
        async with reader() as one:
            await one.reads(*bad(*range(12)))

            assert one.letters == [*range(MOST)]
            assert ([r.offset for r in one.held], one.settled) == ([*range(MOST, 12)], 0)

    played(play)


def test_whatever_else_was_wrong_with_them_they_count() -> None:
    async def play() -> None:
        async with reader() as one:
            await one.reads(*(good(n, id=str(n)) for n in range(9)))
            for n in range(9):
                await one.reads(good(20 + n, id=str(n), subject="another one"))

            assert (len(one.letters), [r.offset for r in one.held]) == (MOST, [25, 26, 27, 28])

    played(play)


def test_a_record_that_would_be_taken_has_all_before_it_read_within_seconds() -> None:
    async def play() -> None:
        async with reader() as one:
            await one.reads(*bad(*range(12)))
            await one.reads(good(12), *bad(13, 14))

            await one.looks()

            assert (one.accepted, one.held, one.letters) == (1, [], [*range(12), 13, 14])
            assert one.health.stopped == {}

    played(play)


def test_what_still_would_be_turned_away_waits_on_and_operators_see_it() -> None:
    async def play() -> None:
        async with reader() as one:
            await one.reads(good(0, id="known"), *bad(*range(1, 12)))
            await one.reads(good(12, id="known", subject="another one"))

            await one.looks()

            assert [r.offset for r in one.held] == [*range(1 + MOST, 13)]
            assert one.health.stopped == {f"{APP}-0": f"not read on from {1 + MOST}: unreadable"}
            shown = one.loop.measures.stopped.labels("intake", APP, "0")
            assert shown._value.get() == 1

    played(play)


def test_whoever_tells_it_to_go_on_has_everything_read_that_stands_there() -> None:
    async def play() -> None:
        async with reader() as one:
            await one.reads(*bad(*range(30)))

            stopped = await one.stopping.go_on(APP)
            await one.looks()
            await one.reads(*bad(*range(30, 30 + MOST + 3)))

            assert [stop.offset for stop in stopped] == [MOST]
            assert one.letters == [*range(30 + MOST)]
            assert len(one.held) == 3
            assert await one.stopping.go_on(SUBMISSIONS.of("crm")) == []

    played(play)


def test_a_process_that_begins_keeps_what_another_one_has_stopped() -> None:
    async def play() -> None:
        stops, log = Book(), Log()
        async with reader(stops, log) as one:
            await one.reads(good(0), *bad(*range(1, 12)))
        async with reader(stops, log) as another:
            await another.stopping.look()

            await another.reads(*log.all)

            assert (another.accepted, another.letters) == (1, [*range(1, 1 + MOST)])
            assert [r.offset for r in another.held] == [*range(1 + MOST, 12)]

    played(play)


def test_a_process_that_knows_more_reads_on() -> None:
    async def play() -> None:
        stops = Book({(APP, 0): Stop(APP, 0, 3, hour(0), "unreadable")})
        async with reader(stops) as one:
            await one.stopping.look()
            await one.reads(good(3), good(4))

            await one.looks()

            assert (one.accepted, one.held) == (2, [])

    played(play)
