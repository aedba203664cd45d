"""What happens if nobody acts: the rungs ahead of every open clock, merged in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from closedloop.explain.explanation import NothingYet, first_heard
from closedloop.explain.following import cases
from closedloop.explain.plain import plain
from closedloop.explain.rule import Party, party, zone_of
from schemas.facts import ComplaintClosed, ComplaintReceived, ComplaintReopened, Fact, VisitRequested, VisitScheduled
from schemas.policy import PolicyPack
from services.escalation.model import Case, Clock, clocks
from services.escalation.rules.ladder import RungDue, rungs
from services.escalation.service import SERVICE
from services.shared.counting import counting

What = Literal["visit", "warning", "breach", "escalation", "reminder"]
REMINDERS = 3
HORIZON = timedelta(days=30)
"""How far is looked where nobody says until when: to the third reminder of each clock, and no further than this."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that will be told: when, to whom, and what is left of its target's time by then, working and wall."""

    due_at: datetime
    target: str
    cycle: int
    revision: int
    what: What
    level: int
    role: str | None
    queue: Party
    action: str
    target_due_at: datetime
    working: bool
    """Whether the target counts working time; else all of the time."""
    left: timedelta
    left_wall: timedelta
    late: bool = False
    """It was due before the moment that was asked for, and has not been told."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """All that is ahead of a complaint at a moment, up to another; nothing where no clock is open."""

    complaint_id: str
    reference: str
    subject: str
    at: datetime
    until: datetime
    zone: str
    policy: str
    version: str
    hash: str
    open: tuple[str, ...]
    """The clocks that run: cycle, target and revision, as in `1/answer/1`."""
    coming: tuple[Coming, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs: in both languages, moments in UTC, lengths in seconds."""
        found: dict[str, Any] = plain(self)
        return found


def ahead(facts: Sequence[Fact], policy: PolicyPack, at: datetime, until: datetime | None = None) -> Ahead:
    """What will be told from `at` on if nobody does anything. Raises NothingYet."""
    known = [fact for fact in facts if fact.at <= at]
    if not known:
        raise NothingYet(first_heard(facts))
    received = next((fact for fact in known if isinstance(fact, ComplaintReceived)), None)
    end = until or at + HORIZON
    rows = [row for row in _coming(known, policy, None if until else REMINDERS, end) if row.due_at <= end]
    return Ahead(
        complaint_id=known[0].complaint_id,
        reference=received.reference if received else "",
        subject=received.subject if received else "",
        at=at,
        until=end,
        zone=zone_of(policy, None),
        policy=policy.name,
        version=policy.version,
        hash=policy.hash,
        open=_open(known),
        coming=tuple(replace(row, late=row.due_at <= at) for row in sorted(rows, key=lambda row: row.due_at)),
    )


def _coming(facts: Sequence[Fact], policy: PolicyPack, reminders: int | None, end: datetime) -> Iterator[Coming]:
    case, request = _case(facts), _request(facts)
    if case is not None and request is not None:
        case = SERVICE.evolve[VisitRequested](case, request)
        yield _asked(request, policy)
    for clock in clocks(case) if case else ():
        if case and clock.done_at is None:
            yield from _of(clock, case, policy, reminders, end)


def _open(facts: Sequence[Fact]) -> tuple[str, ...]:
    case = _case(facts)
    return tuple(clock.key for clock in clocks(case) if clock.done_at is None) if case else ()


def _case(facts: Sequence[Fact]) -> Case | None:
    after = [case for _, case in cases(facts)]
    return after[-1] if after else None


def _request(facts: Sequence[Fact]) -> VisitRequested | None:
    """What followup will say when the scheduled visit opens; None where none waits."""
    turns = (VisitScheduled, VisitRequested, ComplaintReopened, ComplaintClosed)
    last = next((fact for fact in reversed(facts) if isinstance(fact, turns)), None)
    if not isinstance(last, VisitScheduled):
        return None
    return VisitRequested.model_validate({**last.model_dump(), "at": last.opens_at})


def _asked(request: VisitRequested, policy: PolicyPack) -> Coming:
    left = request.due_at - request.opens_at
    return Coming(
        due_at=request.opens_at,
        target="visit",
        cycle=request.cycle,
        revision=request.attempt,
        what="visit",
        level=0,
        role=None,
        queue=party(policy, request.desk),
        action="visit",
        target_due_at=request.due_at,
        working=False,
        left=left,
        left_wall=left,
    )


def _of(clock: Clock, case: Case, policy: PolicyPack, reminders: int | None, end: datetime) -> Iterator[Coming]:
    """The rungs of one clock that have not been told, up to the end and to so many reminders."""
    told, steps = case.told.get(clock.key), len(policy.ladder_of(clock.target.name, clock.plan).steps)
    for rung in takewhile(lambda rung: rung.due_at <= end, rungs(clock, policy, len(told.rungs) if told else 0)):
        if reminders is not None and rung.number > steps + reminders:
            return
        yield _row(clock, rung, policy, "reminder" if rung.number > steps else _what(rung))


def _what(rung: RungDue) -> What:
    if rung.step.is_warning:
        return "warning"
    return "breach" if rung.step.at_percent == 100 else "escalation"


def _row(clock: Clock, rung: RungDue, policy: PolicyPack, what: What) -> Coming:
    counts = counting(policy, clock.target.calendar)
    return Coming(
        due_at=rung.due_at,
        target=clock.target.name,
        cycle=clock.cycle,
        revision=clock.target.revision,
        what=what,
        level=rung.step.level,
        role=rung.step.role,
        queue=party(policy, rung.queue),
        action=rung.step.action,
        target_due_at=clock.target.due_at,
        working=clock.target.calendar is not None,
        left=counts.between(rung.due_at, clock.target.due_at),
        left_wall=clock.target.due_at - rung.due_at,
    )
