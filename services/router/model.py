"""What router remembers of a complaint: what it is about, who owns it with which dates, and how the loop stands."""

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
    Target,
    Work,
    WorkPaused,
    WorkResumed,
)
from schemas.targets import met_by
from services.shared.machine import Case as BaseCase
from services.shared.machine import Section


class Matter(Section):
    """What the complaint is about (intake)."""

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


class Wait(Section):
    """What the work waits for, since when, and until when at most."""

    reason: str
    since: Instant
    until: Instant


class Request(Section):
    """What the centre has been asked to consent to."""

    what: Literal["extension", "pause"]
    subject: str
    until: Instant


class Aside(Section):
    """What a return took off the plan and nothing has met, and when that counts: the next department takes it up."""

    targets: tuple[Target, ...]
    at: Instant


class Plan(Section):
    """Who owns it and by when (router)."""

    cycle: int = 1
    department: str = ""
    previous: str | None = None
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
    times: Mapping[str, int] = Field(default_factory=dict)
    """How often in this cycle it was returned, held, extended, or paused for each reason."""
    granted: Mapping[str, Instant] = Field(default_factory=dict)
    """The dates of this cycle that the centre has consented to."""
    manager: str | None = None
    """Who follows the major incident; None where it is none."""
    reported: bool = False


class Loop(Section):
    """How the loop stands (followup)."""

    cycle: int = 1
    level: int = 0
    reopened_at: Instant | None = None
    ended: bool = False


class Case(BaseCase):
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
    return _owned(case, fact, fact.department, name=fact.plan, answered=False, answer="")


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
    return _plan(worked(case, fact), asked=Request(what=fact.what, subject=fact.subject, until=fact.until))


def granted(case: Case, fact: ApprovalGranted) -> Case:
    """The centre has consented."""
    if fact.what == "pause":
        return _plan(worked(case, fact), asked=None)
    later = {**case.plan.granted, fact.subject: fact.until}
    return _plan(worked(case, fact), asked=None, granted=later, times=_once_more(case, "extension"))


def refused(case: Case, fact: ApprovalRefused) -> Case:
    """The centre has not consented."""
    return _plan(worked(case, fact), asked=None)


def declared(case: Case, fact: IncidentDeclared) -> Case:
    """It is a major incident."""
    return _plan(worked(case, fact), manager=fact.manager)


def reported(case: Case, fact: IncidentReported) -> Case:
    """The incident's report is written."""
    return _plan(worked(case, fact), reported=True)


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The answer is with the customer."""
    return _plan(worked(case, fact), answered=True, answer=fact.note, wait=None, asked=None)


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins, one level up."""
    loop = Loop(cycle=fact.cycle, level=fact.level, reopened_at=fact.at)
    return case.model_copy(update={"loop": loop})


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return case.model_copy(update={"loop": case.loop.model_copy(update={"ended": True})})


def _owned(
    case: Case, fact: ComplaintRouted | ComplaintUnroutable | ComplaintReturned, department: str, **more: object
) -> Case:
    previous = case.plan.department if case.plan.department not in ("", department) else None
    owner = {"cycle": fact.cycle, "department": department, "previous": previous}
    over = {"wait": None, "asked": None, "aside": None}
    return _plan(case, **{**owner, **over, **_planned(case, fact.targets), **more})


def _planned(case: Case, targets: tuple[Target, ...] | None, met: frozenset[str] = frozenset()) -> dict[str, object]:
    """The plan from here on; a target that gets another date is not done."""
    plan, done = case.plan, {*case.plan.done, *met}
    if targets is None:
        return {"done": tuple(sorted(done))}
    done -= {t.name for t in targets if t.revision > plan.revisions.get(t.name, 0)}
    revisions = {**plan.revisions, **{t.name: t.revision for t in targets}}
    return {"targets": targets, "revisions": revisions, "done": tuple(sorted(done))}


def _once_more(case: Case, what: str) -> dict[str, int]:
    return {**case.plan.times, what: case.plan.times.get(what, 0) + 1}


def _plan(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"plan": case.plan.model_copy(update=changes)})
