"""Escalation's case of a complaint: the plan and the visit that it watches, and the rungs and verdicts it has told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    BreachRetracted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    IncidentDeclared,
    PlanLapsed,
    Rung,
    RungsRetracted,
    Target,
    VisitAttempted,
    VisitRequested,
    Work,
)
from schemas.targets import cycle_of, met_by
from services.escalation.told import NOTHING_TOLD, Heard, Told
from services.shared.machine.documents import Case as BaseCase
from services.shared.machine.documents import Section


class Watched(Section):
    """A target, who has to meet it, and since when it has this date."""

    target: Target
    department: str
    since: Instant | None = None


class Gone(Section):
    """The targets of the previous plan, with the moment and the fact that replaced it."""

    cycle: int
    name: str | None
    level: int
    watched: tuple[Watched, ...]
    at: Instant
    by: str


class Plan(Section):
    """The targets of the case (router), and when what they ask for was done."""

    cycle: int = 1
    department: str = ""
    name: str | None = None
    level: int = 0
    raised: int = 0
    """The level from which every ladder begins, because it is a major incident."""
    watched: tuple[Watched, ...] = ()
    answered: bool = False
    gone: Gone | None = None
    done: Mapping[str, Instant] = Field(default_factory=dict)


class Visit(Section):
    """The visit that is asked for, and how the loop stands (followup)."""

    cycle: int = 1
    plan: str | None = None
    desk: str = ""
    target: Target | None = None
    done: Mapping[str, Instant] = Field(default_factory=dict)
    closed_at: Instant | None = None


class Case(BaseCase):
    """Escalation's memory of one complaint."""

    plan: Plan = Field(default_factory=Plan)
    visit: Visit = Field(default_factory=Visit)
    told: Mapping[str, Told] = Field(default_factory=dict)


def key_of(cycle: int, target: str, revision: int) -> str:
    """The name of a clock in `Case.told` and in the sections' `done`."""
    return f"{cycle}/{target}/{revision}"


def owner(case: Case) -> str:
    """The department that has to act: the owner of the plan, or the desk of the visit."""
    return case.plan.department or case.visit.desk


def routed(case: Case | None, fact: ComplaintRouted) -> Case:
    """A department's plan begins."""
    case = case or Case(policy=fact.policy)
    owner = {"department": fact.department, "name": fact.plan, "level": fact.level, "answered": False}
    return _planned(case, fact, fact.targets, fact.at, **owner)


def unroutable(case: Case | None, fact: ComplaintUnroutable) -> Case:
    """The centre has to assign it."""
    case = case or Case(policy=fact.policy)
    return _planned(case, fact, fact.targets, fact.at, department=fact.department, name=None)


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre has to assign it anew."""
    return _planned(case, fact, fact.targets, fact.judged_at, department=fact.owner)


def worked(case: Case, fact: Work) -> Case:
    """Somebody did something that targets ask for, and the plan may be another from here on."""
    if fact.targets is not None:
        return _planned(case, fact, fact.targets, fact.judged_at)
    return _plan(case, done=_done(case.plan, fact, fact.judged_at))


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The answer is with the customer."""
    return _plan(worked(case, fact), answered=True)


def declared(case: Case, fact: IncidentDeclared) -> Case:
    """It is a major incident: every ladder begins higher."""
    return _plan(worked(case, fact), raised=max(case.plan.raised, fact.level))


def visit_requested(case: Case, fact: VisitRequested) -> Case:
    """The desk has to visit; each attempt is a date of its own."""
    window = {"starts_at": fact.opens_at, "due_at": fact.due_at, "calendar": fact.calendar}
    target = Target(name="visit", revision=fact.attempt, **window)
    return _visit(case, cycle=fact.cycle, plan=fact.plan, desk=fact.desk, target=target)


