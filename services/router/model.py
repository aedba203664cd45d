"""What router remembers of a complaint: what it is about, who owns it with which dates, and how the loop stands."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Target,
)
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


class Plan(Section):
    """Who owns it and by when (router)."""

    cycle: int = 1
    department: str = ""
    previous: str | None = None
    name: str | None = None
    targets: tuple[Target, ...] = ()
    revisions: Mapping[str, int] = Field(default_factory=dict)
    answered: bool = False
    answer: str = ""


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
    return _owned(case, fact.cycle, fact.department, fact.targets, name=fact.plan, answered=False, answer="")


def unassigned(case: Case, fact: ComplaintUnroutable) -> Case:
    """The centre owns it until it is assigned."""
    return _owned(case, fact.cycle, fact.department, fact.targets, name=None, answered=False, answer="")


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre owns it again; the plan's name is kept for the next department."""
    return _owned(case, fact.cycle, fact.owner, fact.targets)


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The answer is with the customer."""
    return _plan(case, answered=True, answer=fact.note)


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins, one level up."""
    loop = Loop(cycle=fact.cycle, level=fact.level, reopened_at=fact.at)
    return case.model_copy(update={"loop": loop})


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return case.model_copy(update={"loop": case.loop.model_copy(update={"ended": True})})


def _owned(case: Case, cycle: int, department: str, targets: tuple[Target, ...], **more: object) -> Case:
    revisions = {**case.plan.revisions, **{t.name: t.revision for t in targets}}
    previous = case.plan.department if case.plan.department not in ("", department) else None
    owner = {"cycle": cycle, "department": department, "previous": previous}
    return _plan(case, **owner, targets=targets, revisions=revisions, **more)


def _plan(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"plan": case.plan.model_copy(update=changes)})
