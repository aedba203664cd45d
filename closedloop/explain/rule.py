"""The rule behind a target: which words of which policy pack gave it its length, and who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from closedloop.explain.following import Followed
from schemas.facts import (
    ComplaintReceived,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    VisitRequested,
)
from schemas.policy import PolicyPack, once, span_of
from services.router.rules.dates import FROM_ROUTING


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a queue, by the name in the pack and as people call them."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a target's length comes from; `stated` dates came with the complaint and have no length."""

    plan: str | None
    length: timedelta | None
    calendar: str | None
    zone: str
    """In which zone people read its dates: the calendar's, else that of the pack's own."""
    calendar_of: Literal["department", "pack"] | None
    given: Literal["length", "stated", "visit"]
    owner: Party
    """Who got it; `now_with` is who has it since then, where that is somebody else."""
    now_with: Party | None
    by: Literal["policy", "centre", "department", "followup"]
    reason: str
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """The patterns of the route that fitted, where one did."""


def party(policy: PolicyPack, name: str) -> Party:
    """Who this is; a department that the pack does not know keeps its name."""
    known = policy.departments.get(name)
    return Party(name, known.zh if known else name, known.en if known else name)


def zone_of(policy: PolicyPack, calendar: str | None) -> str:
    """The zone of a calendar, else of the pack's own, else UTC."""
    named = calendar or policy.calendar
    return policy.calendars[named].zone if named else "UTC"


def rule(policy: PolicyPack, followed: Followed, facts: Sequence[Fact]) -> Rule:
    """The rule behind one clock."""
    clock, fact = followed.clock, followed.begun_by
    calendar = clock.target.calendar
    owner = _owner(fact)
    own = policy.departments.get(owner)
    length, given = _length(policy, followed)
    by, reason = _asked_by(fact)
    route = _route(policy, fact, facts)
    return Rule(
        plan=clock.plan,
        length=length,
        calendar=calendar,
        zone=zone_of(policy, calendar),
        calendar_of=None if calendar is None else "department" if own and own.calendar == calendar else "pack",
        given=given,
        owner=party(policy, owner),
        now_with=None if clock.department == owner else party(policy, clock.department),
        by=by,
        reason=reason,
        categories=route[0],
        areas=route[1],
    )


def starts_with(followed: Followed) -> str:
    """What happened when its time began to count: received, reopened, routed, unroutable, returned or visit."""
    fact, name = followed.begun_by, followed.clock.target.name
    if isinstance(fact, VisitRequested):
        return "visit"
    if isinstance(fact, ComplaintReturned):
        return "returned"
    if isinstance(fact, ComplaintUnroutable):
        return "unroutable"
    if name in FROM_ROUTING:
        return "routed"
    return "reopened" if followed.clock.cycle > 1 else "received"


def _owner(fact: Fact) -> str:
    """Whom a fact gives its targets to."""
    names = (getattr(fact, field, None) for field in ("owner", "department", "desk"))
    return next((name for name in names if name), "")


def _length(policy: PolicyPack, followed: Followed) -> tuple[timedelta | None, Literal["length", "stated", "visit"]]:
    target, plan = followed.clock.target, followed.clock.plan
    if isinstance(followed.begun_by, VisitRequested):
        return target.due_at - target.starts_at, "visit"
    named = None if plan is None else policy.plans[plan].targets.get(target.name)
    if target.name == "assign":
        named = policy.assign_within
    return (None, "stated") if named is None or named == "stated" else (span_of(once(named)), "length")


def _asked_by(fact: Fact) -> tuple[Literal["policy", "centre", "department", "followup"], str]:
    if isinstance(fact, ComplaintRouted):
        return fact.by, fact.reason
    if isinstance(fact, ComplaintUnroutable):
        return "policy", fact.reason
    if isinstance(fact, ComplaintReturned):
        return "department", fact.note
    return "followup", ""


def _route(policy: PolicyPack, fact: Fact, facts: Sequence[Fact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patterns by which the policy routed the complaint in its first cycle."""
    received = next((one for one in facts if isinstance(one, ComplaintReceived)), None)
    if received is None or not isinstance(fact, ComplaintRouted) or fact.by != "policy" or fact.cycle > 1:
        return (), ()
    route = policy.route(received.category, received.area, received.tier)
    return (route.category, route.area) if route else ((), ())
