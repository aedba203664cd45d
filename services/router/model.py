"""Router's case: the matter, the owner with the plan of dates, and the state of the loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    Target,
    VisitAttempted,
    VisitRequested,
    Work,
    WorkPaused,
    WorkResumed,
)
from schemas.targets import met_by
from services.shared.machine import documents


class Matter(documents.Section):
    """The content of the complaint (intake)."""

    reference: str
    category: str | None
    area: str | None
    language: str
    subject: str
    text: str
    customer_ref: str
    received_at: Instant
    due_at: Instant | None
    tier: str | None = None
    safety: bool = False
    affected: int | None = None


class Wait(documents.Section):
    """A pause of the work: its reason, its beginning, and its cap."""

    reason: str
    since: Instant
    until: Instant


class Request(documents.Section):
    """One request for consent: its content, its sender, its reason and its outcome."""

    what: Literal["extension", "pause"]
    subject: str
    until: Instant
    number: int = 0
    """Which of the complaint's requests: the revision of its target `approve`."""
    approver: str | None = None
    department: str | None = None
    note: str = ""
    ended: Literal["decided", "withdrawn"] | None = None


class Incident(documents.Section):
    """What is known of a major incident."""

    reason: str
    occurred_at: Instant | None = None
    place: str | None = None
    symptom: str = ""
    response: str = ""


class Aside(documents.Section):
    """The unmet targets that a return took off the plan, and the time of the return: the next department gets them."""

    targets: tuple[Target, ...]
    at: Instant


class Plan(documents.Section):
    """The owner and the dates (router)."""

    cycle: int = 1
    level: int | None = None
    """How many levels up the ladders begin; a plan of an older version does not know it."""
    department: str = ""
    previous: str | None = None
    earlier: tuple[str, ...] = ()
    """The earlier owners, each once, the centre included."""
    name: str | None = None
    targets: tuple[Target, ...] = ()
    revisions: Mapping[str, int] = Field(default_factory=dict)
    aside: Aside | None = None
    done: tuple[str, ...] = ()
    """The targets of this cycle that something has met, in time or not."""
    answered: bool = False
    answer: str = ""
    wait: Wait | None = None
    asked: Request | None = None
    lapsed: Request | None = None
    """The last request that is decided or withdrawn."""
    times: Mapping[str, int] = Field(default_factory=dict)
    """How often in this cycle it was returned, held, extended, or paused for each reason."""
    granted: Mapping[str, Instant] = Field(default_factory=dict)
    """The dates of this cycle that the centre has consented to."""
    manager: str | None = None
    """The department that follows the major incident; None without one."""
    incident: Incident | None = None
    """The latest declaration."""
    reported: bool = False


class Visit(documents.Section):
    """The last visit that a desk was asked for, and whether the desk has reported it."""

    desk: str
    cycle: int
    attempt: int
    opens_at: Instant | None = None
    due_at: Instant | None = None
    reported: bool = False


class Loop(documents.Section):
    """How the loop stands (followup)."""

    cycle: int = 1
    level: int = 0
    reopened_at: Instant | None = None
    ended: bool = False
    ended_at: Instant | None = None
    visit: Visit | None = None


class Case(documents.Case):
    """Router's memory of one complaint."""

    matter: Matter
    plan: Plan = Field(default_factory=Plan)
    loop: Loop = Field(default_factory=Loop)


def received(case: Case | None, fact: ComplaintReceived) -> Case:
    """The complaint begins."""
    return Case(policy=fact.policy, matter=Matter.model_validate(fact, from_attributes=True))


def assigned(case: Case, fact: ComplaintRouted) -> Case:
    """A department owns it under a plan."""
    if fact.cycle != case.plan.cycle:
        case = _plan(case, done=(), times={}, granted={})
    return _owned(case, fact, fact.department, name=fact.plan, level=fact.level, answered=False, answer="")


def unassigned(case: Case, fact: ComplaintUnroutable) -> Case:
    """The centre owns it until it is assigned."""
    return _owned(case, fact, fact.department, name=None, answered=False, answer="")


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre owns it again; the plan's name is kept for the next department."""
    kept = {target.name for target in fact.targets}
    aside = Aside(targets=tuple(t for t in case.plan.targets if t.name not in kept), at=fact.judged_at)
    return _owned(case, fact, fact.owner, times=_once_more(case, "returned"), aside=aside)


def worked(case: Case, fact: Work) -> Case:
    """Somebody did something: targets are met, and the plan may be another from here on."""
    return _plan(case, **_planned(case, fact.targets, met_by(fact, case.plan.department)))


