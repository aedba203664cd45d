"""The ladder of one clock: each rung with its moment, its addressee and its state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from closedloop.explain.following import Followed
from closedloop.explain.parties import Party, Whom, heard, party, was_told, will_be_told
from closedloop.explain.verdict import Verdict
from schemas.facts import BreachRetracted, Rung
from schemas.policy import PolicyPack, Working, span_of
from schemas.spoken import Words, in_every_language
from services.escalation.rules.ladder import RungDue, rungs

State = Literal["told", "taken_back", "told_before", "due", "ahead", "cancelled"]


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: its place, its moment, its addressee, and whether it was told.

    `told_before`: a warning that was told for a date which the target had before.
    """

    number: int
    percent: int | None
    after: timedelta | None
    after_working: bool
    before: Words | None
    """So long before the date, in words."""
    after_days: Words | None
    """So many days after the date, in words; `after` is absent then."""
    at_opening: bool
    reminder: int | None
    due_at: datetime
    level: int
    whom: Whom
    queue: Party
    action: str
    state: State
    caught_up: bool = False
    """Whether no process could tell it when it was due."""


def steps(policy: PolicyPack, followed: Followed, found: Verdict, at: datetime) -> Iterator[Step]:
    """All steps of the ladder; of its reminders those that were told, and of a running clock the next."""
    clock = followed.clock
    highest = len(policy.ladder_of(clock.target.name, clock.plan).steps)
    told = {rung.rung: rung for rung in followed.told}
    shown = max(highest, *told, 0) + (1 if found.open else 0)
    # The service passes over what was told for the date before; here it has its place.
    every = list(islice(rungs(replace(clock, warned=frozenset()), policy), shown))
    skipped = {rung.number for rung in every if rung.number not in told and _was_told_before(rung, followed)}
    ahead = [rung for rung in every if rung.number not in told and rung.number not in skipped] if found.open else []
    whom = {rung.number: whom for rung, whom in will_be_told(policy, clock, ahead, heard(followed.told))}
    for rung in every:
        fact = told.get(rung.number)
        step = _step(policy, rung, rung.number - highest, whom.get(rung.number), fact)
        if fact is not None:
            state: State = "taken_back" if _fell(fact.rung, followed) else "told"
        else:
            state = "told_before" if rung.number in skipped else _untold(rung, found, at)
        yield replace(step, state=state)


def _step(policy: PolicyPack, rung: RungDue, reminder: int, whom: Whom | None, fact: Rung | None) -> Step:
    """The rung as it was told, else as the ladder has it."""
    said, after, before = fact or rung.step, rung.step.after, rung.step.before
    is_in_days = after is not None and not isinstance(after, timedelta | Working)
    return Step(
        number=rung.number,
        percent=rung.step.at_percent,
        after=None if after is None or is_in_days else span_of(after),
        after_working=isinstance(after, Working),
        before=None if before is None else in_every_language(before, "before"),
        after_days=in_every_language(after, "date") if after is not None and is_in_days else None,
        at_opening=rung.step.at is not None,
        reminder=reminder if reminder > 0 else None,
        due_at=(fact or rung).due_at,
        level=said.level,
        whom=was_told(policy, fact) if fact else whom or Whom(rung.step.role, top=rung.top),
        queue=party(policy, (fact or rung).queue),
        action=said.action,
        state="told",
        caught_up=fact is not None and fact.caught_up,
    )


def _was_told_before(rung: RungDue, followed: Followed) -> bool:
    clock = followed.clock
    return rung.step.is_warning and rung.number in clock.warned and rung.due_at <= (clock.since or rung.due_at)


def _fell(number: int, followed: Followed) -> bool:
    retracted = followed.retracted
    if isinstance(retracted, BreachRetracted) and not retracted.taken_back:
        return number in retracted.rungs
    return retracted is not None and any(number in telling.rungs for telling in retracted.taken_back)


def _untold(rung: RungDue, found: Verdict, at: datetime) -> State:
    if not found.open:
        return "cancelled"
    return "ahead" if rung.due_at > at else "due"
