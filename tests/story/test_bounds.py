"""However much is sent about one complaint, its documents fit the database, and whoever sends too much is told."""

from __future__ import annotations

from dataclasses import replace

import bson

from schemas.edges import Reply
from schemas.facts import ComplaintRouted
from schemas.topics import DEAD_LETTERS
from services.shared.database import stored
from services.shared.machine.documents import Document
from services.shared.machine.heard import MOST_HEARD
from services.shared.machine.parking import FROM_OUTSIDE, MAX_BYTES
from services.shared.machine.table import Service
from tests.builders import ESCALATION, INTAKE, MONDAY, ROUTER, SERVICES, Complaint, Town, poisoned

MOST = 16 << 20
LONG = "水" * 20_000


def town_with(broken: Service) -> Town:
    return Town(services=[broken if service.name == broken.name else service for service in SERVICES])


def size(document: Document) -> int:
    return len(bson.encode(stored.written(document, None, MONDAY)))


def letters(town: Town, service: str, reason: str) -> int:
    heads = (dict(letter.headers) for letter in town.on(DEAD_LETTERS.of(service)))
    return sum(head["dlq-reason"] == reason.encode() for head in heads)


def refusals(complaint: Complaint) -> int:
    """How many of its messages the department reads that they were turned away."""
    return sum(why == "refused" for _, why in complaint.notices("water"))


def test_of_messages_behind_a_parked_case_so_many_wait_and_the_rest_is_refused_and_told() -> None:
    town = town_with(poisoned(ROUTER, Reply, lambda body: body.note == "odd"))
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted", note="odd")

    for _ in range(FROM_OUTSIDE + 9):
        complaint.reply("water", "progress", note="on it")

    parked = complaint.document("router").parked
    assert parked and len(parked.waiting) == FROM_OUTSIDE
    assert letters(town, "router", "crowded") == refusals(complaint) == 10
    town.mend(ROUTER)
    town.world.release("router", complaint.id)
    assert len(complaint.facts("ProgressReported")) == FROM_OUTSIDE - 1
    complaint.reply("water", "progress", note="sent again")
    assert len(complaint.facts("ProgressReported")) == FROM_OUTSIDE


def test_facts_behind_a_parked_case_wait_as_long_as_there_is_room_and_are_never_lost() -> None:
    town = town_with(poisoned(ESCALATION, ComplaintRouted))
    complaint = town.complaint("water/leak")
    sent = MAX_BYTES // (3 * len(LONG)) + 20

    for _ in range(sent):
        complaint.reply("water", "progress", note=LONG)

    document = complaint.document("escalation")
    assert document.parked and document.parked.beyond > 0
    assert size(document) < MAX_BYTES + 64 * 1024
    assert letters(town, "escalation", "parked") >= sent
    assert len(complaint.facts("ProgressReported")) == sent


def test_what_was_too_much_for_a_document_is_had_again_by_a_rebuild_and_not_by_a_release() -> None:
    town = town_with(poisoned(ESCALATION, ComplaintRouted))
    complaint = town.complaint("water/leak")
    for _ in range(MAX_BYTES // (3 * len(LONG)) + 20):
        complaint.reply("water", "progress", note=LONG)
    complaint.reply("water", "answered")
    town.mend(ESCALATION)

    released = town.world.release("escalation", complaint.id)
    assert released.parked and "rebuild" in released.parked.reason

    del town.world.documents["escalation", complaint.id]
    town.reads_again("escalation")
    assert complaint.document("escalation").parked is None
    assert complaint.document("escalation").case.plan.answered


def test_a_complaint_takes_so_many_messages_and_says_so_to_whoever_sends_one_more() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted", id="the first")
    key = ("router", complaint.id)
    known = town.world.documents[key].heard
    full = {f"water/{number}": "0" * 16 for number in range(MOST_HEARD - len(known))}
    town.world.documents[key] = replace(town.world.documents[key], heard={**known, **full})

    complaint.reply("water", "accepted", id="the first")
    complaint.reply("water", "progress", id="one more")

    assert complaint.facts("ProgressReported") == []
    assert letters(town, "router", "crowded") == refusals(complaint) == 1


def test_what_each_message_leaves_in_any_document_is_small_enough_for_all_that_may_come() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    watching = (INTAKE, ROUTER, ESCALATION)
    before = {service.name: size(complaint.document(service.name)) for service in watching}
    sent = 40

    for number in range(sent):
        town.at(0.2 * number)
        complaint.reply("water", "progress", id=f"{number:0>200}", note=LONG)

    for service in watching:
        each = (size(complaint.document(service.name)) - before[service.name]) / sent
        print(f"{service.name}: {each:.0f} bytes for each")
        assert each * MOST_HEARD < MOST / 4, (service.name, each)


def test_a_complaint_that_nobody_acts_on_grows_by_no_reminder() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(20 * 24)
    told = len(complaint.rungs("answer"))
    watching = (INTAKE, ROUTER, ESCALATION)
    before = {service.name: size(complaint.document(service.name)) for service in watching}

    town.at(120 * 24)

    assert len(complaint.rungs("answer")) == told + 100
    for service in watching:
        grown = size(complaint.document(service.name)) - before[service.name]
        assert grown < 64, (service.name, grown)
