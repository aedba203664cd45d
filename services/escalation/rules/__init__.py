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
    DeadlineMet,
    Fact,
    Rung,
)
from schemas.policy import PolicyPack
from services.escalation.model import Case, Clock, Told, clocks
from services.escalation.rules.ladder import RungDue, missed, next_rung
from services.shared.machine import Due, Input


def next_due(case: Case, policy: PolicyPack) -> datetime | None:
    """When the next rung of any running clock is due."""
    rungs = (next_rung(clock, _count(case, clock), policy) for clock in clocks(case) if clock.done_at is None)
    return min((rung.due_at for rung in rungs if rung is not None), default=None)


def climb_on_due(case: Case, given: Input[Due], policy: PolicyPack) -> Iterator[Fact]:
    """Nobody acted: the rungs that are due by now are told, each at its own time."""
    for clock in clocks(case):
        if clock.done_at is None:
            yield from _climb(given, clock, missed(clock, _count(case, clock), given.at, policy))


def judge_on_work(case: Case, given: Input[Fact], policy: PolicyPack) -> Iterator[Fact]:
    """What a target asks for was done: in time it is met, and a breach that was told is taken back.

    Done late, the rungs that were due before are told in order if they had not been: the breach stands.
    """
    for clock in clocks(case):
        told = case.told.get(clock.key, Told())
        if clock.done_at is None or told.settled:
            continue
        if clock.done_at > clock.target.due_at:
            yield from _climb(given, clock, missed(clock, len(told.rungs), clock.done_at, policy))
            continue
        if told.breached:
            yield _retraction(given, clock, told, clock.done_at)
        yield DeadlineMet(
            complaint_id=given.subject,
            at=given.at,
            cycle=clock.cycle,
            target=clock.target.name,
            revision=clock.target.revision,
            target_due_at=clock.target.due_at,
            met_at=clock.done_at,
        )


def _climb(given: Input[Any], clock: Clock, due: list[RungDue]) -> Iterator[Rung]:
    for rung in due:
        yield _fact_of(rung)(
            complaint_id=given.subject,
            at=rung.due_at,
            cycle=clock.cycle,
            target=clock.target.name,
            revision=clock.target.revision,
            rung=rung.number,
            due_at=rung.due_at,
            target_due_at=clock.target.due_at,
            level=rung.level,
            department=clock.department,
            queue=rung.queue,
            role=rung.role,
            action=rung.action,
        )


def _fact_of(rung: RungDue) -> type[Rung]:
    if rung.percent < 100:
        return DeadlineApproaching
    return DeadlineBreached if rung.percent == 100 else ComplaintEscalated


def _retraction(given: Input[Any], clock: Clock, told: Told, met_at: datetime) -> BreachRetracted:
    return BreachRetracted(
        complaint_id=given.subject,
        at=given.at,
        cycle=clock.cycle,
        target=clock.target.name,
        revision=clock.target.revision,
        target_due_at=clock.target.due_at,
        met_at=met_at,
        rungs=told.rungs,
        queues=told.queues,
    )


def _count(case: Case, clock: Clock) -> int:
    told = case.told.get(clock.key)
    return len(told.rungs) if told else 0
