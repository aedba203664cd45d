"""Policy packs as the checks need them: plans, visits and the dates and levels of ladders."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from closedloop.verify.records import Record, Target

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

_SHORT = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|m|h|d|w)")
_SHORT_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_ISO = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
)
_ISO_UNITS = (365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND)


def span_ms(text: str) -> int:
    """`24h` and `PT24H` are 86,400,000 ms; a year counts 365 days and a month 30. Raises ValueError."""
    if found := _SHORT.fullmatch(text):
        return round(float(found[1]) * _SHORT_UNITS[found[2]])
    iso = _ISO.fullmatch(text)
    if iso is None:
        raise ValueError(f"{text!r} is no length of time")
    return round(sum(float(n) * unit for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if n))


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder for one target: what is said, when it is due, at which level (None: not the ladder's)."""

    kind: str
    due: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps as (percent, level) in the order of their time, and how often is reminded above them (ms)."""

    steps: tuple[tuple[int, int], ...]
    every: int | None

    def rung(self, number: int, target: Target, level: int) -> Rung | None:
        """The rung of this number, counted from 1; None above the last where nobody is reminded."""
        if number <= len(self.steps):
            percent, own = self.steps[number - 1]
            return Rung(_kind(percent), _at(target, percent), min(own + level, max(s[1] for s in self.steps)))
        if self.every is None or not self.steps:
            return None
        reminders = number - len(self.steps)
        return Rung("ComplaintEscalated", _at(target, self.steps[-1][0]) + reminders * self.every, None)


def _kind(percent: int) -> str:
    return "DeadlineApproaching" if percent < 100 else "DeadlineBreached" if percent == 100 else "ComplaintEscalated"


def _at(target: Target, percent: int) -> int:
    """A percentage of the target's time, raised to whole milliseconds so that nothing is early."""
    return target.starts - (-(target.due - target.starts) * percent // 100)


@dataclass(frozen=True, slots=True)
class Visit:
    """How an answer is checked with the customer."""

    desk: str
    opens_after: int
    due_after: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The targets of one kind of work in ms (None: the date the upstream system brings), its ladder and its visit."""

    targets: Mapping[str, int | None]
    ladder: str
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Pack:
    """What the checks know of one policy pack."""

    centre_ladder: str
    assign_within: int
    trust: int | None
    """How far back a stated time counts; None: without a limit."""
    plans: Mapping[str, Plan]
    ladders: Mapping[str, Ladder]

    def ladder_of(self, target: str, plan: str | None) -> Ladder | None:
        """The ladder that watches a target: the plan's; for what the centre has to assign, the centre's."""
        chosen = self.plans.get(plan) if plan is not None else None
        if target == "assign" or plan is None:
            return self.ladders.get(self.centre_ladder)
        return self.ladders.get(chosen.ladder) if chosen else None

    def visit_of(self, plan: str | None) -> Visit | None:
        """The visit that a plan asks for."""
        chosen = self.plans.get(plan) if plan is not None else None
        return chosen.visit if chosen else None


def pack(record: Record) -> Pack | None:
    """The pack in a record of the policies topic; None for one that is withdrawn or no pack."""
    try:
        value = json.loads(record.value or b"")
        return Pack(
            value["centre_ladder"],
            span_ms(value["assign_within"]),
            None if value["trust"] == "unlimited" else span_ms(value["trust"]),
            {name: _plan(plan) for name, plan in value["plans"].items()},
            {name: _ladder(ladder) for name, ladder in value["ladders"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _plan(value: Any) -> Plan:
    spans = {name: None if span == "stated" else span_ms(span) for name, span in value["targets"].items()}
    visit = value.get("visit")
    return Plan(spans, value["ladder"], _visit(visit) if visit else None)


def _visit(value: Any) -> Visit:
    return Visit(value["desk"], span_ms(value["opens_after"]), span_ms(value["due_after"]), value.get("attempts", 3))


def _ladder(value: Any) -> Ladder:
    reminder = value.get("reminder")
    steps = tuple((step["at_percent"], step["level"]) for step in value["steps"])
    return Ladder(steps, span_ms(reminder["every"]) if reminder else None)
