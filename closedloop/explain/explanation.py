"""Every date of a complaint with everything it follows from: rule, what moved it, time, ladder, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from closedloop.explain.following import Followed, follow
from closedloop.explain.origin import Origin, moment, origin
from closedloop.explain.parties import zone_of
from closedloop.explain.plain import plain
from closedloop.explain.rule import Rule, rule, starts_with
from closedloop.explain.steps import Step, steps
from closedloop.explain.stretches import Stretch, stretches
from closedloop.explain.verdict import Verdict, verdict
from schemas.facts import ComplaintReceived, Fact, IncidentDeclared
from schemas.policy import PolicyPack
from services.shared.timing.counting import counting
from services.shared.timing.worktime import Calendar

BEFORE_IT_WAS_GIVEN = {"received": "ComplaintReceived", "reopened": "ComplaintReopened"}
"""Most of a plan's time counts from before somebody got it."""


class NothingYet(Exception):
    """At the moment that was asked for, nothing had been said of the complaint."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Why a ladder begins higher, by how many levels, and since when where an incident was declared."""

    levels: int
    by: Literal["incident", "cycle"]
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One target's clock in one cycle."""

    target: str
    cycle: int
    revision: int
    rule: Rule
    origin: Origin
    starts_at: datetime
    starts_with: str
    started_by: str
    """The fact with which its time began to count."""
    due_at: datetime
    stretches: tuple[Stretch, ...]
    unofficial_years: tuple[int, ...]
    """Of these the holidays are a guess: their authority had not published them."""
    raised: Raised | None
    steps: tuple[Step, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """All clocks that a complaint had up to a moment, in the order in which they began."""

    complaint_id: str
    reference: str
    subject: str
    at: datetime
    zone: str
    policy: str
    version: str
    hash: str
    targets: tuple[Dated, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs: in both languages, moments in UTC, lengths in seconds."""
        found: dict[str, Any] = plain(self)
        return found


def explain(facts: Sequence[Fact], policy: PolicyPack, at: datetime, target: str | None = None) -> Explanation:
    """What stood at a moment, and why; of one target alone where it is named. Raises NothingYet."""
    known = [fact for fact in facts if fact.at <= at]
    if not known:
        raise NothingYet(first_heard(facts))
    received = next((fact for fact in known if isinstance(fact, ComplaintReceived)), None)
    followed = [one for one in follow(known) if target in (None, one.clock.target.name)]
    return Explanation(
        complaint_id=known[0].complaint_id,
        reference=received.reference if received else "",
        subject=received.subject if received else "",
        at=at,
        zone=zone_of(policy, None),
        policy=policy.name,
        version=policy.version,
        hash=policy.hash,
        targets=tuple(_dated(policy, one, known, at) for one in followed),
    )


def first_heard(facts: Sequence[Fact]) -> str:
    """When a complaint's first fact happened, in words."""
    return f"nothing was known of it then: its first fact is of {facts[0].at.isoformat()}" if facts else "no facts"


def _dated(policy: PolicyPack, followed: Followed, facts: Sequence[Fact], at: datetime) -> Dated:
    target, found, begins = followed.clock.target, verdict(policy, followed, at), starts_with(followed)
    counts = counting(policy, target.calendar)
    guessed = counts.unofficial_years(target.starts_at, target.due_at) if isinstance(counts, Calendar) else ()
    return Dated(
        target=target.name,
        cycle=followed.clock.cycle,
        revision=target.revision,
        rule=rule(policy, followed, facts),
        origin=origin(policy, followed, facts),
        starts_at=target.starts_at,
        starts_with=begins,
        started_by=BEFORE_IT_WAS_GIVEN.get(begins, type(followed.started_by).__name__),
        due_at=target.due_at,
        stretches=stretches(policy, target, facts, found.at, "ahead" if found.open else "unneeded"),
        unofficial_years=guessed,
        raised=_raised(followed, facts),
        steps=tuple(steps(policy, followed, found, at)),
        verdict=found,
    )


def _raised(followed: Followed, facts: Sequence[Fact]) -> Raised | None:
    """An incident raises every ladder, and so does each cycle after the first; whichever does more counts."""
    level = followed.clock.level
    if level == 0:
        return None
    incidents = (fact for fact in facts if isinstance(fact, IncidentDeclared) and fact.level == level)
    declared = next(incidents, None)
    if declared is None:
        return Raised(level, "cycle")
    return Raised(level, "incident", moment(declared), declared.reason)
