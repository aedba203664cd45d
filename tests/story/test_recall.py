"""The log holds all that a service ever said: its documents can be made again from it, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from closedloop import rebuild
from schemas.edges import Reply
from schemas.envelope import event_id, read_fact, text_header, type_of
from schemas.facts import ComplaintRouted, WorkAccepted
from schemas.topics import COMPLAINTS, DEAD_LETTERS, QUEUE, REPLIES, SERVICES, VISITS
from services.shared.machine.documents import Document
from services.shared.machine.fold import next_due
from services.shared.machine.table import Service
from tests import forgotten
from tests.builders import ROUTER, Complaint, Town, poisoned
from tests.builders import SERVICES as TABLES
from tests.sampling import so_many
from tests.story.remade import made_again
from tests.story.unsteady import CATEGORIES, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

LIVES = range(so_many(2, 16))
NOBODY = "00000000-0000-5000-8000-000000000000"
REPORTED = {"attempt": 1, "visitor": "wang", "outcome": "solved"}


def lived(seed: int) -> UnsteadyTown:
    """A town in which chance, mostly sensible, took some complaints through several cycles."""
    chance, town = Random(seed), UnsteadyTown(seed=seed)
    for n in range(3):
        town.complains(CATEGORIES[(seed + n) % len(CATEGORIES)], promised=chance.choice([None, 60]))
    for _ in range(14):
        step, which = chance.randrange(8), chance.randrange(3)
        if step >= 6:
            for reply in chance.choice((*SCRIPTS, ("waiting", "refused"))):
                town.replies(which, "owner", reply)
                town.passes(chance.choice([0, 1, 30]))
        elif step < 3:
            town.replies(which, chance.choice(["owner", "power"]), chance.choice(REPLY_KINDS))
        elif step == 3:
            town.until_the_next_timer()
        else:
            town.replies(which, "owner", "answered")
            town.until("VisitRequested")
            town.visits(which, chance.choice(OUTCOMES))
    return town


def of(town: Town, service: Service) -> Iterator[Document]:
    return (document for (name, _), document in town.world.documents.items() if name == service.name)


@pytest.mark.parametrize("service", TABLES, ids=lambda service: service.name)
def test_what_is_made_again_from_the_log_is_what_was_stored(service: Service) -> None:
    for seed in LIVES:
        town = lived(seed)
        town.recover()

        again = made_again(town, service)

        for stored in of(town, service):
            made = again[stored.id]
            assert made.case == stored.case, seed
            assert made.unsaid == (), [m.message.headers for m in made.unsaid]
            assert (made.marks, made.begun) == (stored.marks, stored.begun)
            assert made.sequence >= stored.sequence
            due = next_due(service, stored, town.world.policies)
            assert next_due(service, made, town.world.policies) == due
            assert set(stored.heard) <= set(made.heard), seed
            assert made.contact == stored.contact


@pytest.mark.parametrize("service", TABLES, ids=lambda service: service.name)
def test_a_service_that_lost_its_documents_goes_on_where_it_stood_and_says_nothing_twice(service: Service) -> None:
    for seed in LIVES:
        town = lived(seed)
        town.world.lag = Random(seed).choice([0, 7])
        town.world.crash(service.name, 0)
        town.passes(1)
        town.replies(0, "owner", "answered")
        town.passes(30)
        town.world.lag = 0
        town.world.settle()

        lost = [key for key in town.world.documents if key[0] == service.name]
        for key in lost:
            del town.world.documents[key]
        for subject, document in made_again(town, service).items():
            town.world._save(service.name, replace(document, id=subject))
        town.world._read[service.name] = len(town.world.log)
        town.recover()
        town.passes(500)

        causes: dict[tuple[str, str, str], str] = {}
        for record in town.on(COMPLAINTS.name):
            fact, *_ = read_fact(record.headers, record.value)
            which = [str(getattr(fact, name, "")) for name in ("target", "revision", "rung")]
            what = " ".join([type(fact).__name__, *which])
            key = (fact.complaint_id, f"{what} {fact.cycle}", text_header(record.headers, "ce_causationid") or "")
            id = text_header(record.headers, "ce_id") or ""
            assert causes.setdefault(key, id) == id, (seed, key)
        forgotten.nothing(forgotten.stuck(town.world))


ROUTED, ACCEPTED = (type_of(model).encode() for model in (ComplaintRouted, WorkAccepted))
STRANGE: dict[str, tuple[bytes, tuple[tuple[str, Any], ...]]] = {
    "nothing": (b"", ()),
    "headers without value": (b"?", (("ce_type", None), ("ce_id", None), ("ce_sequence", None))),
    "a stranger's type": (b"{}", (("ce_type", b"org.example.other.v1"),)),
    "a type that is no text": (b"\xff", (("ce_type", b"\xff"), ("ce_id", b"\xfe"))),
    "a type of a newer version": (b"{}", (("ce_type", b"closedloop.complaint.praised.v7"), ("ce_sequence", b"9"))),
    "a count beyond any": (
        b"{}",
        (("ce_type", b"x"), ("ce_source", b"/closedloop/router"), ("ce_sequence", b"9" * 5000)),
    ),
    "a count of other digits": (b"{}", (("ce_source", b"/closedloop/intake"), ("ce_sequence", "٣".encode()))),
    "half a letter": (b"{}", (("dlq-original-topic", b"closedloop.complaints"), ("dlq-reason", b"x"))),
    "a letter about no number": (
        b"{}",
        (
            *(("dlq-original-topic", b"x"), ("dlq-original-partition", b"?")),
            *(("dlq-original-offset", b"-1"), ("dlq-reason", b"parked")),
        ),
    ),
}
"""What lies on a topic and is nothing that a service has said or hears."""


def garbled(complaint: Complaint, kind: bytes, sequence: int) -> None:
    """On the fact topic lies what says that it is a fact of this complaint, and is none."""
    headers = [("ce_type", kind), ("ce_sequence", b"%d" % sequence), ("ce_id", b"garbled")]
    complaint.town.world.send(COMPLAINTS.name, b"{", complaint.id, headers)


def agree(town: Town) -> None:
    """The rebuilt documents equal the stored ones and have no unsaid message but theirs."""
    for service in TABLES:
        again = made_again(town, service)
        for stored in of(town, service):
            made = again[stored.id]
            assert made.unsaid == ()
            assert (made.case, made.marks, made.begun) == (stored.case, stored.marks, stored.begun), service.name
            assert _waiting(made) == _waiting(stored), service.name


def _waiting(document: Document) -> list[str] | None:
    return None if document.parked is None else [origin.position for origin in document.parked.waiting]


@pytest.mark.parametrize("kind", STRANGE)
def test_what_strangers_left_on_any_topic_changes_nothing_of_what_is_made_again(kind: str) -> None:
    town, (value, headers) = Town(), STRANGE[kind]
    complaint = town.complaint()
    for topic in (COMPLAINTS.name, QUEUE.of("water"), REPLIES.of("water"), *map(DEAD_LETTERS.of, SERVICES)):
        for key in (None, complaint.id):
            town.world.send(topic, value, key, headers)
    complaint.reply("water", "accepted")

    agree(town)
    assert complaint.facts("WorkAccepted")


@pytest.mark.parametrize("kind", [ROUTED, ACCEPTED], ids=["routed", "accepted"])
def test_a_case_that_was_parked_is_parked_again_with_all_that_waits_and_without_a_second_letter(kind: bytes) -> None:
    town = Town()
    complaint, other = town.complaint(), town.complaint()
    garbled(complaint, kind, 99)
    for reply in ("accepted", "progress", "answered"):
        complaint.reply("water", reply)
        other.reply("water", reply)
    town.world.send(REPLIES.of("water"), b"{", complaint.id)

    assert complaint.document("escalation").parked
    agree(town)


def test_a_reply_that_waits_behind_an_unreadable_fact_waits_again_behind_it() -> None:
    town = Town()
    complaint = town.complaint()
    garbled(complaint, type_of(town.facts()[0].__class__).encode(), 99)
    complaint.reply("water", "accepted")

    stored = complaint.document("router").parked
    assert stored and len(stored.waiting) == 2
    agree(town)


def test_what_waits_behind_a_bug_is_decided_in_its_order_by_the_version_that_has_none() -> None:
    broken = poisoned(ROUTER, Reply, lambda reply: reply.note == "odd")
    town = Town(services=[broken if service.name == ROUTER.name else service for service in TABLES])
    complaint = town.complaint()
    for reply, note in (("accepted", "odd"), ("progress", "seen"), ("answered", "done")):
        complaint.reply("water", reply, note=note)

    assert _waiting(made_again(town, broken)[complaint.id]) == _waiting(complaint.document("router"))
    assert made_again(town, broken)[complaint.id].unsaid == ()
    mended = made_again(town, ROUTER)[complaint.id]
    said = [
        read_fact(item.message.headers, item.message.value)[0]
        for item in mended.unsaid
        if not item.message.topic.startswith(QUEUE.prefix)
    ]
    assert [type(fact).__name__ for fact in said] == ["WorkAccepted", "ProgressReported", "ComplaintAnswered"]


def test_what_stands_under_a_services_own_name_and_cannot_be_read_is_passed_over() -> None:
    town = Town()
    complaint = town.complaint()
    for number, value in ((2_000, b"{"), (2_001, b"")):
        head = {"ce_type": ROUTED, "ce_source": b"/closedloop/router", "ce_subject": complaint.id.encode()}
        head |= {"ce_sequence": b"%d" % number, "ce_id": event_id(complaint.id, "router", number).encode()}
        town.world.send(COMPLAINTS.name, value, complaint.id, [*head.items()])

    made = made_again(town, next(service for service in TABLES if service.name == "router"))[complaint.id]

    assert made.case == complaint.document("router").case
    assert made.sequence > 2_001


def test_the_services_are_those_of_the_table() -> None:
    assert {service.name for service in TABLES} == set(SERVICES) == set(rebuild.TABLES)


@pytest.mark.parametrize("service", TABLES, ids=lambda service: service.name)
def test_what_was_turned_away_stays_so_and_is_not_said_again_after_documents_are_made_again(service: Service) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.submits({"id": "late", "subject": "x", "due_at": "2020-01-01T00:00:00Z"})
    town.submits(b"{")
    for topic in (REPLIES.of("water"), VISITS.of("visit-desk")):
        town.sends(topic, {"complaint_id": NOBODY, "reply": "accepted", **REPORTED})
        town.sends(topic, b"{")
    town.at(1)
    complaint.reply("water", "resumed")
    before = len(town.world.log)

    others = {key: document for key, document in town.world.documents.items() if key[0] != service.name}
    town.world.documents = others | {(service.name, id): made for id, made in made_again(town, service).items()}
    town.reads_again(service.name)
    town.at(2)

    assert sum(map(len, map(town.dead_letters, SERVICES))) == 6
    assert [record.topic for record in town.world.log[before:]] == []
