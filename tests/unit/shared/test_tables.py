"""A service with two tables: each decision is about its own subject, and what others are to know is told in steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.base import ToAnother
from schemas.envelope import complaint_id, encode, read_fact, text_header
from schemas.facts import ComplaintReceived
from schemas.topics import COMPLAINTS
from services.shared.loop.memory import World
from services.shared.machine import heard, saying
from services.shared.machine.documents import Document
from services.shared.machine.fold import Around, fire, next_due
from services.shared.machine.table import On
from services.shared.process.belonging import compare, highest
from tests import matters
from tests.builders import MONDAY, SERVICES, TOWN, book
from tests.story.remade import made_again

AROUND = Around(book(), MONDAY)
MATTER = "matter/north"


@pytest.fixture(autouse=True)
def known_types() -> Iterator[None]:
    with matters.known():
        yield


def of_many(many: int) -> Document:
    """An answered matter with so many complaints, none of which has been told."""
    members = tuple(complaint_id("app", str(n)) for n in range(many))
    return Document(MATTER, case=matters.Matter(policy=TOWN.hash, members=members, answered_at=MONDAY, since=MONDAY))


def said_to_others(document: Document) -> list[tuple[str, int]]:
    found = [(item.message, read_fact(item.message.headers, item.message.value)[0]) for item in document.unsaid]
    return [(str(message.key), said.number) for message, said in found if isinstance(said, ToAnother)]


def received(world: World, number: int, area: str = "north") -> str:
    """A complaint about a matter has come."""
    id = complaint_id("app", str(number))
    texts = {"reference": "R", "source": "app", "source_id": "1", "subject": "s", "text": "t", "customer_ref": "c"}
    rest = {"channel": "app", "language": "en", "policy": TOWN.hash, "area": area}
    fact = ComplaintReceived(complaint_id=id, at=world.now, received_at=world.now, **texts, **rest)
    where = {"topic": COMPLAINTS.name, "subject": id, "service": "intake", "sequence": 1}
    message = encode(fact, at=world.now, cause="x", **where)
    world.send(message.topic, message.value, id, message.headers)
    world.advance(world.now)
    return id


def answered_by(world: World, id: str) -> None:
    """A complaint tells its matter that it was answered."""
    asked = matters.MatterAsked(matter_id=MATTER, complaint_id=id, at=MONDAY, number=2, word="answered", policy="p")
    where = {"topic": COMPLAINTS.name, "subject": id, "service": matters.NAME, "sequence": 99}
    message = encode(asked, at=MONDAY, cause="x", key=MATTER, **where)
    world.send(message.topic, message.value, MATTER, message.headers)


def test_tables_of_a_service_have_its_name_and_kinds_of_their_own() -> None:
    for service in (*SERVICES, matters.SERVICE):
        assert {table.name for table in service.tables.values()} == {service.name}
        assert len(service.tables) == 1 + len(service.besides)
        assert service.kind == "" and all(table.kind.find("/") == len(table.kind) - 1 > 0 for table in service.besides)


def test_the_id_of_a_document_tells_its_table_and_its_case() -> None:
    ids = (MATTER, complaint_id("app", "1"), "other/north", "matter", "")

    assert [matters.SERVICE.case_of(id) for id in ids] == [matters.Matter, *[matters.Member] * 4]
    assert matters.SERVICE.has_timers and not matters.SERVICE.waits


def test_a_matter_of_thousands_tells_all_of_them_in_steps_and_no_write_outgrows_its_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matters, "STEP", 200)
    document, told, writes = of_many(5_000), list[tuple[str, int]](), 0

    while next_due(matters.MATTERS, document, AROUND.policies) is not None:
        document = fire(matters.MATTERS, replace(document, unsaid=()), MONDAY, AROUND).document
        told, writes = told + said_to_others(document), writes + 1
        assert saying.bytes_to_say(document) <= 2 * saying.MOST_TO_OTHERS

    assert told == [(id, n) for n, id in enumerate(document.case.members, start=1)]
    assert writes > 1


def test_what_is_too_much_for_one_write_is_not_said_and_parks_its_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "STEP", 5_000)

    parked = fire(matters.MATTERS, of_many(5_000), MONDAY, AROUND).document

    assert parked.parked is not None and "say it in steps" in parked.parked.reason
    assert said_to_others(replace(parked, unsaid=parked.unsaid[:-1])) == [] and parked.case.told == 0


def test_a_decision_speaks_of_its_own_subject_only() -> None:
    def about_another(case: Any, given: Any, policy: Any) -> Iterator[Any]:
        yield matters.MatterPassed(matter_id="matter/south", at=given.at, told=1)

    table = replace(matters.MATTERS, on_due=about_another)

    parked = fire(table, of_many(1), MONDAY, AROUND).document

    assert parked.parked is not None and "must not say MatterPassed of matter/south" in parked.parked.reason


def test_a_subject_that_too_many_have_something_to_say_to_is_parked_and_nothing_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heard, "MOST_WRITERS", 3)
    world = World((matters.SERVICE,), book(), MONDAY, Random(0))

    ids = [received(world, n) for n in range(5)]

    matter = world.documents[matters.NAME, MATTER]
    assert matter.case.members == tuple(ids[:3])
    assert matter.parked is not None and len(matter.parked.waiting) == 2
    monkeypatch.setattr(heard, "MOST_WRITERS", 5)
    assert world.release(matters.NAME, MATTER).case.members == tuple(ids)


def test_a_complaint_that_is_parked_does_not_keep_its_matter_from_telling_the_others() -> None:
    def stumbles(case: Any, fact: matters.ComplaintTold) -> Any:
        if fact.complaint_id == complaint_id("app", "1"):
            raise ValueError("a bug")
        return matters.told(case, fact)

    lines = [On(on.fact, on.decide, stumbles) if on.evolve is matters.told else on for on in matters.SERVICE.facts]
    world = World((replace(matters.SERVICE, facts=tuple(lines)),), book(), MONDAY, Random(0))
    ids = [received(world, n) for n in range(8)]

    answered_by(world, ids[0])
    world.advance(MONDAY)

    documents = [world.documents[matters.NAME, id] for id in ids]
    assert [document.parked is not None for document in documents] == [n == 1 for n in range(8)]
    assert [len(document.case.heard) for document in documents] == [int(n != 1) for n in range(8)]
    assert world.documents[matters.NAME, MATTER].case.told == 8


@pytest.mark.parametrize("said", range(8))
def test_wherever_a_matter_is_interrupted_and_all_documents_are_lost_each_complaint_hears_once(said: int) -> None:
    world = World((matters.SERVICE,), book(), MONDAY, Random(0))
    ids = [received(world, n) for n in range(5)]
    answered_by(world, ids[0])
    steps = fire(matters.MATTERS, world.documents[matters.NAME, MATTER], MONDAY, AROUND).document.unsaid

    world._append(*(item.message for item in steps[:said]))
    made = made_again(SimpleNamespace(world=world), matters.SERVICE)  # type: ignore[arg-type]
    world.documents.clear()
    world._read[matters.NAME] = len(world.log)
    for document in made.values():
        world._save(matters.NAME, document)
    world.settle()
    world.advance(MONDAY)

    assert len(steps) == 7
    assert [len(world.documents[matters.NAME, id].case.heard) for id in ids] == [1] * 5
    assert world.documents[matters.NAME, MATTER].case.told == 5


def test_a_database_that_does_not_know_what_one_subject_has_said_to_another_is_not_the_one() -> None:
    world = World((matters.SERVICE,), book(), MONDAY, Random(0))
    id = received(world, 1)
    stored = {id: d.sequence for (_, id), d in world.documents.items()}

    told = highest(matters.SERVICE, [replace(r, partition=0) for r in world.log], {0: len(world.log)})

    assert told[id, matters.NAME] == stored[id] and (MATTER, f"{matters.NAME} {id}") in told
    compare(matters.NAME, told, stored)
    for lost in (id, MATTER):
        with pytest.raises(Exception, match="that its database does not know"):
            compare(matters.NAME, told, {known: n for known, n in stored.items() if known != lost})


def test_a_message_that_names_no_sender_parks_its_receiver() -> None:
    world = World((matters.SERVICE,), book(), MONDAY, Random(0))
    received(world, 1)
    (asked,) = (r for r in world.log if text_header(r.headers, "ce_type") == "closedloop.matter.asked.v1")

    world.send(asked.topic, asked.value or b"", MATTER, [h for h in asked.headers if h[0] != "ce_subject"])

    assert world.documents[matters.NAME, MATTER].parked is not None


def test_services_with_a_single_table_take_no_notice_of_other_kinds() -> None:
    for service in SERVICES:
        assert service.of(MATTER) is service
        assert not any(service.listens_to(model) for model in matters.TYPES)
