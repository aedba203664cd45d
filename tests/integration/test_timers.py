"""Timers on a real database: found in time, fired once by whoever comes first, whatever the clocks of hosts show."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson.datetime_ms import DatetimeMS
from prometheus_client.registry import CollectorRegistry

from closedloop.stack import Stack
from schemas.facts import Rung
from schemas.topics import COMPLAINTS
from services.shared.broker.publisher import Publisher
from services.shared.database.server_time import Wall
from services.shared.database.store import THE_FIRST, Store
from services.shared.loop.gate import Gate
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.timers import Poller, place_behind
from services.shared.loop.work import Work
from services.shared.machine.documents import Timer
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION, INTAKE, ROUTER, Town, book, hour
from tests.eventually import eventually
from tests.integration.site import Broker, Site, a_poller, caught_up, empty, heard, opened, running
from tests.unit.shared.hosts import BEGIN, QUICK, Shown, armed, dates
from tests.unit.shared.memory_store import Memory, MemoryStore

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("quiet")]

NOW = datetime.now(UTC).replace(microsecond=0)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def escalation(stack: Stack) -> AsyncIterator[Site]:
    async with opened(stack.endpoints.mongodb, ESCALATION) as site:
        yield site


@pytest.fixture(params=["mongodb", "memory"])
def store(request: pytest.FixtureRequest, escalation: Site) -> Store:
    """The real store, and the one that unit tests put in its place."""
    return escalation.store() if request.param == "mongodb" else MemoryStore(Memory())


# --- the store, and what stands for it --------------------------------------------------------------------------------


async def test_a_document_is_taken_over_only_from_the_sayer_that_it_has_still(store: Store) -> None:
    said_by = {"a": "dead", "b": None, "c": "dead", "d": "me"}
    await store.save([(empty(id, sayer=sayer), None) for id, sayer in said_by.items()], NOW)
    await store.claim({"c": "dead"}, "another")

    mine = await store.claim(said_by, "me")

    assert sorted(mine) == ["a", "b", "d"]
    now = await store.load("abcd")
    assert {id: document.sayer for id, document in now.items()} == {"a": "me", "b": "me", "c": "another", "d": "me"}


async def test_who_writes_over_what_another_has_written_is_told(store: Store) -> None:
    await store.save([(empty("a"), None), (empty("b"), Timer(hour(1)))], NOW)
    known = await store.load(["a", "b", "c"])
    await store.save([(replace(known["a"], sequence=1), None)], NOW)

    lost = await store.save([(replace(known[id], sequence=2), None) for id in "ab"] + [(empty("c"), None)], NOW)

    assert lost == {"a"}
    assert {id: d.sequence for id, d in (await store.load("abc")).items()} == {"a": 1, "b": 2, "c": 0}


async def test_what_is_due_is_found_in_the_order_of_its_time(store: Store) -> None:
    dates = {"late": hour(9), "soon": hour(1), "first": hour(0), "never": None}
    await store.save([(empty(id), due and Timer(due)) for id, due in dates.items()], NOW)

    assert [id for id, _ in await store.due(hour(5), 10)] == ["first", "soon"]
    assert [id for id, _ in await store.due(hour(99), 1)] == ["first"]
    assert await store.first_due() == hour(0)


async def test_what_is_due_is_found_page_by_page_however_many_are_due_at_one_moment(store: Store) -> None:
    await store.save([(empty(str(n)), Timer(hour(n // 4))) for n in range(12)], NOW)

    seen, place = list[str](), THE_FIRST
    while page := await store.due(hour(9), 3, place):
        seen, place = seen + [id for id, _ in page], place_behind(page, place)

    assert sorted(seen, key=int) == [str(n) for n in range(12)]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param("tomorrow", id="a word"),
        pytest.param(7, id="a number"),
        pytest.param(None, id="nothing"),
        pytest.param(DatetimeMS(-(2**60)), id="before all calendars"),
        pytest.param(DatetimeMS(2**60), id="after all calendars"),
    ],
)
async def test_a_due_date_that_somebody_has_made_none_holds_up_no_timer(escalation: Site, damaged: Any) -> None:
    store = escalation.store()
    await store.save([(empty("odd"), Timer(hour(0))), (empty("even"), Timer(hour(1)))], NOW)
    await store.database["cases"].update_one({"_id": "odd"}, {"$set": {"next_due": damaged}})

    assert await store.first_due() == hour(1)
    assert await store.due(hour(5), 10) == [("even", hour(1))]
    assert await store.due(hour(5), 1) == [("even", hour(1))]


async def test_a_document_with_a_date_that_no_calendar_holds_is_found_like_any_other(escalation: Site) -> None:
    store, far = escalation.store(), DatetimeMS(2**60)
    await store.save([(empty("odd"), Timer(hour(0))), (empty("even"), Timer(hour(1)))], NOW)
    await store.database["cases"].update_one({"_id": "odd"}, {"$set": {"sweep_at": far, "more": [far]}})

    assert set(await store.load(["odd", "even"])) == {"odd", "even"}


async def test_in_a_flood_each_lane_has_its_share_and_the_oldest_fill_the_rest(store: Store) -> None:
    flood = [(empty(f"flood-{n}"), Timer(hour(n / 100), "water")) for n in range(30)]
    others = [(empty(lane), Timer(hour(n), lane)) for n, lane in enumerate(("power", "market", "transport"), start=1)]
    later = [(empty("later"), Timer(hour(6), "housing")), (empty("none"), None)]
    await store.save([*flood, *others, *later], NOW)

    due = [id for id, _ in await store.due(hour(5), 8)]

    assert due == [*(f"flood-{n}" for n in range(5)), "power", "market", "transport"]
    assert len(await store.due(hour(5), 100)) == 33


async def test_timers_are_counted_by_their_stage_while_they_are_armed(store: Store) -> None:
    stages = {"a": ("answer",), "b": ("answer", "water", "plain"), "c": ("answer",), "d": (), "e": ("assign", "x", "")}
    await store.save([(empty(id), Timer(hour(1), "water", stage)) for id, stage in stages.items()], NOW)
    before = await store.census()

    known = await store.load("abc")
    changed = {"a": None, "b": Timer(hour(2), "water", ("answer",)), "c": Timer(hour(3), "power", ("answer",))}
    await store.save([(known[id], timer) for id, timer in changed.items()], NOW)

    assert before == {("answer",): 2, ("answer", "water", "plain"): 1, ("assign", "x", ""): 1}
    assert await store.census() == {("answer",): 2, ("assign", "x", ""): 1}


async def test_the_furthest_that_any_process_has_decided_a_partition_counts(store: Store) -> None:
    await store.tell_read_until("one", {0: hour(1), 1: hour(5)}, NOW)
    await store.tell_read_until("two", {0: hour(2), 2: hour(3)}, NOW)
    await store.tell_read_until("one", {1: hour(6)}, NOW)

    assert await store.read_until() == {0: hour(2), 1: hour(6), 2: hour(3)}


async def test_nobody_has_read_further_than_the_servers_time(store: Store) -> None:
    await store.tell_read_until("on a fast host", {0: NOW - SECOND, 1: NOW + timedelta(minutes=5)}, NOW)

    assert await store.read_until() == {0: NOW - SECOND, 1: NOW}


# --- the loop ---------------------------------------------------------------------------------------------------------


async def test_a_timer_that_several_pollers_find_fires_once(escalation: Site) -> None:
    town, broker = Town(services=(INTAKE, ROUTER)), Broker()
    complaints = [town.complaint() for _ in range(30)]
    loops = [escalation.loop(escalation.store(), broker) for _ in range(3)]

    async with running(*loops):
        await loops[0].finish(Work(heard(ESCALATION, town.world.log)))
        pollers = [await a_poller(loop) for loop in loops]
        for _ in range(3):
            await asyncio.gather(*(poller.poll() for poller in pollers))
        await asyncio.gather(*(loop.drained() for loop in loops))

    first = [(f.complaint_id, f.target, f.rung) for f in broker.facts if f.rung <= 4]
    assert sorted(first) == sorted((c.id, t, n) for c in complaints for t in ("accept", "answer") for n in range(1, 5))


async def test_a_timer_is_held_while_its_partition_has_not_been_read_that_far(escalation: Site) -> None:
    complaint = Town(services=(INTAKE, ROUTER)).complaint()
    loop = escalation.loop(escalation.store())

    async with running(loop):
        await loop.finish(Work(heard(ESCALATION, complaint.town.world.log)))
        due = hour(7.5)
        fired = [(await (await a_poller(loop, now=at, read=at_read)).poll())[0] for at, at_read in at_the_gate(due)]

    assert fired == [0, 0, 0, 1]


def at_the_gate(due: datetime) -> list[tuple[datetime, datetime | None]]:
    """When it is looked, and how far its partition has been read then."""
    before, after = due - SECOND, due + SECOND
    return [(before, before), (after, None), (after, before), (after, due)]


# --- two hosts --------------------------------------------------------------------------------------------------------

RATE = 10.0
SOON_S, WAY_S = 60.0, 0.3
SERVER = Shown(steps=((2.0, -1.5), (4.0, 1.5)))
"""The server's clock is set back while timers are armed, and forth again."""
HOSTS = (Shown(ppm=500.0), Shown(ppm=-500.0))
"""How fast the clock of a host runs: what it shows nobody asks."""


