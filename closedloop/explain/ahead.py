"""The rungs ahead of every open clock if nobody acts, merged in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from closedloop.explain.explanation import NothingYet, first_heard
from closedloop.explain.following import cases
from closedloop.explain.parties import Party, Whom, party, will_be_told, zone_of
from closedloop.explain.plain import plain
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    Fact,
    VisitRequested,
    VisitScheduled,
)
from schemas.policy import PolicyPack
from schemas.targets import kind_of
from services.escalation.model import Case
from services.escalation.rules.clocks import TargetClock, clocks, told_of
from services.escalation.rules.ladder import RungDue, rungs
from services.escalation.service import SERVICE
from services.shared.timing.counting import counting_for

What = Literal["visit", "warning", "breach", "escalation", "reminder", "resumes"]
"""`resumes`: a pause is over by itself, so that nobody is late."""
REMINDERS = 3
HORIZON = timedelta(days=30)
"""How far is looked where nobody says until when: three reminders of each clock, and no further than this."""
FARTHEST = timedelta(days=3650)
"""How far is looked for the next thing that will be told, where nothing is told until then."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One message ahead: its moment, its addressee, and the time that its target has left by then."""

    due_at: datetime
    target: str
    cycle: int
    revision: int
    what: What
    level: int
    whom: Whom | None
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
class Waiting:
    """A target whose time does not count now, for what, since when and until when at most."""

    target: str
    cycle: int
    revision: int
    reason: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """All that is ahead of a complaint at a moment, up to another.

    Where nothing comes, one of three things says why: no clock is open, `closed_at`, or `next_at`.
    """

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
    waiting: tuple[Waiting, ...]
    coming: tuple[Coming, ...]
    reminders: int | None = None
    """So many of each clock are shown at most; all of them where somebody says until when."""
    closed_at: datetime | None = None
    ending: str = ""
    """How it was closed."""
    next_at: datetime | None = None
    """When the next thing is told, where nothing is told until then; None where nothing ever is."""

    def as_json(self) -> dict[str, Any]:
        """For programs: in both languages, moments in UTC, lengths in seconds."""
        found: dict[str, Any] = plain(self)
        return found


def ahead(facts: Sequence[Fact], policy: PolicyPack, at: datetime, until: datetime | None = None) -> Ahead:
    """The rungs that will be told from `at` on if nobody acts. Raises NothingYet if no fact is known by then."""
    known = [fact for fact in facts if fact.at <= at]
    if not known:
        raise NothingYet(first_heard(facts))
    received = next((fact for fact in known if isinstance(fact, ComplaintReceived)), None)
    end = until or at + HORIZON
    reminders = None if until else REMINDERS
    rows = [row for row in _coming(known, policy, reminders, end) if row.due_at <= end]
    closed = next((fact for fact in known if isinstance(fact, ComplaintClosed)), None)
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
        open=tuple(clock.key for clock in _running(known)),
        waiting=tuple(wait for clock in _running(known) for wait in _waiting(clock, at)),
        coming=tuple(replace(row, late=row.due_at <= at) for row in sorted(rows, key=lambda row: row.due_at)),
        reminders=reminders,
        closed_at=closed.at if closed else None,
        ending=closed.ending if closed else "",
        next_at=None if rows else _next_at(known, policy, at),
    )


def _next_at(facts: Sequence[Fact], policy: PolicyPack, at: datetime) -> datetime | None:
    """When the next thing is told, however far away."""
    return min((row.due_at for row in _coming(facts, policy, 1, at + FARTHEST)), default=None)


def _coming(facts: Sequence[Fact], policy: PolicyPack, reminders: int | None, end: datetime) -> Iterator[Coming]:
    case, request = _case(facts), _request(facts)
    if case is not None and request is not None:
        case = SERVICE.evolve[VisitRequested](case, request)
        yield _asked(request, policy)
    for clock in clocks(case) if case else ():
        if case and clock.done_at is None:
            yield from _of(clock, case, policy, reminders, end)


def _running(facts: Sequence[Fact]) -> list[TargetClock]:
    case = _case(facts)
    return [clock for clock in clocks(case) if clock.done_at is None] if case else []


def _waiting(clock: TargetClock, at: datetime) -> Iterator[Waiting]:
    for pause in clock.target.pauses:
        if pause.starts_at <= at < pause.ends_at:
            named = clock.target.name, clock.cycle, clock.target.revision
            yield Waiting(*named, pause.reason, pause.starts_at, pause.ends_at)


def _case(facts: Sequence[Fact]) -> Case | None:
    after = [case for _, case in cases(facts)]
    return after[-1] if after else None


def _request(facts: Sequence[Fact]) -> VisitRequested | None:
    """The request that followup will say when the scheduled visit opens; None without a scheduled visit."""
    turns = (VisitScheduled, VisitRequested, ComplaintReopened, ComplaintClosed)
    last = next((fact for fact in reversed(facts) if isinstance(fact, turns)), None)
    if not isinstance(last, VisitScheduled):
        return None
    answers = (fact.plan for fact in reversed(facts) if isinstance(fact, ComplaintAnswered))
    return VisitRequested.model_validate({**last.model_dump(), "at": last.opens_at, "plan": next(answers, None)})


def _asked(request: VisitRequested, policy: PolicyPack) -> Coming:
    left = request.due_at - request.opens_at
    return Coming(
        due_at=request.opens_at,
        target="visit",
        cycle=request.cycle,
        revision=request.attempt,
        what="visit",
        level=0,
        whom=None,
        queue=party(policy, request.desk),
        action="visit",
        target_due_at=request.due_at,
        working=False,
        left=left,
        left_wall=left,
    )


def _of(clock: TargetClock, case: Case, policy: PolicyPack, reminders: int | None, end: datetime) -> Iterator[Coming]:
    """The rungs of one clock that have not been told, up to the end and so many reminders."""
    told, reminded = told_of(case, clock), 0
    left = takewhile(lambda rung: rung.due_at <= end, rungs(clock, policy, told.highest))
    for rung, whom in will_be_told(policy, clock, left, told.people):
        reminded += rung.is_reminder
        if reminders is not None and reminded > reminders:
            return
        yield _row(clock, rung, whom, policy)


def _what(clock: TargetClock, rung: RungDue) -> What:
    if rung.is_reminder:
        return "reminder"
    if rung.step.is_warning:
        return "warning"
    if rung.step.at_percent != 100:
        return "escalation"
    return "resumes" if kind_of(clock.target.name).ends_at_its_date else "breach"


def _row(clock: TargetClock, rung: RungDue, whom: Whom, policy: PolicyPack) -> Coming:
    counts, due_at = counting_for(policy, clock.target), clock.target.due_at
    return Coming(
        due_at=rung.due_at,
        target=clock.target.name,
        cycle=clock.cycle,
        revision=clock.target.revision,
        what=_what(clock, rung),
        level=rung.step.level,
        whom=whom,
        queue=party(policy, rung.queue),
        action=rung.step.action,
        target_due_at=due_at,
        working=clock.target.calendar is not None,
        left=counts.between(rung.due_at, due_at) if rung.due_at <= due_at else -counts.between(due_at, rung.due_at),
        left_wall=due_at - rung.due_at,
    )