def visited(case: Case, fact: VisitAttempted) -> Case:
    """The desk called."""
    key = key_of(fact.cycle, "visit", fact.attempt)
    return _visit(case, done={**case.visit.done, key: fact.at})


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins; its plan follows."""
    return _visit(case, cycle=fact.cycle, target=None)


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """Nothing is watched any more."""
    return _visit(case, closed_at=fact.at)


def lapsed(case: Case, fact: PlanLapsed) -> Case:
    """Targets that were still open at the end need not be met."""
    return _planned(case, fact, fact.targets, fact.at)


def told(case: Case, fact: Rung) -> Case:
    """A rung was taken."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    known = case.told.get(key, NOTHING_TOLD)
    people = tuple(dict.fromkeys((*([fact.person] if fact.person else []), *fact.copies)))
    before = _heard_before(known, fact, people)
    run = before.run_with(fact)
    within = fact.rung - 1 if run is not None and not run.is_begun_by(fact) else None
    changes = {
        "rungs": (*(rung for rung in known.rungs if rung != within), fact.rung),
        "queues": tuple(dict.fromkeys((*known.queues, fact.queue))),
        "people": tuple(dict.fromkeys((*known.people, *people))),
        "breached": known.breached or fact.due_at >= fact.target_due_at,
        "heard": (*(heard for heard in known.heard if heard is not before), before.after(fact, run)),
    }
    return _told(case, key, known.model_copy(update=changes))


def _heard_before(known: Told, fact: Rung, people: tuple[str, ...]) -> Heard:
    """What the same people have heard before on the same queue and with the same action."""
    whom = fact.queue, fact.action, people
    new = Heard(queue=fact.queue, action=fact.action, people=people)
    return next((heard for heard in known.heard if (heard.queue, heard.action, heard.people) == whom), new)


def settled(case: Case, fact: DeadlineMet | DeadlineMissed | DeadlineMoved | DeadlineCancelled) -> Case:
    """A target was met, late or not, moved or cancelled: its clock has its verdict."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    return _told(case, key, case.told.get(key, NOTHING_TOLD).model_copy(update={"settled": True}))


def retracted(case: Case, fact: BreachRetracted | RungsRetracted) -> Case:
    """A breach was taken back, or rungs that were due only after the end of their clock."""
    key = key_of(fact.cycle, fact.target, fact.revision)
    known = case.told.get(key, NOTHING_TOLD)
    rungs = tuple(sorted({*known.retracted, *(rung for telling in fact.taken_back for rung in telling.rungs)}))
    stands = known.breached and not isinstance(fact, BreachRetracted)
    return _told(case, key, known.model_copy(update={"breached": stands, "retracted": rungs}))


def _planned(case: Case, fact: Fact, targets: tuple[Target, ...], at: datetime, **owner: Any) -> Case:
    """Another plan: what goes on with its date stays as it is, what does not is gone.

    What was done in the last cycle is not done in the next one.
    """
    plan = case.plan
    known = {_identity(plan.cycle, w.target): w for w in plan.watched}
    department = owner.get("department", plan.department)
    watched = tuple(_watch(known.get(_identity(fact.cycle, t)), t, department, at) for t in targets)
    now = {_identity(fact.cycle, t) for t in targets}
    gone = tuple(w for identity, w in known.items() if identity not in now)
    ladders = {"cycle": plan.cycle, "name": plan.name, "level": max(plan.level, plan.raised)}
    before = Gone(**ladders, watched=gone, at=at, by=type(fact).__name__) if gone else None
    done = _done(plan, fact, at)
    return _plan(case, **{"cycle": fact.cycle, "watched": watched, "gone": before, "done": done, **owner})


def _identity(cycle: int, target: Target) -> tuple[int, str, int]:
    return cycle_of(target.name, cycle), target.name, target.revision


def _watch(known: Watched | None, target: Target, department: str, at: datetime) -> Watched:
    return Watched(target=target, department=target.department or department, since=known.since if known else at)


def _done(plan: Plan, fact: Fact, at: datetime) -> dict[str, datetime]:
    """The first time that counts for each target that this fact meets; a later one changes nothing."""
    meets = met_by(fact, plan.department)
    keys = (key_of(*_identity(plan.cycle, w.target)) for w in plan.watched if w.target.name in meets)
    return {**dict.fromkeys(keys, at), **plan.done}


def _plan(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"plan": case.plan.model_copy(update=changes)})


def _visit(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"visit": case.visit.model_copy(update=changes)})


def _told(case: Case, key: str, told: Told) -> Case:
    return case.model_copy(update={"told": {**case.told, key: told}})