class Listener(Broker):
    """A broker that knows how long after the beginning it heard each message."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.at = time.monotonic(), list[float]()

    @property
    def passed(self) -> float:
        return time.monotonic() - self.began

    async def send(self, *message: Any, **more: Any) -> Any:
        self.at.append(self.passed)
        return await super().send(*message, **more)

    @property
    def rungs(self) -> dict[Rung, float]:
        """Each rung, and when it was told first."""
        first = {id(message): at for message, at in zip(self.log, self.at, strict=False)}
        return {fact: first[id(message)] for fact, message in zip(self.facts, self.heard, strict=True)}


async def test_on_hosts_whose_clocks_run_apart_each_timer_fires_once_never_early_and_soon(
    escalation: Site,
) -> None:
    stores, broker = [escalation.store() for _ in HOSTS], Listener()
    clock = Clock(BEGIN, await stores[0].now(), RATE)
    assert not await stores[0].save([(replace(document, version=0), timer) for document, timer in armed()], NOW)

    hosts = [a_host(n, stores[n], broker, clock) for n in range(len(HOSTS))]
    tasks = [asyncio.create_task(host) for host in hosts]
    await asyncio.to_thread(eventually, lambda: len(broker.facts) >= len(dates()), within=30)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    shown = Shown(SERVER.steps)
    assert sorted((rung.complaint_id, rung.rung) for rung in broker.rungs) == sorted(dates())
    for rung, at in broker.rungs.items():
        due_s = (rung.due_at - BEGIN).total_seconds() / RATE
        looks = [at, at - WAY_S, *(step - 1e-6 for step, _ in SERVER.steps if at - WAY_S <= step <= at)]
        assert max(look + shown.ahead(look) for look in looks) >= due_s
        assert at - max(due_s, SERVER.last_step(at)) <= SOON_S


async def a_host(n: int, store: Store, broker: Listener, clock: Clock) -> None:
    """One process that watches; it has settled all there is in every other partition."""
    runs = HOSTS[n]

    async def server() -> datetime:
        return await store.now() + timedelta(seconds=SERVER.ahead(broker.passed))

    wall = Wall(server, lambda: broker.passed + runs.ahead(broker.passed))
    measures = Measures(ESCALATION.name, (), CollectorRegistry())
    loop = Loop(ESCALATION, store, Outbox(Publisher(broker)), book(QUICK), clock, measures, wall.now)

    def read() -> dict[int, datetime]:
        return dict.fromkeys(range(n, COMPLAINTS.partitions, 2), wall.now())

    async def decided() -> dict[int, datetime]:
        return await store.read_until() | read()

    async def keep_up() -> None:
        while True:
            await wall.look()
            await store.tell_read_until(f"host-{n}", read(), wall.now())
            await asyncio.sleep(1.0)

    await wall.look()
    async with asyncio.TaskGroup() as parts:
        poller = Poller(loop, store, wall, clock, Gate(clock, decided, lambda: True), caught_up)
        for part in (loop.run(), poller.run(), keep_up()):
            parts.create_task(part)
