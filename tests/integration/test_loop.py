"""The store and the loop on a real database: who loses a race is told, and what was saved is said once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from closedloop.stack import Stack
from schemas.edges import Reply
from schemas.envelope import Message, text_header
from schemas.topics import REPLIES
from services.shared.database.store import Store
from services.shared.loop.outbox import Outbox
from services.shared.loop.sweeper import Sweeper
from services.shared.loop.work import Work
from services.shared.machine.documents import Document, Input, Outgoing, Parked
from services.shared.machine.failures import Temporary
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock
from tests.builders import INTAKE, MONDAY, ROUTER, Complaint, Town, hour, poisoned
from tests.eventually import eventually
from tests.integration.site import Broker, Site, empty, heard, only, opened, running

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("quiet")]

PATIENCE = Outbox.grace + timedelta(seconds=1)
"""After this, what one process has not said is for any other to say."""
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def router(stack: Stack) -> AsyncIterator[Site]:
    async with opened(stack.endpoints.mongodb, ROUTER) as site:
        yield site


def routed(town: Town | None = None) -> Complaint:
    return (town or Town()).complaint("water/leak")


def reply(complaint: Complaint, number: int, kind: str = "progress") -> Input[Any]:
    body = Reply.model_validate({"id": str(number), "complaint_id": complaint.id, "reply": kind, "note": f"n{number}"})
    origin = Origin(REPLIES.of("water"), 0, number, 0, None, body.model_dump_json().encode())
    return read(ROUTER, replace(origin, timestamp_ms=int(hour(1).timestamp() * 1000)), Clock())  # type: ignore[return-value]


def said(*numbers: int) -> tuple[Outgoing, ...]:
    return tuple(Outgoing(n, Message("topic", "a", b"{}", (("ce_id", str(n).encode()),))) for n in numbers)


# --- the store --------------------------------------------------------------------------------------------------------


async def test_who_writes_over_what_another_has_written_is_told_and_all_others_are_saved(router: Site) -> None:
    store = router.store()
    await store.save([(empty("a"), None), (empty("b"), None)], NOW)
    known = await store.load(["a", "b"])
    await store.save([(replace(known["a"], sequence=1), None)], NOW)

    lost = await store.save([(replace(known[id], sequence=2), None) for id in "ab"] + [(empty("c"), None)], NOW)

    assert lost == {"a"}
    assert {id: d.sequence for id, d in (await store.load("abc")).items()} == {"a": 1, "b": 2, "c": 0}


async def test_of_two_who_begin_the_same_document_one_is_told(router: Site) -> None:
    stores = [router.store() for _ in range(8)]

    lost = await asyncio.gather(*(store.save([(empty("a", sequence=n), None)], NOW) for n, store in enumerate(stores)))

    assert sorted(map(len, lost)) == [0] + [1] * 7


async def test_of_many_who_write_over_the_same_documents_each_document_has_one_that_is_not_told(router: Site) -> None:
    ids = [f"{n}" for n in range(50)]
    stores = [router.store() for _ in range(4)]
    await stores[0].save([(empty(id), None) for id in ids], NOW)
    known = await stores[0].load(ids)

    async def writes_over(n: int, store: Store) -> set[str]:
        mine = ids[n:] + ids[:n]
        return set(ids) - await store.save([(replace(known[id], sequence=n), None) for id in mine], NOW)

    won = await asyncio.gather(*(writes_over(n, store) for n, store in enumerate(stores)))

    assert sorted(id for mine in won for id in mine) == sorted(ids)
    assert {id: d.sequence for id, d in (await stores[0].load(ids)).items()} == {
        id: n for n, mine in enumerate(won) for id in mine
    }


@pytest.mark.parametrize("version", [0, None, "seven", 7.5, {"$gt": 0}], ids=str)
async def test_a_version_that_a_hand_has_changed_is_compared_as_it_stands(router: Site, version: Any) -> None:
    store = router.store()
    await store.save([(empty("a"), None)], NOW)
    await store.database["cases"].update_one({"_id": "a"}, [{"$set": {"version": {"$literal": version}}}])
    (known,) = (await store.load("a")).values()

    first, again = [await store.save([(replace(known, sequence=n), None)], NOW) for n in (1, 2)]

    assert (first, again) == (set(), {"a"})


async def test_documents_that_are_too_large_for_one_statement_together_are_all_saved(router: Site) -> None:
    store, long = router.store(), Outgoing(1, Message("topic", "a", b"x" * 500_000, ()))
    ids = [f"{n}" for n in range(40)]
    await store.save([(empty(id), None) for id in ids], NOW)
    known = await store.load(ids)

    lost = await store.save([(replace(known[id], unsaid=(long,)), None) for id in ids], NOW)

    assert lost == set()
    assert {id: (d.version, d.unsaid) for id, d in (await store.load(ids)).items()} == dict.fromkeys(ids, (2, (long,)))


async def test_a_document_that_is_gone_is_not_written_as_a_later_version_of_itself(router: Site) -> None:
    store = router.store()

    assert await store.save([(empty("a", version=3), None)], NOW) == {"a"}
    assert await store.load("a") == {}


async def test_what_is_loaded_is_what_was_saved(router: Site) -> None:
    letter = Message("dead", b"\xff", b"\x00", (("x", b"\xff"), ("x", b"")))
    waiting = Origin("topic", 1, 2, 3, b"\xff", None, (("h", b"\xff"),))
    document = empty(
        sequence=7,
        marks={"intake": 1},
        heard={"water/closedloop.replies.water/0-1": "x", "dots.and$signs": "y"},
        case=routed().document("router").case,
        unsaid=(*said(6), Outgoing(7, letter)),
        parked=Parked("a bug", NOW, (waiting, replace(waiting, key=None))),
        contact={"phone": "13800138000"},
    )
    store = router.store()

    await store.save([(document, None)], NOW)

    assert await only(store) == replace(document, version=1)


async def test_only_what_was_acknowledged_is_taken_off_and_only_from_the_front(router: Site) -> None:
    store = router.store()
    await store.save([(empty(unsaid=said(3, 4, 5, 6)), None)], NOW)

    await store.clear({"a": 4, "nobody": 9})

    assert [item.sequence for item in (await only(store)).unsaid] == [5, 6]


async def test_taking_off_costs_nobody_a_race(router: Site) -> None:
    store = router.store()
    await store.save([(empty(unsaid=said(1)), None)], NOW)
    known = await only(store)
    await store.clear({"a": 1})

    lost = await store.save([(replace(known, unsaid=said(1, 2)), None)], NOW)

    assert lost == set()


async def test_what_was_saved_and_not_said_is_found_once_its_time_has_come(router: Site) -> None:
    store = router.store()
    await store.save([(empty("old", unsaid=said(1)), None), (empty("said"), None)], NOW - timedelta(seconds=9))
    await store.save([(empty("new", unsaid=said(1)), None)], NOW)

    assert await store.unsaid(NOW - timedelta(seconds=5), 10) == [("old", None)]
    assert await store.unsaid(NOW, 10) == [("old", None), ("new", None)]


# --- the loop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("service", [INTAKE, ROUTER], ids=lambda service: service.name)
async def test_the_real_loop_decides_as_the_loop_in_memory_does(stack: Stack, service: Service, seed: int) -> None:
    town, chance, broker = Town(seed=seed), Random(seed), Broker()
    for _ in range(20):
        a_busy_life(town)
    site = Site(stack.endpoints.mongodb, service)
    loop = site.loop(store := site.store(), broker)

    async with running(loop):
        inputs, size = heard(service, town.world.log), chance.choice([1, 7, 500])
        for n in range(0, len(inputs), size):
            await loop.finish(Work(inputs[n : n + size]))
        await loop.drained()

    assert sorted(said_by(service, broker.log)) == sorted(said_by(service, town.world.log))
    for (name, id), expected in town.world.documents.items():
        if name == service.name:
            found = await only(store, id)
            assert replace(found, version=0, unsaid=()) == replace(expected, version=0, unsaid=())
    await store.database.client.drop_database(store.database.name)


def said_by(service: Service, records: Iterable[Message | Origin]) -> list[str]:
    """The ids of what this service said; its letters have the ids of what they are about."""
    mine = (r for r in records if text_header(r.headers, "ce_source") == f"/closedloop/{service.name}")
    return [text_header(r.headers, "ce_id") or "" for r in mine]


def a_busy_life(town: Town) -> None:
    complaint = town.complaint("water/leak", customer={"phone": "13800138000"})
    complaint.reply("power", "accepted", id="x")
    complaint.reply("water", "progress", id="x", note="half")
    complaint.reply("water", "progress", id="x", note="another half")
    complaint.reply("water", "answered")
    town.at((town.world.now - MONDAY) / timedelta(hours=1) + 25)
    complaint.visit("not_solved")


class Abreast(Store):
    """Who has loaded waits a moment for the other to have loaded too."""

    async def load(self, ids: Iterable[str]) -> dict[str, Document]:
        found = await super().load(ids)
        await asyncio.sleep(0.02)
        return found


async def test_two_processes_that_decide_one_case_at_once_never_decide_it_twice(router: Site) -> None:
    complaint, broker = routed(), Broker()
    loops = [router.loop(router.store(Abreast), broker) for _ in range(2)]

    async with running(*loops):
        await loops[0].finish(Work(heard(ROUTER, complaint.town.world.log)))
        for n in range(0, 40, 2):
            await asyncio.gather(*(loops[m].finish(Work([reply(complaint, n + m)])) for m in range(2)))
        await asyncio.gather(*(loop.drained() for loop in loops))

    document = await only(router.store(), complaint.id)
    assert sorted(fact.note for fact in broker.facts if hasattr(fact, "note")) == sorted(f"n{n}" for n in range(40))
    counted = [int(text_header(message.headers, "ce_sequence") or "") for message in broker.heard]
    assert counted == list(range(1, document.sequence + 1))
    assert sum(loop.measures.conflict._value.get() for loop in loops) > 0


async def test_the_same_record_handed_to_two_processes_has_one_effect(router: Site) -> None:
    complaint, broker = routed(), Broker()
    loops = [router.loop(router.store(), broker) for _ in range(4)]

    async with running(*loops):
        await asyncio.gather(*(loop.finish(Work(heard(ROUTER, complaint.town.world.log))) for loop in loops))
        await asyncio.gather(*(loop.finish(Work([reply(complaint, 1)])) for loop in loops))
        await asyncio.gather(*(loop.drained() for loop in loops))

    assert [type(fact).__name__ for fact in broker.facts] == ["ComplaintRouted", "ProgressReported"]
    assert (await only(router.store(), complaint.id)).sequence == 3


class Doubtful(Store):
    """Every other write reports that its outcome is unknown, whether it was `done` or not."""

    done = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.doubts = 0

    async def save(self, documents: Sequence[tuple[Document, datetime | None]], now: datetime) -> set[str]:
        self.doubts += 1
        if self.doubts % 2 == 0:
            return await super().save(documents, now)
        if self.done:
            await super().save(documents, now)
        raise Temporary("the connection broke before the answer came")


class Failing(Doubtful):
    """Every other write fails."""

    done = False


@pytest.mark.parametrize("kind", [Doubtful, Failing], ids=["it was written", "it was not written"])
async def test_after_an_unknown_outcome_the_document_is_read_again(router: Site, kind: type[Doubtful]) -> None:
    complaint, broker = routed(), Broker()
    store = router.store(kind)
    loop = router.loop(store, broker)

    async with running(loop):
        await loop.finish(Work(heard(ROUTER, complaint.town.world.log)))
        for number in range(5):
            await loop.finish(Work([reply(complaint, number)]))
        await loop.drained()

    assert [getattr(fact, "note", "") for fact in broker.facts] == ["", "n0", "n1", "n2", "n3", "n4"]


async def test_an_input_is_acknowledged_only_once_its_decision_is_saved(router: Site) -> None:
    class Unwilling(Store):
        willing = False

        async def save(self, documents: Sequence[tuple[Document, datetime | None]], now: datetime) -> set[str]:
            if not self.willing:
                raise Temporary("no primary")
            return await super().save(documents, now)

    complaint = routed()
    store = router.store(Unwilling)
    loop = router.loop(store)

    async with running(loop):
        waiting = asyncio.create_task(loop.finish(Work(heard(ROUTER, complaint.town.world.log))))
        await asyncio.to_thread(eventually, lambda: loop.measures.retries._value.get() >= 2)
        assert not waiting.done()
        store.willing = True
        await waiting

    assert complaint.id in await router.store().load([complaint.id])


async def test_a_thousand_inputs_that_arrive_together_are_all_decided_and_acknowledged_as_one(router: Site) -> None:
    town, broker = Town(services=(INTAKE,)), Broker()
    for _ in range(1200):
        town.complaint("water/leak")
    acknowledged: list[int] = []
    loop = router.loop(router.store(), broker)

    async with running(loop):
        work = Work(heard(ROUTER, town.world.log), done=lambda documents: acknowledged.append(len(documents)))
        await loop.put(work)
        await loop.drained()

    assert acknowledged == [1200]
    assert len(broker.log) == 2400


# --- what a dead process left -----------------------------------------------------------------------------------------


async def test_what_a_dead_process_had_saved_but_not_said_is_said_by_another_in_order(router: Site) -> None:
    town, deaf, broker = Town(services=(INTAKE,)), Broker(), Broker()
    deaf.deaf = True
    complaints = [routed(town) for _ in range(20)]
    dead, heir = router.loop(router.store(), deaf), router.loop(store := router.store(), broker, later=PATIENCE)
    async with running(dead):
        await dead.finish(Work([*heard(ROUTER, town.world.log), *(reply(complaint, 1) for complaint in complaints)]))

    async with running(heir):
        assert await Sweeper(heir, store, 0.1, broker).sweep() == 20
        await heir.drained()

    for complaint in complaints:
        about = [m for m in broker.log if text_header(m.headers, "ce_subject") == complaint.id]
        assert [text_header(m.headers, "ce_sequence") for m in about] == ["1", "2", "3"]
        assert (await only(store, complaint.id)).unsaid == ()


async def test_what_is_being_said_is_not_said_by_the_sweeper_too(router: Site) -> None:
    complaint, broker = routed(), Broker()
    loop = router.loop(store := router.store(), broker, later=PATIENCE)

    async with running(loop):
        await loop.finish(Work(heard(ROUTER, complaint.town.world.log)))
        await loop.drained()
        sweeper = Sweeper(loop, store, 0.1, broker)
        await sweeper.sweep()
        await sweeper.sweep()
        await loop.drained()

    assert len(broker.log) == 2


async def test_a_parked_case_waits_in_the_database_and_is_released_there(router: Site) -> None:
    complaint, broker = routed(), Broker()
    broken, mended = (router.loop(router.store(), broker, s) for s in (poisoned(ROUTER, Reply), ROUTER))
    async with running(broken):
        await broken.finish(Work(heard(ROUTER, complaint.town.world.log)))
        await broken.finish(Work([reply(complaint, 1), reply(complaint, 2)]))
        await broken.drained()
    (parked,) = await mended.store.parked()

    async with running(mended):
        await mended.finish(Work(release=[complaint.id]))
        await mended.drained()

    assert parked.parked and len(parked.parked.waiting) == 2
    assert [getattr(fact, "note", "") for fact in broker.facts] == ["", "n1", "n2"]
    assert await mended.store.parked() == []
