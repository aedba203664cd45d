"""What escalation remembers of a complaint: the plan it watches, the visit it watches, and what it has told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    BreachRetracted,
    ComplaintClosed,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineMet,
    Rung,
    Target,
    VisitAttempted,
    VisitRequested,
    Work,
)
from services.shared.machine import Case as BaseCase
from services.shared.machine import Section

MET_BY: Mapping[str, frozenset[str]] = {
    "WorkAccepted": frozenset({"accept"}),
    "CustomerContacted": frozenset({"accept", "contact"}),
    "ProgressReported": frozenset({"accept", "progress"}),
    "ComplaintAnswered": frozenset({"accept", "contact", "progress", "answer"}),
    "ComplaintRouted": frozenset({"assign"}),
    "VisitAttempted": frozenset({"visit"}),
}
"""Which facts meet which targets."""


class Watched(Section):
    """A target and who has to meet it."""

    target: Target
    department: str


class Plan(Section):
    """The targets of the case (router), and when what they ask for was done."""

    cycle: int = 1
    name: str | None = None
    level: int = 0
    watched: tuple[Watched, ...] = ()
    done: Mapping[str, Instant] = Field(default_factory=dict)


class Visit(Section):
    """The visit that is asked for (followup)."""

    cycle: int = 1
    desk: str = ""
    target: Target | None = None
    done: Mapping[str, Instant] = Field(default_factory=dict)
    ended: bool = False


class Told(Section):
    """What has been said about one target's clock (escalation)."""

    rungs: tuple[int, ...] = ()
    queues: tuple[str, ...] = ()
    breached: bool = False
    settled: bool = False


class Case(BaseCase):
    """Escalation's memory of one complaint."""

    plan: Plan = Field(default_factory=Plan)
    visit: Visit = Field(default_factory=Visit)
    told: Mapping[str, Told] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """One target of one cycle that is watched."""

    cycle: int
    target: Target
    department: str
    plan: str | None
    level: int
    done_at: datetime | None

    @property
    def key(self) -> str:
        """Names the clock among all of the case."""
        return key_of(self.cycle, self.target.name, self.target.revision)


def key_of(cycle: int, target: str, revision: int) -> str:
    """The name of a clock in `Case.told` and in the sections' `done`."""
    return f"{cycle}/{target}/{revision}"


def clocks(case: Case) -> Iterator[Clock]:
    """Every clock of the current plan and visit, running or done; none once the complaint has ended."""
    plan, visit = case.plan, case.visit
    if visit.ended:
        return
    for watched in plan.watched if plan.cycle >= visit.cycle else ():
        done = plan.done.get(key_of(plan.cycle, watched.target.name, watched.target.revision))
        yield Clock(plan.cycle, watched.target, watched.department, plan.name, plan.level, done)
    if visit.target is not None:
        done = visit.done.get(key_of(visit.cycle, "visit", visit.target.revision))
        yield Clock(visit.cycle, visit.target, visit.desk, plan.name, 0, done)


def owner(case: Case) -> str:
    """Who has to act: the department that owns the plan, else the desk that has to visit."""
    return case.plan.watched[-1].department if case.plan.watched else case.visit.desk


def routed(case: Case | None, fact: ComplaintRouted) -> Case:
    """A department's plan begins; what the centre had to do stays, done, until it has its verdict.

    Not in the next cycle: what was done in the last one is not done there, it has no place in it.
    """
    case = case or Case(policy=fact.policy)
    kept = case.plan.watched if case.plan.cycle == fact.cycle else ()
    assigned = tuple(w for w in kept if w.target.name in MET_BY["ComplaintRouted"])
    watched = (*assigned, *_watched(fact.targets, fact.department))
    done = _done(case.plan, fact, fact.at)
    return _plan(case, cycle=fact.cycle, name=fact.plan, level=fact.level, watched=watched, done=done)


def unroutable(case: Case | None, fact: ComplaintUnroutable) -> Case:
    """The centre has to assign it."""
    case = case or Case(policy=fact.policy)
    return _plan(case, cycle=fact.cycle, name=None, watched=_watched(fact.targets, fact.department))


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre has to assign it anew; targets that are not in the fact are cancelled."""
    return _plan(case, cycle=fact.cycle, watched=_watched(fact.targets, fact.owner))


def worked(case: Case, fact: Work) -> Case:
    """The department did something that targets ask for."""
    return _plan(case, done=_done(case.plan, fact, fact.judged_at))


def visit_requested(case: Case, fact: VisitRequested) -> Case:
    """The desk has to visit; each attempt is a date of its own."""
    target = Target(name="visit", starts_at=fact.opens_at, due_at=fact.due_at, revision=fact.attempt)
    return _visit(case, cycle=fact.cycle, desk=fact.desk, target=target)


def visited(case: Case, fact: VisitAttempted) -> Case:
    """The desk called."""
    key = key_of(fact.cycle, "visit", fact.attempt)
    return _visit(case, done={**case.visit.done, key: fact.at})


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins; its plan follows."""
    return _visit(case, cycle=fact.cycle, target=None)


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """Nothing is watched any more."""
    return _visit(case, ended=True)


def told(case: Case, fact: Rung) -> Case:
    """A rung was taken."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    known = case.told.get(key, Told())
    changes = {
        "rungs": (*known.rungs, fact.rung),
        "queues": tuple(dict.fromkeys((*known.queues, fact.queue))),
        "breached": known.breached or fact.due_at >= fact.target_due_at,
    }
    return _told(case, key, known.model_copy(update=changes))


def met(case: Case, fact: DeadlineMet) -> Case:
    """A target was met: its clock has its verdict."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    return _told(case, key, case.told.get(key, Told()).model_copy(update={"settled": True}))


def retracted(case: Case, fact: BreachRetracted) -> Case:
    """A breach was taken back."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    return _told(case, key, case.told.get(key, Told()).model_copy(update={"breached": False}))


def _watched(targets: tuple[Target, ...], department: str) -> tuple[Watched, ...]:
    return tuple(Watched(target=target, department=department) for target in targets)


def _done(plan: Plan, fact: Work | ComplaintRouted, at: datetime) -> dict[str, datetime]:
    """The first time that counts for each target that this fact meets; a later one changes nothing."""
    meets = MET_BY[type(fact).__name__]
    met = [w.target for w in plan.watched if w.target.name in meets]
    return {**{key_of(plan.cycle, t.name, t.revision): at for t in met}, **plan.done}


def _plan(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"plan": case.plan.model_copy(update=changes)})


def _visit(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"visit": case.visit.model_copy(update=changes)})


def _told(case: Case, key: str, told: Told) -> Case:
    return case.model_copy(update={"told": {**case.told, key: told}})
