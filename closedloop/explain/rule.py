"""The rule behind a target: the part of the policy pack that gives its length, and who set it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from closedloop.explain.following import Followed
from closedloop.explain.parties import Party, party, zone_of
from closedloop.explain.promise import Given, promise
from closedloop.explain.provenance import is_anew
from schemas.facts import (
    ApprovalRequested,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    IncidentDeclared,
    VisitRequested,
    Work,
    WorkPaused,
)
from schemas.policy import PolicyPack
from schemas.spoken import Words
from schemas.targets import ROUTING, kind_of

By = Literal["policy", "centre", "department", "followup"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a target's length comes from; dates that somebody said themselves have no length."""

    plan: str | None
    length: timedelta | None
    in_days: Words | None
    """What it is in words, where it is a length in days; `length` is absent then."""
    length_calendar: str | None
    """By which calendar the length counts; `calendar` is the one of the date, which may stand before its end."""
    shortened: bool
    calendar: str | None
    zone: str
    """In which zone people read its dates: the calendar's, else that of the pack's own."""
    calendar_of: Literal["department", "pack"] | None
    given: Given
    subject: str
    owner: Party
    """The department that got it; `now_with` is its present owner, if that is another one."""
    now_with: Party | None
    by: By
    reason: str
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """The patterns of the route that fitted, where one did."""
    place: str | None = None
    """Where the pack gives the length, as a JSON Pointer."""


def rule(policy: PolicyPack, followed: Followed, facts: Sequence[Fact]) -> Rule:
    """The rule behind one clock."""
    clock, owner, found = followed.clock, followed.began.department, promise(policy, followed)
    calendar = clock.target.calendar
    named, own = found.calendar or calendar, policy.departments.get(owner)
    by, reason = _asked_by(policy, followed.given_by)
    categories, areas = _route(policy, followed.given_by, facts)
    return Rule(
        plan=followed.began.plan,
        length=found.length,
        in_days=found.in_days,
        length_calendar=found.calendar,
        shortened=found.shortened,
        calendar=calendar,
        zone=zone_of(policy, calendar or (found.calendar if found.in_days else None)),
        calendar_of=None if named is None else "department" if own and own.calendar == named else "pack",
        given=found.given,
        subject=found.subject,
        owner=party(policy, owner),
        now_with=None if clock.department == owner else party(policy, clock.department),
        by=by,
        reason=reason,
        categories=categories,
        areas=areas,
        place=found.place,
    )


BEGINS_WITH: dict[type[Fact], str] = {
    VisitRequested: "visit",
    ComplaintReturned: "returned",
    ComplaintUnroutable: "unroutable",
    CallbackPromised: "promised",
    ApprovalRequested: "asked",
    WorkPaused: "paused",
    IncidentDeclared: "declared",
    ComplaintAnswered: "answered",
}
"""The event that begins each target which no plan names; those of a plan follow below."""


def starts_with(followed: Followed) -> str:
    """The event at which its time began to count: received, reopened, routed, anew or one of BEGINS_WITH."""
    fact, clock = followed.started_by, followed.clock
    if type(fact) in BEGINS_WITH and not is_anew(fact, clock.target.name):
        return BEGINS_WITH[type(fact)]
    if isinstance(fact, ComplaintRouted) and (
        clock.target.name == "update" or kind_of(clock.target.name).counts_from == ROUTING
    ):
        return "routed"
    if isinstance(fact, Work) and clock.target.name != "final":
        return "anew"
    return "reopened" if clock.cycle > 1 else "received"


def _asked_by(policy: PolicyPack, fact: Fact) -> tuple[By, str]:
    if isinstance(fact, ComplaintRouted):
        return fact.by, fact.reason
    if isinstance(fact, ComplaintUnroutable):
        return "policy", fact.reason
    if isinstance(fact, Work):
        return "centre" if fact.department == policy.centre else "department", fact.note
    return "followup", ""


def _route(policy: PolicyPack, fact: Fact, facts: Sequence[Fact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patterns by which the policy routed the complaint in its first cycle."""
    received = next((one for one in facts if isinstance(one, ComplaintReceived)), None)
    if received is None or not isinstance(fact, ComplaintRouted) or fact.by != "policy" or fact.cycle > 1:
        return (), ()
    route = policy.route(received.category, received.area, received.tier)
    return (route.category, route.area) if route else ((), ())
