"""Every date of a complaint with everything it follows from: rule, time, ladder, verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from closedloop.explain.following import Followed, follow
from closedloop.explain.plain import plain
from closedloop.explain.rule import Party, Rule, party, rule, starts_with, zone_of
from closedloop.explain.stretches import Stretch, stretches
from closedloop.explain.verdict import Verdict, verdict
from schemas.facts import ComplaintReceived, Fact
from schemas.policy import PolicyPack
from services.escalation.rules.ladder import RungDue, rungs
from services.shared.counting import counting
from services.shared.worktime import Calendar


class NothingYet(Exception):
    """At the moment that was asked for, nothing had been said of the complaint."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: at which share of the target's time (or which reminder above the last), when, whom, and whether."""

    number: int
    percent: int | None
    reminder: int | None
    due_at: datetime
    level: int
    role: str
    queue: Party
    action: str
    state: Literal["told", "taken_back", "due", "ahead", "cancelled"]


@dataclass(frozen=True, slots=True)
class Dated:
    """One target's clock in one cycle."""

    target: str
    cycle: int
    revision: int
    rule: Rule
    starts_at: datetime
    starts_with: str
    due_at: datetime
    stretches: tuple[Stretch, ...]
    unofficial_years: tuple[int, ...]
    """Of these the holidays are a guess: their authority had not published them."""
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
    target, found = followed.clock.target, verdict(policy, followed, at)
    counts = counting(policy, target.calendar)
    guessed = counts.unofficial_years(target.starts_at, target.due_at) if isinstance(counts, Calendar) else ()
    return Dated(
        target=target.name,
        cycle=followed.clock.cycle,
        revision=target.revision,
        rule=rule(policy, followed, facts),
        starts_at=target.starts_at,
        starts_with=starts_with(followed),
        due_at=target.due_at,
        stretches=stretches(policy, target, found.at, "ahead" if found.open else "unneeded"),
        unofficial_years=guessed,
        steps=tuple(_steps(policy, followed, found, at)),
        verdict=found,
    )


def _steps(policy: PolicyPack, followed: Followed, found: Verdict, at: datetime) -> Iterator[Step]:
    """All steps of the ladder; of its reminders those that were told, and of a running clock the next."""
    ladder = policy.ladder_of(followed.clock.target.name, followed.clock.plan)
    told = {rung.rung: rung for rung in followed.told}
    shown = max(len(ladder.steps), len(told)) + (1 if found.open else 0)
    for rung in islice(rungs(followed.clock, policy), shown):
        reminder = rung.number - len(ladder.steps)
        fact = told.get(rung.number)
        heard = fact or rung.step
        yield Step(
            number=rung.number,
            percent=rung.step.at_percent,
            reminder=reminder if reminder > 0 else None,
            due_at=(fact or rung).due_at,
            level=heard.level,
            role=heard.role,
            queue=party(policy, (fact or rung).queue),
            action=heard.action,
            state=_state(rung, followed, found, at)
            if fact is None
            else "taken_back"
            if _fell(fact.rung, followed)
            else "told",
        )


def _fell(number: int, followed: Followed) -> bool:
    return followed.retracted is not None and number in followed.retracted.rungs


def _state(rung: RungDue, followed: Followed, found: Verdict, at: datetime) -> Literal["due", "ahead", "cancelled"]:
    if not found.open:
        return "cancelled"
    return "ahead" if rung.due_at > at else "due"
