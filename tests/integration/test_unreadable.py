"""A stored document that cannot be read: in nobody's way, in a batch or among timers; counted, shown and mended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from closedloop.stack import Stack
from schemas.edges import Reply
from schemas.topics import DEAD_LETTERS, REPLIES
from services.shared.broker.publisher import Publisher
from services.shared.database.store import Store
from services.shared.database.stored import Raw
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.sweeper import Sweeper
from services.shared.loop.work import Work
from services.shared.machine.documents import Input
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock
from tests.builders import ESCALATION, INTAKE, ROUTER, Town, hour
from tests.integration.site import Broker, Site, a_poller, asking, heard, running
from tests.unit.shared.memory_store import Memory, MemoryStore

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("quiet")]

PATIENCE = Outbox.grace + timedelta(seconds=1)
GONE = object()
DAMAGES = {
    "a part of the case": {"case": {"policy": 7}},
    "the counts": {"marks": GONE, "sequence": "many"},
    "the version": {"version": "new"},
    "all at once": {"case": 1, "marks": 2, "heard": 3, "sequence": 4.5, "version": 6, "contact": 7},
}


@dataclass
class Place:
    """One service's documents in either store, and somebody who changes them by hand."""

    site: Site
    memory: Memory | None
    loops: list[Loop] = field(default_factory=list)

    def store(self) -> Store:
        return MemoryStore(self.memory, case=self.site.service.case) if self.memory else self.site.store()

    def loop(self, broker: Broker, later: timedelta = timedelta(0)) -> Loop:
        self.loops.append(self.site.loop(self.store(), broker, later=later))
        return self.loops[-1]

    async def stands(self, id: str) -> Raw:
        if self.memory is not None:
            return self.memory.documents[id]
        found: Raw = await self.site.store().database["cases"].find_one({"_id": id})  # type: ignore[assignment]
        return found

    async def change(self, id: str, changes: dict[str, Any]) -> Raw:
        """Somebody writes over some fields by hand, long after the last save; returns what stood there."""
        for loop in self.loops:
            loop.recent.forget([id])
        before = dict(await self.stands(id))
        fresh = {name: value for name, value in (before | changes).items() if value is not GONE}
        if self.memory is not None:
            self.memory.documents[id] = fresh
        else:
            await self.site.store().database["cases"].replace_one({"_id": id}, fresh)
        return before

    async def repair(self, id: str, sound: Raw) -> None:
        """Somebody puts back what was damaged; what parking wrote stays, and nothing is left aside."""
        parts = ("case", "marks", "heard", "contact")
        await self.change(id, {name: sound.get(name, GONE) for name in parts} | {"unreadable": GONE})


Opens = Callable[[Service], Awaitable[Place]]


@pytest.fixture(params=["mongodb", "memory"])
async def at(request: pytest.FixtureRequest, stack: Stack) -> AsyncIterator[Opens]:
    """A place for the documents of a service: the real store, or the one that unit tests put in its place."""
    sites: list[Site] = []

    async def place(service: Service) -> Place:
        sites.append(Site(stack.endpoints.mongodb, service))
        await sites[-1].store().prepare()
        return Place(sites[-1], Memory() if request.param == "memory" else None)

    yield place
    for site in sites:
        store = site.store()
        await store.database.client.drop_database(store.database.name)


def reply(id: str, number: int) -> Input[Any]:
    body = Reply.model_validate({"id": str(number), "complaint_id": id, "reply": "progress", "note": f"n{number}"})
    origin = Origin(
        REPLIES.of("water"), 0, number, int(hour(1).timestamp() * 1000), None, body.model_dump_json().encode()
    )
    return read(ROUTER, origin, Clock())  # type: ignore[return-value]


def notes(broker: Broker, id: str) -> list[str]:
    return [fact.note for fact in broker.facts if fact.complaint_id == id and hasattr(fact, "note")]


