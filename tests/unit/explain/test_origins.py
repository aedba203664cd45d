"""Every revision of a date names its origin: the plan, or the fact that moved it, with request and consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from closedloop.explain import explain
from closedloop.explain.origin import FIRST, MOVES
from closedloop.explain.rule import BEGINS_WITH
from schemas.facts import (
    PLOT,
    ApprovalRefused,
    ApprovalRequested,
    ComplaintUnroutable,
    CustomerContacted,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    ProgressReported,
    ReceiptAcknowledged,
    WorkAccepted,
)
from tests import forgotten
from tests.builders import Complaint, Town, hour, hours
from tests.cases import explained, explained_of_old, file_of
from tests.unit.explain.lives import (
    an_incident,
    an_incident_that_is_over,
    clock,
    consented,
    held,
    patient,
    paused,
    paused_again,
    paused_by_consent,
    planned,
    promised,
    promised_again,
    reopened,
    reported_again,
    resumed,
    returned_while_it_waits,
    ruled,
    to_be_called_again,
    under_another_plan,
    visited,
)

HOUR = timedelta(hours=1)


Row = tuple[Callable[[], Complaint], str, int, str, float, float | None]
DATES: dict[str, Row] = {
    "as the plan promises": (planned, "answer", 1, "plan", 100, None),
    "across all cycles": (reopened, "total", 1, "plan", 1000, None),
    "later, because the work waits": (paused, "answer", 2, "paused", 150, 100),
    "at the cap of the pause": (paused, "resume", 1, "waiting", 70, None),
    "at the cap of the next pause": (paused_again, "resume", 2, "waiting", 130, None),
    "earlier, because it was resumed": (resumed, "answer", 3, "resumed", 130, 150),
    "earlier, because it was returned while it waits": (returned_while_it_waits, "answer", 3, "resumed", 110, 150),
    "later, because the centre consented": (consented, "answer", 2, "consent", 150, 100),
    "when the centre has to decide": (consented, "approve", 1, "asked", 58, None),
    "later, because the centre consented to a pause": (paused_by_consent, "answer", 2, "paused", 295, 100),
    "earlier under another plan": (under_another_plan, "answer", 2, "replanned", 80, 100),
    "anew, because it is wanted again and again": (reported_again, "progress", 2, "anew", 70, None),
    "anew, because a call was promised": (to_be_called_again, "contact", 2, "anew", 25, None),
    "as it was promised to the customer": (promised, "callback", 1, "promised", 4, None),
    "as it was promised to the customer instead": (promised_again, "callback", 2, "promised", 6, 4),
    "when the centre has to rule": (ruled, "arbitrate", 1, "returned", 7, None),
    "when news of the incident is due": (an_incident, "update", 1, "incident", 7, None),
    "when the incident has to be reported": (an_incident_that_is_over, "report", 1, "answered", 55, None),
    "when the final answer is due after a holding reply": (held, "final", 1, "held", 300, None),
    "when the customer has to be visited": (visited, "visit", 1, "visit", 48, None),
}


@pytest.mark.parametrize("date", DATES)
def test_a_date_says_where_it_comes_from(date: str) -> None:
    life, target, revision, kind, due, before = DATES[date]

    found = clock(life(), target, revision)

    origin = found.origin
    assert (origin.kind, hours(found.due_at)) == (kind, due)
    assert (None if origin.before is None else hours(origin.before)) == before
    assert (None if origin.moved is None else origin.moved / HOUR) == (None if before is None else due - before)


LENGTHS: dict[str, tuple[Callable[[], Complaint], str, int, str, float | None]] = {
    "the plan's own": (planned, "answer", 1, "length", 100),
    "the plan's own, though it was moved since": (resumed, "answer", 3, "length", 100),
    "again and again": (reported_again, "progress", 2, "every", 40),
    "again and again, whatever met it": (to_be_called_again, "contact", 2, "every", 24),
    "of the whole loop": (planned, "total", 1, "total", 1000),
    "of a pause": (paused, "resume", 1, "cap", 50),
    "of the centre's decision": (consented, "approve", 1, "consent", 8),
    "of the centre's decision on a pause": (paused_by_consent, "approve", 1, "consent", 10),
    "of the centre's ruling": (ruled, "arbitrate", 1, "centre", 4),
    "of an incident's news": (an_incident, "update", 1, "update", 2),
    "of an incident's report": (an_incident_that_is_over, "report", 1, "report", 48),
    "of the final answer": (held, "final", 1, "holding", 300),
    "of a promise, which has none": (promised, "callback", 1, "promise", None),
}


@pytest.mark.parametrize("length", LENGTHS)
def test_the_length_behind_a_date_is_the_policys_word(length: str) -> None:
    life, target, revision, given, expected = LENGTHS[length]

    rule = clock(life(), target, revision).rule

    assert (rule.given, None if rule.length is None else rule.length / HOUR) == (given, expected)


BEGINNINGS: dict[str, tuple[Callable[[], Complaint], str, int, str, float]] = {
    "a date that moved, still from the receipt": (resumed, "answer", 3, "received", 0),
    "a pause, from when the work waits": (paused, "resume", 1, "paused", 20),
    "what is wanted again, from the last time": (reported_again, "progress", 2, "anew", 30),
    "a call that is wanted again, from the promise of one": (to_be_called_again, "contact", 2, "anew", 1),
    "a decision, from the request": (consented, "approve", 1, "asked", 50),
    "a call, from the promise": (promised, "callback", 1, "promised", 1),
    "a ruling, from the return": (ruled, "arbitrate", 1, "returned", 3),
    "an incident's news, from its declaration": (an_incident, "update", 1, "declared", 5),
    "an incident's report, from the answer": (an_incident_that_is_over, "report", 1, "answered", 7),
    "the final answer, from the receipt": (held, "final", 1, "received", 0),
    "the whole loop, from the receipt": (reopened, "total", 1, "received", 0),
}


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_the_time_of_a_target_counts_from_what_happened_then(beginning: str) -> None:
    life, target, revision, starts_with, at = BEGINNINGS[beginning]

    found = clock(life(), target, revision)

    assert (found.starts_with, hours(found.starts_at)) == (starts_with, at)


@pytest.mark.parametrize(
    ("life", "target", "asked_at", "granted_at", "until"),
    [
        pytest.param(consented, "answer", 50, 52, 150, id="a later date"),
        pytest.param(paused_by_consent, "answer", 20, 25, 220, id="what waits"),
        pytest.param(paused_by_consent, "resume", 20, 25, 220, id="the pause itself"),
    ],
)
def test_consent_names_who_asked_who_granted_and_until_when(
    life: Callable[[], Complaint], target: str, asked_at: float, granted_at: float, until: float
) -> None:
    origin = clock(life(), target, 1 if target == "resume" else 2).origin

    assert origin.asked is not None and origin.granted is not None and origin.until is not None
    assert (origin.asked.who.name, origin.asked.handler, hours(origin.asked.at)) == ("water", "li", asked_at)
    assert (origin.granted.who.name, origin.granted.handler, hours(origin.granted.at)) == ("centre", "zhao", granted_at)
    assert hours(origin.until) == until


def test_a_pause_that_needs_no_consent_names_nobody_who_consented() -> None:
    complaint = consented()
    complaint.town.at(60)
    complaint.reply("water", "waiting", reason="customer")

    origin = clock(complaint, "answer", 3).origin

    assert (origin.kind, origin.asked, origin.granted) == ("paused", None, None)


def test_a_date_that_moved_stays_given_by_whoever_routed_it() -> None:
    rule = clock(resumed(), "answer", 3).rule

    assert (rule.owner.name, rule.by, rule.categories) == ("water", "policy", ("patient/*",))


def test_another_plan_is_named_with_the_one_in_whose_place_it_stands() -> None:
    found = clock(under_another_plan(), "answer", 2)

    assert (found.origin.old_plan, found.rule.plan, found.rule.owner.name) == ("patient", "ordinary", "power")


@pytest.mark.parametrize("date", DATES)
def test_a_date_of_an_older_version_is_explained_as_if_its_origin_had_been_written(date: str) -> None:
    life, *_ = DATES[date]
    complaint = life()

    assert explained_of_old(complaint) == explained(complaint)


def test_what_router_wrote_of_a_date_is_what_is_explained() -> None:
    file, now = file_of(planned()), hour(0)

    def written(fact: Fact) -> Fact:
        told = [t.model_copy(update={"rule": "/plans/ordinary/targets/answer"}) for t in getattr(fact, "targets", ())]
        return fact.model_copy(update={"targets": tuple(told)}) if told else fact

    (dated,) = explain([written(fact) for fact in file.facts], file.pack, now, "answer").targets

    assert dated.rule.place == "/plans/ordinary/targets/answer"


def test_a_pause_shorter_than_its_cap_says_that_no_more_was_asked_for() -> None:
    complaint = patient()
    complaint.reply("water", "waiting", reason="customer", until=hour(30).isoformat())

    assert clock(complaint, "resume", 1).rule.shortened
    assert not clock(paused(), "resume", 1).rule.shortened


def test_an_incident_raises_every_ladder_that_runs_and_says_since_when() -> None:
    raised = clock(an_incident(), "answer", 1).raised

    assert raised is not None and raised.since is not None
    assert (raised.levels, raised.by, hours(raised.since), raised.reason) == (3, "incident", 5, "the road sinks")
    assert [step.level for step in clock(an_incident(), "answer", 1).steps][:2] == [3, 3]


def test_a_ladder_that_ended_before_the_incident_was_not_raised() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "accepted")
    complaint.town.at(5)
    complaint.reply("centre", "incident", note="the road sinks")

    assert clock(complaint, "accept", 1).raised is None


def test_a_ladder_that_ended_before_the_incident_in_a_later_cycle_was_raised_by_the_cycle_alone() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)
    complaint.visit("not_solved")
    complaint.reply("water", "accepted")
    complaint.town.at(30)
    complaint.reply("centre", "incident", note="the road sinks")

    raised = {d.target: d.raised for d in explained(complaint).targets if d.cycle == 2}

    assert {name: (one.levels, one.by) for name, one in raised.items() if one} == {
        "accept": (1, "cycle"),
        "answer": (3, "incident"),
        "update": (3, "incident"),
    }


def test_a_cycle_after_the_first_raises_its_ladders() -> None:
    raised = clock(reopened(), "answer", 2, cycle=2).raised

    assert raised is not None
    assert (raised.levels, raised.by, raised.since) == (1, "cycle", None)


NO_OTHER_DATE = {
    WorkAccepted,
    ReceiptAcknowledged,
    CustomerContacted,
    ProgressReported,
    ApprovalRefused,
    IncidentReported,
}
NO_OTHER_DATE |= {PlanLapsed, ComplaintUnroutable, ApprovalRequested, HoldingReplySent, IncidentDeclared}
"""Facts with a plan that give no running target another date: a target that is renewed counts anew."""


def test_explain_knows_of_every_fact_with_a_plan_what_it_does_to_a_date() -> None:
    with_a_plan = [fact for fact in PLOT if "targets" in fact.model_fields]
    known = {fact for fact in PLOT if fact.__name__ in MOVES} | NO_OTHER_DATE

    says = "{} may bring other dates: MOVES of closedloop/explain/origin.py has to say how"
    forgotten.nothing(forgotten.beyond(with_a_plan, known, says))


def test_what_begins_a_target_is_told_as_the_event_that_its_time_counts_from() -> None:
    counts_from_the_receipt = {HoldingReplySent}
    says = "{} begins a target: BEGINS_WITH of closedloop/explain/rule.py has no word for it"

    forgotten.nothing(forgotten.beyond(FIRST, BEGINS_WITH.keys() | counts_from_the_receipt, says))
