"""Retractions: rungs that were told, though they fell due only after their clock had ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from schemas.facts import BreachRetracted, Fact, RungsRetracted, Telling
from schemas.policy import PolicyPack
from services.escalation.rules.clocks import TargetClock
from services.escalation.rules.ladder import rungs
from services.escalation.told import Heard, Told


def retraction(
    about: Mapping[str, Any], clock: TargetClock, told: Told, at: datetime, policy: PolicyPack
) -> Iterator[Fact]:
    """The fact that takes back what was told of a clock and fell due after it had stopped, if anything did.

    What fell due by then stays told: it was true at its time. A breach is taken back where the clock stopped in time.
    """
    taken_back = tuple(_taken_back(clock, told, at, policy))
    named = {**about, "target_due_at": clock.target.due_at, "why": clock.how, "taken_back": taken_back}
    if told.breached and not clock.is_late:
        yield BreachRetracted(**named, met_at=at, rungs=told.numbers, queues=told.queues)
    elif taken_back:
        yield RungsRetracted(**named, ended_at=at)


def _taken_back(clock: TargetClock, told: Told, at: datetime, policy: PolicyPack) -> Iterator[Telling]:
    for heard in (*told.heard, *_of_old(clock, told, policy)):
        wrong = _wrong(clock, heard, at, policy)
        if wrong:
            yield Telling(queue=heard.queue, action=heard.action or None, people=heard.people, rungs=wrong)


def _wrong(clock: TargetClock, heard: Heard, at: datetime, policy: PolicyPack) -> tuple[int, ...]:
    """The rungs among these that do not stand; rungs within a run are only counted where one of its ends does not."""
    due = dict(zip(heard.rungs, heard.due, strict=True))
    for run in heard.runs:
        if not _stands(clock, due[run.last], at):
            due |= _due(replace(clock, department=run.department), set(range(run.first + 1, run.last)), policy)
    return tuple(sorted(n for n, moment in due.items() if not _stands(clock, moment, at)))


def _stands(clock: TargetClock, due: datetime, at: datetime) -> bool:
    return due <= at and (clock.is_late or due < clock.target.due_at)


def _of_old(clock: TargetClock, told: Told, policy: PolicyPack) -> Iterator[Heard]:
    """The addressees in documents of an older version, which did not record them by rung: all heard all of it."""
    missing = set(told.rungs) - {number for heard in told.heard for number in heard.rungs}
    if missing:
        due = _due(clock, missing, policy)
        for queue in told.queues:
            yield Heard(queue=queue, people=told.people, rungs=tuple(due), due=tuple(due.values()))


def _due(clock: TargetClock, numbers: Set[int], policy: PolicyPack) -> dict[int, datetime]:
    """When these rungs fell due, by the clock and the pack alone."""
    if not numbers:
        return {}
    climbed = rungs(replace(clock, warned=frozenset()), policy, min(numbers) - 1)
    every = takewhile(lambda rung: rung.number <= max(numbers), climbed)
    return {rung.number: rung.due_at for rung in every if rung.number in numbers}
