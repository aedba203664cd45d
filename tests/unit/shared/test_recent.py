"""A document that this process has just saved is decided on again without a look, and never wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from random import Random

from prometheus_client import CollectorRegistry

from schemas.topics import COMPLAINTS
from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import Loop, Work
from services.shared.loop.outbox import COPIES_S, Outbox
from services.shared.loop.recent import KEPT_S, MOST, Recent
from services.shared.machine.documents import Document, Input
from services.shared.machine.reading import read
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION, Town, book, hour
from tests.unit.shared.hosts import Place, Shown
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run


class Looked(MemoryStore):
    """Tells for which documents was looked."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.memory)
        self.looks: list[str] = []

    async def load(self, ids: Iterable[str]) -> dict[str, Document]:
        wanted = [*ids]
        self.looks += wanted
        return await super().load(wanted)


def life() -> list[Input]:
    """What escalation hears of a complaint that is accepted and answered."""
    complaint = Town().complaint()
    complaint.reply("water", "accepted")
    complaint.reply("water", "answered")
    facts = complaint.town.on(COMPLAINTS.name)
    return [given for record in facts if (given := read(ESCALATION, record, Clock())) is not None]


def told(decide: Callable[[Callable[[], Loop]], Awaitable[None]]) -> Place:
    """What stands and was said after some processes have decided something."""
    place = Place(Shown(), Random(0))

    async def decided() -> None:
        tasks = []

        def process() -> Loop:
            measures = Measures(ESCALATION.name, (), CollectorRegistry())
            loop = Loop(ESCALATION, Looked(place), Outbox(Publisher(place)), book(), Clock(), measures, lambda: hour(1))
            tasks.append(asyncio.create_task(loop.run()))
            return loop

        await decide(process)
        for task in tasks:
            task.cancel()

    run(decided())
    return place


def looks(loop: Loop) -> int:
    assert isinstance(loop.store, Looked)
    return len(loop.store.looks)


def test_who_has_just_saved_a_document_decides_on_it_again_without_a_look() -> None:
    async def decide(process: Callable[[], Loop]) -> None:
        loop = process()
        for given in life():
            await loop.finish(Work([given]))
        assert looks(loop) == 1

    told(decide)


def test_what_another_process_has_written_meanwhile_is_decided_on() -> None:
    first, *others = life()

    async def shared(process: Callable[[], Loop]) -> None:
        one, another = process(), process()
        await one.finish(Work([first]))
        for given in others[:-1]:
            await another.finish(Work([given]))
        await one.finish(Work([others[-1]]))
        assert looks(one) == 2

    async def alone(process: Callable[[], Loop]) -> None:
        loop = process()
        for given in (first, *others):
            await loop.finish(Work([given]))

    (one,), (other,) = (told(decide).memory.documents.values() for decide in (shared, alone))
    assert (one["case"], one["version"]) == (other["case"], other["version"])


def test_that_nothing_is_to_be_done_is_believed_only_of_what_stands_in_the_database() -> None:
    first, *_ = life()

    async def decide(process: Callable[[], Loop]) -> None:
        loop = process()
        for _ in range(3):
            await loop.finish(Work([first]))
        assert looks(loop) == 3

    told(decide)


def kept(recent: Recent, *ids: str, name: str | None = "me") -> list[str]:
    return [*recent.of(ids, name)]


def documents(*ids: str) -> list[Document]:
    case = Town().complaint().document("escalation").case
    return [Document(id, case=case, sayer="me") for id in ids]


def test_no_document_is_kept_for_as_long_as_it_is_known_what_was_taken_off_it() -> None:
    time = 0.0
    recent = Recent(lambda: time)
    kept(recent)
    recent.keep(documents("a"))

    assert KEPT_S < COPIES_S
    assert kept(recent, "a") == ["a"]
    time = KEPT_S
    assert kept(recent, "a") == []


def test_what_another_process_is_to_say_is_not_kept() -> None:
    recent = Recent()
    kept(recent)
    recent.keep(documents("a"))
    recent.keep(replace(document, sayer="another") for document in documents("a"))

    assert kept(recent, "a") == []


def test_a_process_that_has_another_name_now_knows_nothing_of_before() -> None:
    recent = Recent()
    kept(recent)
    recent.keep(documents("a"))

    assert kept(recent, "a", name="me again") == []


def test_no_more_documents_are_kept_than_memory_is_for() -> None:
    recent = Recent()
    kept(recent)
    recent.keep(documents(*map(str, range(MOST + 1))))

    assert kept(recent, "0") == [] and kept(recent, "1", str(MOST)) == ["1", str(MOST)]