def letters(broker: Broker) -> list[tuple[str, str]]:
    """The reason and the text of each dead letter."""
    heads = (dict(m.headers) for m in broker.log if DEAD_LETTERS.member(m.topic))
    return [(h["dlq-reason"].decode(), h["dlq-exception-message"].decode()) for h in heads]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_of_a_batch_only_what_concerns_the_damaged_document_waits_and_is_taken_once_it_is_repaired(
    at: Opens, damage: str
) -> None:
    place, broker, town = await at(ROUTER), Broker(), Town(services=(INTAKE,))
    ids = [town.complaint("water/leak").id for _ in range(3)]
    stuck = ids[1]
    loop = place.loop(broker)

    async with running(loop), asking(loop) as client:
        await loop.finish(Work(heard(ROUTER, town.world.log)))
        sound = await place.change(stuck, DAMAGES[damage])
        await loop.finish(Work([reply(id, number) for number in (1, 2) for id in ids]))
        await loop.drained()
        told = [notes(broker, id) for id in ids]
        (shown,) = (await client.get("/parked")).json()
        too_soon = (await client.post(f"/parked/{stuck}/release")).json()
        await place.repair(stuck, sound)
        tried = (await client.post(f"/parked/{stuck}/release")).json()
        await loop.drained()

    assert told == [["n1", "n2"], [], ["n1", "n2"]]
    assert shown["id"] == stuck and f"document {stuck}: " in shown["reason"] and shown["waiting"] == 2
    assert all(f"{name}" in shown["reason"] for name in DAMAGES[damage] if name != "version")
    assert [reason for reason, _ in letters(broker)][:2] == ["poison", "parked"]
    assert f"document {stuck}: " in letters(broker)[0][1]
    assert loop.measures.dead.labels("router", "poison")._value.get() >= 1
    assert too_soon["taken"] is (damage == "the version") and tried["taken"] is True
    assert notes(broker, stuck) == ["n1", "n2"]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_the_poller_steps_over_it_and_its_timers_fire_once_it_is_repaired(at: Opens, damage: str) -> None:
    place, broker, town = await at(ESCALATION), Broker(), Town(services=(INTAKE, ROUTER))
    stuck = town.complaint("power/outage").id
    town.at(1)
    other = town.complaint("power/outage").id
    loop = place.loop(broker)

    async with running(loop):
        await loop.finish(Work(heard(ESCALATION, town.world.log)))
        sound = await place.change(stuck, DAMAGES[damage])
        poller = await a_poller(loop, now=hour(80), read=hour(80))
        polls = [await poller.poll() for _ in range(2)]
        await loop.drained()
        told, armed = [rung.complaint_id for rung in broker.facts], await place.store().first_due()
        await place.repair(stuck, sound)
        await loop.finish(Work(release=[stuck]))
        await poller.poll()
        await loop.drained()

    assert polls == [(2, False), (0, False)]
    assert told == [other] and armed == hour(101)
    assert [rung.complaint_id for rung in broker.facts] == [other, stuck]
    assert [reason for reason, _ in letters(broker)] == ["poison"]


async def test_what_is_saved_of_it_and_not_yet_said_is_said_all_the_same(at: Opens) -> None:
    place, deaf, broker, town = await at(ROUTER), Broker(), Broker(), Town(services=(INTAKE,))
    deaf.deaf = True
    stuck = town.complaint("water/leak").id
    dead, heir = place.loop(deaf), place.loop(broker, later=PATIENCE)
    async with running(dead):
        await dead.finish(Work(heard(ROUTER, town.world.log)))
    await place.change(stuck, {"case": {}})

    async with running(heir):
        sweeper = Sweeper(heir, heir.store, 0.1, broker)
        swept = [await sweeper.sweep() for _ in range(2)]
        await heir.drained()

    assert swept == [1, 0]
    assert [type(fact).__name__ for fact in broker.facts] == ["ComplaintRouted"]
    assert [reason for reason, _ in letters(broker)] == ["poison"]


async def test_what_cannot_be_said_does_not_keep_the_sweeper_busy(at: Opens) -> None:
    place, broker, town = await at(ROUTER), Broker(), Town(services=(INTAKE,))
    stuck = town.complaint("water/leak").id
    loop = place.loop(broker, later=PATIENCE)

    async with running(loop):
        await loop.finish(Work(heard(ROUTER, town.world.log)))
        await loop.drained()
        await place.change(stuck, {"unsaid": [{"n": "first"}], "sweep_at": datetime(2020, 1, 1, tzinfo=UTC)})
        sweeper = Sweeper(loop, loop.store, 0.1, broker)
        loop.outbox = Outbox(Publisher(broker))
        swept = [await sweeper.sweep() for _ in range(2)]
        await loop.drained()

    assert swept == [1, 0]
    assert (await place.stands(stuck))["unreadable"] == {"unsaid": [{"n": "first"}]}
