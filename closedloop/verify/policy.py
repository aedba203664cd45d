"""Policy packs as the checks need them: plans, visits and the dates and levels of ladders."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from closedloop.verify.records import Record, Target
from closedloop.verify.working import Working

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


class Counting(Protocol):
    """What counts of a length of time; all in ms."""

    def add(self, start: int, span: int) -> int:
        """When so much has counted since the start."""

    def between(self, a: int, b: int) -> int:
        """How much counts from `a` to `b`."""


class AllOfTheTime:
    """Every hour of every day."""

    def add(self, start: int, span: int) -> int:
        """So much later."""
        return start + span

    def between(self, a: int, b: int) -> int:
        """What has passed."""
        return b - a


ALL_OF_THE_TIME = AllOfTheTime()


class Length(NamedTuple):
    """How long something may take, in ms, and whether working time alone counts."""

    span: int
    works: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder for one target: what is said, when it is due, at which level (None: not the ladder's)."""

    kind: str
    due: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps as (percent, level) in the order of their time, and how often is reminded above them."""

    steps: tuple[tuple[int, int], ...]
    every: Length | None

    def rung(
        self, number: int, target: Target, level: int, counts: Counting = ALL_OF_THE_TIME, above: Counting | None = None
    ) -> Rung | None:
        """The rung of this number, counted from 1; None above the last where nobody is reminded.

        `counts` is what counts for the target, `above` what counts between the reminders above the last step.
        """
        if number <= len(self.steps):
            percent, own = self.steps[number - 1]
            return Rung(_kind(percent), _at(target, percent, counts), min(own + level, max(s[1] for s in self.steps)))
        if self.every is None or not self.steps:
            return None
        waited = (number - len(self.steps)) * self.every.span
        highest = _at(target, self.steps[-1][0], counts)
        return Rung("ComplaintEscalated", (above or ALL_OF_THE_TIME).add(highest, waited), None)


def _kind(percent: int) -> str:
    return "DeadlineApproaching" if percent < 100 else "DeadlineBreached" if percent == 100 else "ComplaintEscalated"


def _at(target: Target, percent: int, counts: Counting) -> int:
    """A percentage of the target's time, raised to whole milliseconds so that nothing is early."""
    start, share = (target.starts, percent) if percent < 100 else (target.due, percent - 100)
    return counts.add(start, -(-counts.between(target.starts, target.due) * share // 100))


@dataclass(frozen=True, slots=True)
class Visit:
    """How an answer is checked with the customer."""

    desk: str
    opens_after: int
    due_after: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The targets of one kind of work (None: the date the upstream system brings), its ladder and its visit."""

    targets: Mapping[str, Length | None]
    ladder: str
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Pack:
    """What the checks know of one policy pack."""

    centre: str
    centre_ladder: str
    assign_within: Length
    trust: int | None
    """How far back a stated time counts; None: without a limit."""
    plans: Mapping[str, Plan]
    ladders: Mapping[str, Ladder]
    calendars: Mapping[str, Working] = field(default_factory=dict)
    works_by: Mapping[str | None, str] = field(default_factory=dict)
    """Each department's own calendar; under None the pack's."""

    def calendar_of(self, department: str, length: Length) -> str | None:
        """By which calendar a length counts for a department; None where all of the time does."""
        return self.works_by.get(department, self.works_by.get(None)) if length.works else None

    def counting(self, calendar: str | None) -> Counting:
        """What counts by a calendar."""
        return ALL_OF_THE_TIME if calendar is None else self.calendars[calendar]

    def rung(self, target: Target, number: int, plan: str | None, level: int, department: str) -> Rung | None:
        """What the ladder of a plan promises as a target's rung of this number."""
        ladder = self.ladder_of(target.name, plan)
        if ladder is None:
            return None
        every = ladder.every and self.calendar_of(department, ladder.every)
        return ladder.rung(number, target, level, self.counting(target.calendar), self.counting(every or None))

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
            value["centre"],
            value["centre_ladder"],
            _length(value["assign_within"]),
            None if value["trust"] == "unlimited" else span_ms(value["trust"]),
            {name: _plan(plan) for name, plan in value["plans"].items()},
            {name: _ladder(ladder) for name, ladder in value["ladders"].items()},
            {name: Working(spec) for name, spec in (value.get("calendars") or {}).items()},
            _works_by(value),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _length(value: Any) -> Length:
    return Length(span_ms(value["working"]), works=True) if isinstance(value, dict) else Length(span_ms(value))


def _works_by(value: Any) -> dict[str | None, str]:
    named = {name: department.get("calendar") for name, department in value["departments"].items()}
    return {name: calendar for name, calendar in [*named.items(), (None, value.get("calendar"))] if calendar}


def _plan(value: Any) -> Plan:
    lengths = {name: None if span == "stated" else _length(span) for name, span in value["targets"].items()}
    visit = value.get("visit")
    return Plan(lengths, value["ladder"], _visit(visit) if visit else None)


def _visit(value: Any) -> Visit:
    return Visit(value["desk"], span_ms(value["opens_after"]), span_ms(value["due_after"]), value.get("attempts", 3))


def _ladder(value: Any) -> Ladder:
    reminder = value.get("reminder")
    steps = tuple((step["at_percent"], step["level"]) for step in value["steps"])
    return Ladder(steps, _length(reminder["every"]) if reminder else None)
