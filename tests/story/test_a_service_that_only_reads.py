"""A service may read the facts and say none: it knows what happened, and nothing happens because of it."""

from __future__ import annotations

from random import Random
from typing import get_args

from closedloop.stack import SERVICES as PROCESSES
from schemas import facts, topics
from schemas.topics import COMPLAINTS, DEAD_LETTERS
from services.shared.broker.pacing import Readers
from services.shared.loop.memory import World
from tests import chronicle
from tests.builders import MONDAY, SERVICES, Complaint, Town, book
from tests.story.remade import made_again


def lived(*services: object) -> tuple[Town, Complaint]:
    """A town in which one complaint was late, answered and closed."""
    town = Town(services=services)  # type: ignore[arg-type]
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted")
    town.at(101)
    complaint.reply("water", "answered")
    town.at(300)
    complaint.visit("solved")
    return town, complaint


def test_it_knows_all_that_happened_and_nobody_says_anything_else_because_of_it() -> None:
    with_it, complaint = lived(*SERVICES, chronicle.SERVICE)
    without, _ = lived(*SERVICES)

    assert sorted(r.value or b"" for r in with_it.world.log) == sorted(r.value or b"" for r in without.world.log)
    happened = complaint.document(chronicle.NAME).case.happened
    assert happened == tuple(type(fact).__name__ for fact in complaint.facts())
    assert happened.count("ComplaintClosed") == 1


def test_what_it_has_read_is_made_again_from_the_log() -> None:
    town, complaint = lived(*SERVICES, chronicle.SERVICE)

    made = made_again(town, chronicle.SERVICE)

    assert made[complaint.id].case == complaint.document(chronicle.NAME).case
    assert made[complaint.id].unsaid == ()


def test_reading_again_from_the_beginning_it_notes_nothing_twice() -> None:
    town, complaint = lived(*SERVICES, chronicle.SERVICE)
    before = complaint.document(chronicle.NAME).case

    town.reads_again(chronicle.NAME)

    assert complaint.document(chronicle.NAME).case == before


def test_a_fact_that_it_cannot_read_stops_it_for_that_complaint_alone() -> None:
    town = Town(services=(*SERVICES, chronicle.SERVICE))
    broken, sound = town.complaint("water/leak"), town.complaint("water/leak")
    head = [("ce_type", b"closedloop.work.accepted.v1"), ("ce_sequence", b"1000")]

    town.world.send(COMPLAINTS.name, b"{", broken.id, head)
    for complaint in (broken, sound):
        complaint.reply("water", "answered")

    assert broken.document(chronicle.NAME).parked is not None
    assert sound.document(chronicle.NAME).case.happened[-1] == "VisitScheduled"
    assert town.dead_letters(chronicle.NAME)[0] == "poison"


def test_it_works_alone_beside_a_log_that_others_have_written() -> None:
    town, complaint = lived(*SERVICES)
    world = World((chronicle.SERVICE,), book(), MONDAY, Random(0))

    for record in town.world.log:
        world.send(record.topic, record.value or b"", (record.key or b"").decode(), record.headers)

    assert len(world.log) == len(town.world.log)
    assert world.documents[chronicle.NAME, complaint.id].case.happened.count("ComplaintClosed") == 1


def test_those_who_say_facts_are_waited_for_in_a_flood_and_those_who_only_read_are_not() -> None:
    assert set(get_args(facts.Service)) == set(topics.SPEAKING)
    assert not set(topics.READ_ONLY) & set(topics.SPEAKING)
    assert Readers("nowhere:9092")._groups == [f"closedloop-{name}" for name in topics.SPEAKING]
    assert set(topics.COMPLAINTS.readers) == {*topics.SPEAKING, *topics.READ_ONLY}
    assert {DEAD_LETTERS.of(name) for name in topics.SERVICES} <= set(topics.names([], ()))


def test_a_stack_is_ready_without_those_who_only_read() -> None:
    unawaited = {spec.argv[2].removeprefix("services.") for spec in PROCESSES if not spec.awaited}

    assert unawaited == set(topics.READ_ONLY)
