"""The decisions of followup: the visit that checks an answer, and whether the loop closes or begins again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from schemas.edges import VisitReport
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    Fact,
    IncidentReported,
    VisitAttempted,
    VisitRefused,
    VisitRequested,
    VisitScheduled,
)
from schemas.policy import PolicyPack, VisitPlan
from schemas.refusals import Reason, because
from schemas.sizes import too_large
from services.followup.model import Case
from services.shared.machine.documents import Due, Input
from services.shared.timing.counting import until


def next_due(case: Case, policy: PolicyPack) -> datetime | None:
    """When the scheduled visit opens."""
    return case.visit.opens_at if case.visit.state == "scheduled" and not case.visit.ended else None


def schedule_on_answered(case: Case, given: Input[ComplaintAnswered], policy: PolicyPack) -> Iterator[Fact]:
    """The answer is checked with the customer where the plan says so; else the answer ends the loop."""
    if case.visit.ended or given.body.cycle != case.visit.cycle:
        return
    plan = policy.plans[given.body.plan].visit
    if plan is not None:
        yield _scheduled(case, given, policy, plan, 1)
    elif _may_close(case):
        yield _closed(case, given, "answered")


def close_on_report(case: Case, given: Input[IncidentReported], policy: PolicyPack) -> Iterator[Fact]:
    """The report was all that was missing where the customer has been asked, or need not be."""
    ending = _ending(case, policy)
    if ending is not None and not case.visit.ended:
        yield _closed(case, given, ending)


def request_on_due(case: Case, given: Input[Due], policy: PolicyPack) -> Iterator[Fact]:
    """The visit's time has come."""
    visit, plan = case.visit, _visit_plan(case, policy)
    yield VisitRequested(
        complaint_id=given.subject,
        at=given.at,
        cycle=visit.cycle,
        plan=case.answer.plan if case.answer else None,
        desk=visit.desk,
        attempt=visit.attempt,
        opens_at=visit.opens_at or given.at,
        due_at=visit.due_at or given.at,
        calendar=policy.calendar_of(visit.desk, plan.due_after) if plan else None,
    )


def conclude_on_visit(case: Case, given: Input[VisitReport], policy: PolicyPack) -> Iterator[Fact]:
    """Solved closes, not solved begins the next cycle one level up, unreachable is tried again or ends unconfirmed."""
    refusal = next((found for found in (rule(case, given) for rule in LEGALITY) if found), None)
    if refusal is not None:
        yield _refused(case, given, refusal)
        return
    report = given.body
    yield VisitAttempted(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.visit.cycle,
        desk=case.visit.desk,
        attempt=report.attempt,
        visitor=report.visitor,
        outcome=report.outcome,
        satisfaction=report.satisfaction,
        note=report.note,
    )
    yield from OUTCOMES[report.outcome](case, given, policy)


def _close(case: Case, given: Input[VisitReport], policy: PolicyPack) -> Iterator[Fact]:
    if _may_close(case):
        yield _closed(case, given, "solved")


def _reopen(case: Case, given: Input[VisitReport], policy: PolicyPack) -> Iterator[Fact]:
    yield ComplaintReopened(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.visit.cycle + 1,
        level=case.visit.level + 1,
        reason="the customer says it is not solved",
    )


def _try_again(case: Case, given: Input[VisitReport], policy: PolicyPack) -> Iterator[Fact]:
    plan = _visit_plan(case, policy)
    if plan is not None and case.visit.attempt < plan.attempts:
        yield _scheduled(case, given, policy, plan, case.visit.attempt + 1)
    elif _may_close(case):
        yield _closed(case, given, "not_confirmed")


def _visit_plan(case: Case, policy: PolicyPack) -> VisitPlan | None:
    return policy.plans[case.answer.plan].visit if case.answer else None


def _may_close(case: Case) -> bool:
    """A major incident ends with its report, not before."""
    return case.incident.reported or not case.incident.declared


def _ending(case: Case, policy: PolicyPack) -> str | None:
    """How the loop would end now; None while there is no answer, or the customer has still to be asked."""
    if case.answer is None or case.answer.cycle != case.visit.cycle:
        return None
    plan = _visit_plan(case, policy)
    if plan is None:
        return "answered"
    if case.visit.state != "attempted":
        return None
    return {"solved": "solved", "unreachable": "not_confirmed"}.get(case.visit.outcome or "")


OUTCOMES: dict[str, Callable[[Case, Input[VisitReport], PolicyPack], Iterator[Fact]]] = {
    "solved": _close,
    "not_solved": _reopen,
    "unreachable": _try_again,
}


def _scheduled(
    case: Case,
    given: Input[ComplaintAnswered] | Input[VisitReport],
    policy: PolicyPack,
    plan: VisitPlan,
    attempt: int,
) -> Fact:
    opens_at = until(policy, plan.opens_after, plan.desk, given.at)
    return VisitScheduled(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.visit.cycle,
        desk=plan.desk,
        attempt=attempt,
        opens_at=opens_at,
        # Of lengths that count in different ways, the second may end first.
        due_at=max(opens_at, until(policy, plan.due_after, plan.desk, given.at)),
    )


def _closed(case: Case, given: Input[Any], ending: str) -> Fact:
    fields = {"complaint_id": given.subject, "at": given.at, "cycle": case.visit.cycle, "ending": ending}
    return ComplaintClosed.model_validate(fields)


def _refused(case: Case, given: Input[VisitReport], why: Reason) -> Fact:
    return VisitRefused(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.visit.cycle,
        desk=given.member,
        report_id=given.body.id or given.id[:200],
        reason=why.code,
        detail=why.said("en"),
        words=why,
    )


# --- legality: the first rule that objects gives the reason ---------------------------------------------------------

Refusal = Reason | None


def _is_the_desks(case: Case, given: Input[VisitReport]) -> Refusal:
    if case.visit.desk in ("", given.member):
        return None
    return because("not_your_visit", desk=case.visit.desk)


def _is_open(case: Case, given: Input[VisitReport]) -> Refusal:
    return because("ended") if case.visit.ended else None


def _is_of_this_cycle(case: Case, given: Input[VisitReport]) -> Refusal:
    if given.body.cycle == case.visit.cycle:
        return None
    cycles = {"cycle": given.body.cycle, "current": case.visit.cycle}
    if given.body.cycle < case.visit.cycle:
        return because("past_cycle.report", **cycles)
    return because("unknown_cycle.report", **cycles)


def _is_asked_for(case: Case, given: Input[VisitReport]) -> Refusal:
    visit, attempt = case.visit, given.body.attempt
    if visit.state == "requested" and attempt == visit.attempt:
        return None
    if attempt < visit.attempt or (attempt == visit.attempt and visit.state == "attempted"):
        return because("past_attempt", attempt=attempt)
    return because("too_early", attempt=attempt)


def _is_independent(case: Case, given: Input[VisitReport]) -> Refusal:
    handler = case.answer.handler if case.answer else None
    if handler is None or handler.strip().casefold() != given.body.visitor.strip().casefold():
        return None
    return because("visited_by_handler", handler=handler)


def _can_be_told(case: Case, given: Input[VisitReport]) -> Refusal:
    return too_large(given.body)


LEGALITY: Iterable[Callable[[Case, Input[VisitReport]], Refusal]] = (
    _is_the_desks,
    _is_open,
    _is_of_this_cycle,
    _is_asked_for,
    _is_independent,
    _can_be_told,
)
