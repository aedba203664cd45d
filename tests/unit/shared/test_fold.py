"""One document and its inputs: timers at their own times, a missing policy, facts counted once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.envelope import read_fact, text_header
from schemas.topics import COMPLAINTS
from services.shared.machine.documents import Document, Input
from services.shared.machine.failures import NotYet
from services.shared.machine.fold import MAX_TIMERS_AT_ONCE, Around, fire, fold
from services.shared.machine.policies import PolicyBook
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock
from tests.builders import ESCALATION, FOLLOWUP, INTAKE, MONDAY, ROUTER, Complaint, Town, book, hour, hours

AROUND = Around(book(), MONDAY)


def heard(service: Service, complaint: Complaint) -> list[Input[Any]]:
    """What a service that was away reads of a complaint when it comes back."""
    records = [record for record in complaint.town.on(COMPLAINTS.name) if record.key == complaint.id.encode()]
    return [given for given in (read(service, record, Clock()) for record in records) if given is not None]


def said(document: Document) -> list[Any]:
    facts = (item.message for item in document.unsaid if item.message.topic == COMPLAINTS.name)
    return [read_fact(message.headers, message.value)[0] for message in facts]


def test_a_visit_whose_time_came_while_nobody_looked_is_asked_for_as_of_its_time() -> None:
    complaint = Town(services=(INTAKE, ROUTER)).complaint("water/leak")
    complaint.reply("water", "answered")
    document = fold(FOLLOWUP, Document(complaint.id), heard(FOLLOWUP, complaint), AROUND).document

    fired = fire(FOLLOWUP, document, hour(500), AROUND).document

    assert [(type(f).__name__, hours(f.at)) for f in said(fired)] == [("VisitScheduled", 0), ("VisitRequested", 24)]


def test_rungs_whose_time_came_while_nobody_looked_are_told_each_as_of_its_time() -> None:
    complaint = Town(services=(INTAKE, ROUTER)).complaint("power/outage")
    document = fold(ESCALATION, Document(complaint.id), heard(ESCALATION, complaint), AROUND).document

    fired = fire(ESCALATION, document, hour(500), AROUND).document

    causes = [text_header(item.message.headers, "ce_causationid") for item in fired.unsaid]
    assert [hours(fact.at) for fact in said(fired)] == [75, 100]
    assert causes == [f"timer/{hour(at).isoformat()}" for at in (75, 100)]


def test_timers_of_years_fire_in_portions_and_none_is_left_out() -> None:
    complaint = Town(services=(INTAKE, ROUTER)).complaint("water/leak")
    document = fold(ESCALATION, Document(complaint.id), heard(ESCALATION, complaint), AROUND).document
    portions = []

    while (fired := fire(ESCALATION, document, hour(24 * 300), AROUND).document) is not document:
        portions.append(len(fired.unsaid) - len(document.unsaid))
        document = fired

    assert portions[:-1] == [MAX_TIMERS_AT_ONCE] * (len(portions) - 1) and len(portions) > 2
    for target in ("accept", "answer"):
        rungs = [fact.rung for fact in said(document) if fact.target == target]
        assert rungs == list(range(1, len(rungs) + 1))


def test_what_needs_a_policy_that_has_not_arrived_waits_and_changes_nothing() -> None:
    complaint = Town(services=(INTAKE,)).complaint("water/leak")

    with pytest.raises(NotYet):
        fold(ROUTER, Document(complaint.id), heard(ROUTER, complaint), Around(PolicyBook(), MONDAY))


def test_inputs_that_arrive_together_are_decided_as_if_one_by_one() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "accepted")
    complaint.reply("water", "answered")
    inputs = heard(ESCALATION, complaint)

    together = fold(ESCALATION, Document(complaint.id), inputs, AROUND).document
    one_by_one = Document(complaint.id)
    for given in inputs:
        one_by_one = fold(ESCALATION, one_by_one, [given], AROUND).document

    assert together == one_by_one


def test_what_was_heard_before_changes_nothing_at_all() -> None:
    complaint = Town().complaint("water/leak")
    inputs = heard(ESCALATION, complaint)
    document = fold(ESCALATION, Document(complaint.id), inputs, AROUND).document

    assert fold(ESCALATION, document, inputs, AROUND).document is document


def test_a_gap_in_a_writers_count_is_normal() -> None:
    complaint = Town().complaint("water/leak")
    first, *others = heard(ESCALATION, complaint)

    document = fold(ESCALATION, Document(complaint.id), [replace(first, sequence=40), *others], AROUND).document

    assert document.marks == {"router": 40}


def test_what_is_said_is_numbered_without_a_gap() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("power", "accepted")
    complaint.reply("water", "answered")
    town.at(60)

    for service in ("intake", "router", "escalation", "followup"):
        mine = [r for r in town.world.log if text_header(r.headers, "ce_source") == f"/closedloop/{service}"]
        counts = [int(text_header(record.headers, "ce_sequence") or "") for record in mine]
        assert counts == list(range(1, len(counts) + 1))
