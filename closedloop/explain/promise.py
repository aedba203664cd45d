"""The promise of the policy about a target: its length, and the part of the pack that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from closedloop.explain.following import Followed
from schemas.facts import ApprovalRequested, VisitRequested, WorkPaused
from schemas.policy import Every, Length, Plan, PolicyPack, once, span_of
from schemas.targets import kind_of
from services.shared.timing.counting import until

Given = Literal[
    "length", "every", "total", "stated", "centre", "consent", "cap", "promise", "holding", "update", "report", "visit"
]
"""Which words: a plan's own target, what a pause or a reply brings along, the centre's, an incident's, a visit's."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How long it may take, by whose calendar; no length where the date itself was said."""

    given: Given
    length: timedelta | None = None
    calendar: str | None = None
    subject: str = ""
    """What it is about: the reason of a pause, or the target whose date shall move."""
    shortened: bool = False
    """Whether the date stands before the end of that length: something else ends first, or less was asked for."""


def promise(policy: PolicyPack, followed: Followed) -> Promise:
    """What stands behind one clock's date, before anything moved it."""
    target, owner = followed.clock.target, followed.began.department
    if isinstance(followed.begun_by, VisitRequested):
        return Promise("visit", target.due_at - target.starts_at)
    given, length, subject = _words(policy, followed)
    if length is None:
        return Promise(given, subject=subject)
    is_shorter = given in ("cap", "consent") and target.due_at < until(policy, length, owner, target.starts_at)
    return Promise(given, span_of(length), policy.calendar_of(owner, length), subject, is_shorter)


def _words(policy: PolicyPack, followed: Followed) -> tuple[Given, Length | None, str]:
    name, plan = followed.clock.target.name, policy.plans.get(followed.began.plan or "")
    if name in ("assign", "arbitrate"):
        return "centre", policy.assign_within, ""
    if name in ("callback", "resume", "approve", "final"):
        return _of_replies(name, plan, followed)
    if name in ("update", "report") and policy.incidents is not None:
        incidents = policy.incidents
        return ("update", incidents.update, "") if name == "update" else ("report", incidents.report_within, "")
    named = plan.targets.get(name) if plan else None
    if named is None or named == "stated":
        return "stated", None, ""
    return (
        "total" if "cycle" in kind_of(name).outlives else "every" if isinstance(named, Every) else "length",
        once(named),
        "",
    )


def _of_replies(name: str, plan: Plan | None, followed: Followed) -> tuple[Given, Length | None, str]:
    """What a reply brought along: the words of the plan under which it was sent."""
    fact = followed.begun_by
    if name == "resume" and isinstance(fact, WorkPaused):
        pause = plan.pauses.get(fact.reason) if plan else None
        return "cap", pause.at_most if pause else None, fact.reason
    if name == "approve" and isinstance(fact, ApprovalRequested):
        return "consent", _decided_within(plan, fact), fact.subject
    if name == "final":
        return "holding", plan.holding.final_within if plan and plan.holding else None, ""
    return "promise", None, ""


def _decided_within(plan: Plan | None, asked: ApprovalRequested) -> Length | None:
    if plan is None:
        return None
    if asked.what == "extension":
        return plan.extension.approved_within if plan.extension else None
    pause = plan.pauses.get(asked.subject)
    return pause.approved_within if pause else None
