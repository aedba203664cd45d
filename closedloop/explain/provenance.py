"""The origin of a date, as router wrote it into the target; for facts of older versions, as the facts imply it."""

from __future__ import annotations

from closedloop.explain.following import Followed
from schemas.facts import ApprovalRequested, CallbackPromised, Fact, VisitRequested, WorkPaused
from schemas.pointers import ASSIGN, REPORT, UPDATE, of_cap, of_consent, of_final, of_target
from schemas.targets import kind_of

OF_THE_PACK = {"assign": ASSIGN, "arbitrate": ASSIGN, "update": UPDATE, "report": REPORT}
"""What dates the targets of the centre and of an incident."""


def rule_of(followed: Followed) -> str | None:
    """The place in the pack that gives the target its length; None where somebody named the date."""
    return followed.clock.target.rule or _implied_rule(followed)


def moved_by(followed: Followed) -> str | None:
    """The fact that put this date in place of another; None where it is the target's first or begins anew."""
    target = followed.clock.target
    if followed.before is None or target.rule is not None or target.moved_by is not None:
        return target.moved_by
    fact, kind = followed.begun_by, kind_of(target.name)
    renews = is_anew(fact, target.name) or followed.before.done_by is fact or kind.ends_at_its_date
    return None if renews else type(fact).__name__


def is_anew(fact: Fact, target: str) -> bool:
    """Whether a promise met this target, which is wanted again; what a promise brings itself is the call."""
    return isinstance(fact, CallbackPromised) and target != "callback"


def _implied_rule(followed: Followed) -> str | None:
    name, fact = followed.clock.target.name, followed.begun_by
    if name == "callback" or isinstance(fact, VisitRequested):
        return None
    return OF_THE_PACK.get(name) or _in_the_plan(followed.began.plan, name, fact)


def _in_the_plan(plan: str | None, name: str, fact: Fact) -> str:
    if name == "resume" and isinstance(fact, WorkPaused):
        return of_cap(plan, fact.reason)
    if name == "approve" and isinstance(fact, ApprovalRequested):
        return of_consent(plan, None if fact.what == "extension" else fact.subject)
    return of_final(plan) if name == "final" else of_target(plan, name)
