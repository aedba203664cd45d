"""What escalation decides: which rung is due, and whether a target was met, and what was told wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from schemas.facts import (
    BreachRetracted,
    ComplaintEscalated,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    Rung,
)
from schemas.policy import PolicyPack
from services.escalation.model import Case, Told
from services.escalation.rules.chain import addressee
from services.escalation.rules.clocks import Clock, Ended, clocks, ended, told_of
from services.escalation.rules.ladder import RungDue, missed, next_rung
from services.shared.counting import counting_for
from services.shared.machine import Due, Input


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
    """Targets were met, moved or cancelled: each gets its verdict, and a breach that was told wrongly is taken back.

    What was due before that and had not been told is told first, in order: then the breach stands.
    """
    for clock in (*clocks(case), *ended(case)):
        told = told_of(case, clock)
        if not told.settled and clock.done_at is not None:
            yield from _done(given, clock, told, clock.done_at, policy)
        elif not told.settled and clock.ended is not None:
            yield from _gone(given, clock, told, clock.ended, policy)


def _done(given: Input[Fact], clock: Clock, told: Told, done_at: datetime, policy: PolicyPack) -> Iterator[Fact]:
    target = clock.target
    if done_at <= target.due_at:
        if told.breached:
            yield _retraction(given, clock, told, done_at, "met")
        yield DeadlineMet(**_about(given, clock), target_due_at=target.due_at, met_at=done_at)
        return
    yield from _climb(given, clock, told, missed(clock, told.highest, done_at, policy), policy, late=True)
    yield DeadlineMissed(
        **_about(given, clock),
        target_due_at=target.due_at,
        met_at=done_at,
        late=counting_for(policy, target).between(target.due_at, done_at),
        late_wall=done_at - target.due_at,
    )


def _gone(given: Input[Fact], clock: Clock, told: Told, end: Ended, policy: PolicyPack) -> Iterator[Fact]:
    target, successor = clock.target, end.successor
    if end.at >= target.due_at:
        yield from _climb(given, clock, told, missed(clock, told.highest, end.at, policy), policy, late=True)
    elif told.breached:
        yield _retraction(given, clock, told, end.at, "moved" if successor else "cancelled")
    if successor is None:
        yield DeadlineCancelled(**_about(given, clock), target_due_at=target.due_at, why=end.by)
        return
    moved = {"before": target.due_at, "after": successor.due_at, "to_revision": successor.revision}
    yield DeadlineMoved(**_about(given, clock), **moved, why=end.by)


def _climb(
    given: Input[Any], clock: Clock, told: Told, due: list[RungDue], policy: PolicyPack, late: bool
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


def _retraction(given: Input[Any], clock: Clock, told: Told, at: datetime, why: str) -> BreachRetracted:
    heard = {"rungs": told.rungs, "queues": told.queues}
    return BreachRetracted(**_about(given, clock), target_due_at=clock.target.due_at, met_at=at, why=why, **heard)


def _about(given: Input[Any], clock: Clock) -> dict[str, Any]:
    """What every fact about a clock says first."""
    named = {"cycle": clock.cycle, "target": clock.target.name, "revision": clock.target.revision}
    return {"complaint_id": given.subject, "at": given.at, **named}
