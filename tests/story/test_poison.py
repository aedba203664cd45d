"""A bug in one service stops one case of that service, loses nothing and is made good once it is mended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import Field

from schemas.edges import Reply, Submission, VisitReport
from schemas.envelope import type_of
from schemas.facts import ComplaintAnswered, ComplaintReceived, ComplaintRouted, Fact, WorkAccepted
from schemas.topics import COMPLAINTS, SUBMISSIONS
from services.shared.machine.documents import Damage, Document, Due
from services.shared.machine.fold import Around, fold
from services.shared.machine.letters import NOWHERE, Origin
from services.shared.machine.parking import MAX_WAITING
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock
from tests.builders import (
    ESCALATION,
    FOLLOWUP,
    INTAKE,
    MONDAY,
    ROUTER,
    SERVICES,
    Complaint,
    Town,
    book,
    deciding,
    hours,
    poisoned,
)


def town_with(broken: Service) -> Town:
    return Town(services=[broken if service.name == broken.name else service for service in SERVICES])


def mended(complaint: Complaint, service: Service) -> None:
    complaint.town.mend(service)
    complaint.town.world.release(service.name, complaint.id)


def is_odd(body: Any) -> bool:
    return bool(body.note == "odd")


@pytest.mark.parametrize(
    ("service", "input"),
    [(ROUTER, ComplaintReceived), (ROUTER, Reply), (ESCALATION, ComplaintRouted), (FOLLOWUP, ComplaintAnswered)],
    ids=["routing", "a reply", "watching", "scheduling the visit"],
)
def test_a_bug_in_a_rule_parks_the_case_in_that_service_and_writes_a_dead_letter(
    service: Service, input: type[Any]
) -> None:
    town = town_with(poisoned(service, input))

    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")

    parked = complaint.document(service.name).parked
    assert parked and parked.reason == "RuntimeError: a bug"
    assert town.dead_letters(service.name)[0] == "poison"
    others = {document.id: name for (name, _), document in town.world.documents.items() if document.parked}
    assert others == {complaint.id: service.name}


def test_a_parked_case_is_in_nobody_elses_way() -> None:
    town = town_with(poisoned(ROUTER, Reply, is_odd))
    stuck, other = town.complaint("water/leak"), town.complaint("water/leak")

    stuck.reply("water", "accepted", note="odd")
    other.reply("water", "accepted")

    assert other.facts("WorkAccepted") != []


def test_what_follows_a_bug_waits_in_order_and_each_has_its_dead_letter() -> None:
    town = town_with(poisoned(ROUTER, Reply, is_odd))
    complaint = town.complaint("water/leak")

    for reply, note in (("accepted", "odd"), ("progress", ""), ("answered", "")):
        complaint.reply("water", reply, note=note)

    parked = complaint.document("router").parked
    assert parked and [Reply.model_validate_json(w.value or b"").reply for w in parked.waiting] == [
        "accepted",
        "progress",
        "answered",
    ]
    assert town.dead_letters("router") == ["poison", "parked", "parked"]
    assert complaint.facts("WorkAccepted", "ProgressReported", "ComplaintAnswered", "ReplyRefused") == []


def test_once_the_bug_is_mended_what_waited_is_taken_in_order_with_its_original_times_and_then_what_is_new() -> None:
    town = town_with(poisoned(ROUTER, Reply, is_odd))
    complaint = town.complaint("water/leak")
    town.at(5)
    complaint.reply("water", "accepted", note="odd")
    town.at(90)
    complaint.reply("water", "progress")
    town.at(99)
    complaint.reply("water", "answered")
    town.at(130)

    mended(complaint, ROUTER)
    town.at(131)
    complaint.reply("water", "progress")

    done = complaint.facts("WorkAccepted", "ProgressReported", "ComplaintAnswered", "ReplyRefused")
    assert [(type(fact).__name__, hours(fact.at)) for fact in done] == [
        ("WorkAccepted", 5),
        ("ProgressReported", 90),
        ("ComplaintAnswered", 99),
        ("ReplyRefused", 131),
    ]


def test_a_department_is_not_late_because_of_our_bug() -> None:
    town = town_with(poisoned(ROUTER, Reply))
    complaint = town.complaint("water/leak")
    town.at(99)
    complaint.reply("water", "answered")
    town.at(130)
    breached = complaint.facts("DeadlineBreached")

    mended(complaint, ROUTER)

    assert {fact.target for fact in breached} == {"accept", "answer"}
    assert [fact.target for fact in complaint.facts("BreachRetracted")] == ["answer"]
    assert [(fact.target, hours(fact.met_at)) for fact in complaint.facts("DeadlineMet")] == [("answer", 99)]


def test_the_timers_of_a_parked_case_wait_and_then_fire_each_at_its_own_time() -> None:
    town = town_with(poisoned(ESCALATION, WorkAccepted))
    complaint = town.complaint("water/leak")
    town.at(12)
    complaint.reply("water", "accepted")
    town.at(130)
    before = complaint.rungs("answer")

    mended(complaint, ESCALATION)
    town.at(131)

    assert before == []
    assert complaint.rungs("accept") == [(7.5, "warn", "water", 0), (10, "urge", "water", 1)]
    assert complaint.rungs("answer") == [
        (75, "warn", "water", 0),
        (100, "urge", "water", 1),
        (125, "supervise", "water", 2),
    ]


def test_what_fails_again_stays_parked_with_all_that_waits() -> None:
    broken = poisoned(ROUTER, Reply, is_odd)
    complaint = town_with(broken).complaint("water/leak")
    complaint.reply("water", "accepted", note="odd")
    complaint.reply("water", "progress")

    mended(complaint, broken)

    parked = complaint.document("router").parked
    assert parked and len(parked.waiting) == 2
    mended(complaint, ROUTER)
    assert len(complaint.facts("WorkAccepted", "ProgressReported")) == 2


def test_a_complaint_that_is_sent_over_http_again_and_again_waits_once() -> None:
    body, key = b'{"subject": "it leaks"}', (("ce_id", b"a key"),)
    sent = [Origin(SUBMISSIONS.of("http"), NOWHERE, NOWHERE, at, None, body, key) for at in range(MAX_WAITING + 2)]
    other = replace(sent[0], value=b'{"subject": "it burns"}')
    inputs = [given for origin in (*sent, other) if (given := read(INTAKE, origin, Clock())) is not None]

    stuck = fold(poisoned(INTAKE, Submission), Document(inputs[0].subject), inputs, Around(book(), MONDAY)).document

    assert stuck.parked and [waiting.value for waiting in stuck.parked.waiting] == [body, other.value]
    assert len(stuck.unsaid) == 2


class Shorter(Reply):
    """What a later version takes for a reply: its note is not as long."""

    note: str = Field(default="", max_length=3)


def test_what_waits_and_can_be_read_no_more_parks_the_case_again_and_all_waits_on_in_order() -> None:
    town = town_with(poisoned(ROUTER, Reply))
    complaint, other = town.complaint("water/leak"), town.complaint("water/leak")
    for reply, note in (("accepted", "on"), ("progress", "under way"), ("answered", "no")):
        complaint.reply("water", reply, note=note)
    stricter = tuple(replace(edge, model=Shorter) for edge in ROUTER.edges)

    mended(complaint, replace(ROUTER, edges=stricter))
    parked = complaint.document("router").parked
    mended(complaint, ROUTER)

    assert other.document("router").parked is None
    assert parked and "note" in parked.reason
    assert [Reply.model_validate_json(w.value or b"").reply for w in parked.waiting] == ["progress", "answered"]
    assert complaint.document("router").parked is None
    assert len(complaint.facts("WorkAccepted", "ProgressReported", "ComplaintAnswered")) == 3


def test_a_bug_at_a_timer_parks_the_case_and_the_timer_fires_once_it_is_mended() -> None:
    town = town_with(poisoned(ESCALATION, Due))
    complaint = town.complaint("power/outage")
    town.at(90)

    mended(complaint, ESCALATION)
    town.at(90)

    assert town.dead_letters("escalation") == ["poison"]
    assert complaint.rungs("answer") == [(75, "warn", "power", 0)]


def test_a_timer_after_which_nothing_follows_parks_the_case_instead_of_firing_for_ever() -> None:
    silent = deciding(FOLLOWUP, Due, lambda case, given, policy: ())
    town = town_with(silent)
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")

    town.at(30)

    parked = complaint.document("followup").parked
    assert parked and "nothing followed" in parked.reason


def test_a_rule_that_says_what_its_service_must_not_say_parks_the_case_and_says_nothing() -> None:
    def usurp(case: Any, given: Any, policy: Any) -> list[Fact]:
        return [ComplaintReceived(**{**given.body.model_dump(), "subject": "mine"})]

    town = town_with(deciding(ROUTER, ComplaintReceived, usurp))

    complaint = town.complaint("water/leak")

    assert [fact.subject for fact in complaint.facts()] == ["it leaks"]
    assert town.dead_letters("router") == ["poison"]


def test_a_bug_in_receiving_parks_the_complaint_under_its_own_id_and_it_is_received_once_mended() -> None:
    town = town_with(poisoned(INTAKE, Submission))
    complaint = town.complaint("water/leak")
    town.at(3)

    mended(complaint, INTAKE)

    assert complaint.plot == [(0, "ComplaintReceived"), (0, "ComplaintRouted")]


def test_a_bug_in_what_follows_from_a_visit_leaves_no_half_of_it() -> None:
    sound = FOLLOWUP.hears[VisitReport]

    def half(case: Any, given: Any, policy: Any) -> Any:
        yield next(iter(sound(case, given, policy)))
        raise RuntimeError("a bug")

    town = town_with(deciding(FOLLOWUP, VisitReport, half))
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")
    town.at(25)

    complaint.visit("solved")

    assert complaint.facts("VisitAttempted", "ComplaintClosed") == []
    mended(complaint, FOLLOWUP)
    assert complaint.plot[-3:] == [(25, "DeadlineMet"), (25, "VisitAttempted"), (25, "ComplaintClosed")]


def test_a_bug_in_reckoning_the_next_timer_parks_the_case() -> None:
    def next_due(case: Any, policy: Any) -> Any:
        if case.plan.done:
            raise OverflowError("a bug")
        return ESCALATION.next_due and ESCALATION.next_due(case, policy)

    town = town_with(replace(ESCALATION, next_due=next_due))
    complaint, other = town.complaint("water/leak"), town.complaint("water/leak")

    complaint.reply("water", "accepted")
    town.at(8)

    assert complaint.document("escalation").parked is not None
    assert other.rungs("accept") == [(7.5, "warn", "water", 0)]


def damaged(complaint: Complaint, service: Service) -> Document:
    """Of what the service stores of it the case cannot be read any more; returns the document as it was."""
    whole = complaint.document(service.name)
    left = replace(whole, case=None, damage=Damage(f"document {whole.id}: case.plan: Field required", {"case": {}}))
    complaint.town.world.documents[service.name, complaint.id] = left
    return whole


def repaired(complaint: Complaint, service: Service, whole: Document) -> None:
    left = complaint.document(service.name)
    complaint.town.world.documents[service.name, complaint.id] = replace(left, case=whole.case, damage=None)


def test_what_reaches_a_case_that_is_stored_and_cannot_be_read_waits_and_is_taken_once_it_is_repaired() -> None:
    town = Town()
    stuck, other = town.complaint("water/leak"), town.complaint("water/leak")
    whole = damaged(stuck, ROUTER)

    for complaint in (stuck, other):
        complaint.reply("water", "accepted")
        complaint.reply("water", "progress")
    parked, letters = stuck.document("router").parked, town.dead_letters("router")
    repaired(stuck, ROUTER, whole)
    before = stuck.facts("WorkAccepted", "ProgressReported")
    town.world.release("router", stuck.id)

    assert parked and parked.reason == f"Damaged: document {stuck.id}: case.plan: Field required"
    assert letters == ["poison", "parked"]
    assert len(other.facts("WorkAccepted", "ProgressReported")) == 2
    assert before == []
    assert len(stuck.facts("WorkAccepted", "ProgressReported")) == 2


def test_a_case_that_is_tried_again_before_it_is_repaired_stays_parked_with_all_that_waits() -> None:
    town = Town()
    stuck = town.complaint("water/leak")
    damaged(stuck, ROUTER)
    stuck.reply("water", "accepted")
    stuck.reply("water", "progress")

    again = town.world.release("router", stuck.id)

    assert again.parked and len(again.parked.waiting) == 2
    assert again.parked.reason.startswith("Damaged: ")
    assert stuck.facts("WorkAccepted", "ProgressReported") == []


def test_the_timers_of_a_case_that_cannot_be_read_fire_each_at_its_own_time_once_it_is_repaired() -> None:
    town = Town()
    stuck, other = town.complaint("power/outage"), town.complaint("power/outage")
    whole = damaged(stuck, ESCALATION)
    town.at(80)
    before = stuck.rungs("answer"), other.rungs("answer")

    parked = town.world.release("escalation", stuck.id).parked
    repaired(stuck, ESCALATION, whole)
    town.world.release("escalation", stuck.id)
    town.at(81)

    assert before == ([], [(75, "warn", "power", 0)])
    assert parked and parked.waiting == ()
    assert stuck.rungs("answer") == [(75, "warn", "power", 0)]


def test_an_unreadable_fact_parks_its_case_where_it_is_heard_and_the_others_go_on() -> None:
    town = Town()
    stuck, other = town.complaint("water/leak"), town.complaint("water/leak")

    town.world.send(COMPLAINTS.name, b"{", stuck.id, [("ce_type", type_of(ComplaintAnswered).encode())])
    town.at(8)

    parked = {name for (name, id), document in town.world.documents.items() if id == stuck.id and document.parked}
    assert parked == {"intake", "escalation", "followup"}
    assert stuck.rungs("accept") == []
    assert other.rungs("accept") == [(7.5, "warn", "water", 0)]


def test_a_fact_of_a_type_that_nobody_knows_is_passed_over() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.world.send(COMPLAINTS.name, b"{}", complaint.id, [("ce_type", b"closedloop.complaint.painted.v1")])

    assert [document.parked for document in town.world.documents.values()] == [None] * 3
