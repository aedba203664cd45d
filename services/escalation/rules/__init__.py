"""The decisions of escalation: rungs that are due, verdicts on targets, and retractions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from schemas.facts import (
    ComplaintEscalated,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    Rung,
    Target,
)
from schemas.policy import PolicyPack
from services.escalation.model import Case
from services.escalation.rules.chain import addressee
from services.escalation.rules.clocks import Ended, TargetClock, clocks, ended, told_of
from services.escalation.rules.ladder import RungDue, missed, next_rung
from services.escalation.rules.retraction import retraction
from services.escalation.told import Told
from services.shared.machine.documents import Due, Input
from services.shared.timing.counting import counting_for


def next_due(case: Case, policy: PolicyPack) -> datetime | None:
    """When the next rung of any running clock is due."""
    rungs = (next_rung(clock, told_of(case, clock).highest, policy) for clock in clocks(case) if clock.done_at is None)
    return min((rung.due_at for rung in rungs if rung is not None), default=None)


def climb_on_due(case: Case, given: Input[Due], policy: PolicyPack) -> Iterator[Fact]:
    """Nobody acted: the rungs that are due by now are told, each at its own time."""
    for clock in clocks(case):
        if clock.done_at is None:
            due = missed(clock, told_of(case, clock).highest, given.at, policy)
            yield from _climb(given, clock, told_of(case, clock), due, policy, given.body.late)


def judge_on_fact(case: Case, given: Input[Fact], policy: PolicyPack) -> Iterator[Fact]:
    """Targets were met, moved or cancelled: each gets its verdict, and whatever was told wrongly is taken back.

    If the clock ended late, rungs that were due before and are still untold come first, in order.
    """
    for clock in (*clocks(case), *ended(case)):
        told, at = told_of(case, clock), clock.stopped_at
        if told.settled or at is None:
            continue
        if clock.is_late:
            yield from _climb(given, clock, told, missed(clock, told.highest, at, policy), policy, late=True)
        yield from retraction(_about(given, clock), clock, told, at, policy)
        yield _verdict(given, clock, at, policy)


def _verdict(given: Input[Fact], clock: TargetClock, at: datetime, policy: PolicyPack) -> Fact:
    target, about = clock.target, _about(given, clock)
    if clock.done_at is None and clock.ended is not None:
        return _gone(about, target, clock.ended)
    about |= {"target_due_at": target.due_at, "met_at": at}
    if not clock.is_late:
        return DeadlineMet(**about)
    late = counting_for(policy, target).between(target.due_at, at)
    return DeadlineMissed(**about, late=late, late_wall=at - target.due_at)


def _gone(about: dict[str, Any], target: Target, end: Ended) -> Fact:
    if end.successor is None:
        return DeadlineCancelled(**about, target_due_at=target.due_at, why=end.by)
    after = {"after": end.successor.due_at, "to_revision": end.successor.revision}
    return DeadlineMoved(**about, **after, before=target.due_at, why=end.by)


def _climb(
    given: Input[Any], clock: TargetClock, told: Told, due: list[RungDue], policy: PolicyPack, late: bool
) -> Iterator[Rung]:
    people = told.people
    for rung in due:
        whom = addressee(clock, rung, people, policy)
        people = (*people, *([whom.person] if whom.person else []), *whom.copies)
        yield _fact_of(rung)(
            **(_about(given, clock) | {"at": rung.due_at}),
            rung=rung.number,
            due_at=rung.due_at,
            target_due_at=clock.target.due_at,
            level=rung.step.level,
            department=clock.department,
            queue=rung.queue,
            role=whom.role,
            action=rung.step.action,
            person=whom.person,
            deputy_for=whom.deputy_for,
            copies=whom.copies,
            top=whom.top,
            caught_up=late,
        )


def _fact_of(rung: RungDue) -> type[Rung]:
    if rung.step.is_warning:
        return DeadlineApproaching
    return DeadlineBreached if rung.step.at_percent == 100 else ComplaintEscalated


def _about(given: Input[Any], clock: TargetClock) -> dict[str, Any]:
    """The fields that every fact about a clock has."""
    named = {"cycle": clock.cycle, "target": clock.target.name, "revision": clock.target.revision}
    return {"complaint_id": given.subject, "at": given.at, **named}