def held(case: Case, fact: HoldingReplySent) -> Case:
    """The customer knows that the final answer takes longer."""
    return _plan(worked(case, fact), times=_once_more(case, "held"))


def paused(case: Case, fact: WorkPaused) -> Case:
    """The work waits."""
    wait = Wait(reason=fact.reason, since=fact.judged_at, until=fact.until)
    return _plan(worked(case, fact), wait=wait, times=_once_more(case, f"pause/{fact.reason}"))


def resumed(case: Case, fact: WorkResumed) -> Case:
    """The work goes on."""
    return _plan(worked(case, fact), wait=None)


def asked(case: Case, fact: ApprovalRequested) -> Case:
    """The centre has to decide."""
    number = next((t.revision for t in fact.targets or () if t.name == "approve"), 0)
    request = Request.model_validate(fact, from_attributes=True)
    return _plan(worked(case, fact), asked=request.model_copy(update={"number": number}))


def granted(case: Case, fact: ApprovalGranted) -> Case:
    """The centre has consented."""
    if fact.what == "pause":
        return _plan(worked(case, fact), **_over(case, "decided"))
    later = {**case.plan.granted, fact.subject: fact.until}
    return _plan(worked(case, fact), **_over(case, "decided"), granted=later, times=_once_more(case, "extension"))


def refused(case: Case, fact: ApprovalRefused) -> Case:
    """The centre has not consented."""
    return _plan(worked(case, fact), **_over(case, "decided"))


def declared(case: Case, fact: IncidentDeclared) -> Case:
    """It is a major incident."""
    known = {"reason": fact.reason, **fact.record.model_dump()}
    return _plan(worked(case, fact), manager=fact.manager, incident=Incident.model_validate(known))


def reported(case: Case, fact: IncidentReported) -> Case:
    """The incident's report is written."""
    return _plan(worked(case, fact), reported=True)


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The answer is with the customer."""
    return _plan(worked(case, fact), answered=True, answer=fact.note, wait=None, **_over(case, "withdrawn"))


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins, one level up."""
    return _loop(case, cycle=fact.cycle, level=fact.level, reopened_at=fact.at, ended=False)


def requested(case: Case, fact: VisitRequested) -> Case:
    """The desk has to visit."""
    return _loop(case, visit=Visit.model_validate(fact, from_attributes=True))


def visited(case: Case, fact: VisitAttempted) -> Case:
    """The desk has reported its visit."""
    known = case.loop.visit
    if known is None or (known.cycle, known.attempt) != (fact.cycle, fact.attempt):
        known = Visit.model_validate(fact, from_attributes=True)
    return _loop(case, visit=known.model_copy(update={"reported": True}))


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return _loop(case, ended=True, ended_at=fact.at)


def lapsed(case: Case, fact: PlanLapsed) -> Case:
    """Nothing is asked for any more."""
    return _plan(case, **_planned(case, fact.targets))


def _owned(
    case: Case, fact: ComplaintRouted | ComplaintUnroutable | ComplaintReturned, department: str, **more: object
) -> Case:
    previous = case.plan.department if case.plan.department not in ("", department) else None
    had = dict.fromkeys((*case.plan.earlier, *([previous] if previous else [])))
    owner = {"cycle": fact.cycle, "department": department, "previous": previous, "earlier": tuple(had)}
    over = {"wait": None, "aside": None, **_over(case, "withdrawn")}
    return _plan(case, **{**owner, **over, **_planned(case, fact.targets), **more})


def _planned(case: Case, targets: tuple[Target, ...] | None, met: frozenset[str] = frozenset()) -> dict[str, object]:
    """The plan from here on; a target that gets another date is not done."""
    plan, done = case.plan, {*case.plan.done, *met}
    if targets is None:
        return {"done": tuple(sorted(done))}
    done -= {t.name for t in targets if t.revision > plan.revisions.get(t.name, 0)}
    revisions = {**plan.revisions, **{t.name: t.revision for t in targets}}
    return {"targets": targets, "revisions": revisions, "done": tuple(sorted(done))}


def _over(case: Case, how: Literal["decided", "withdrawn"]) -> dict[str, object]:
    """Nothing is asked any more, and what became of what was."""
    asked = case.plan.asked
    return {} if asked is None else {"asked": None, "lapsed": asked.model_copy(update={"ended": how})}


def _once_more(case: Case, what: str) -> dict[str, int]:
    return {**case.plan.times, what: case.plan.times.get(what, 0) + 1}


def _plan(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"plan": case.plan.model_copy(update=changes)})


def _loop(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"loop": case.loop.model_copy(update=changes)})
