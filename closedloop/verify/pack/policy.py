"""Policy packs as the checks need them: plans, what they allow besides, visits, and who follows a major incident."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NewType, TypeVar, get_type_hints

from closedloop.verify.pack.ladders import Ladder, Rung, Step
from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Awake, Counting, Length, Target, span_ms
from closedloop.verify.pack.working import Working
from closedloop.verify.tables.contract import targets

Span = NewType("Span", int)
"""A length of all of the time, in ms."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How an answer is checked with the customer."""

    desk: str
    opens_after: Span
    due_after: Span
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reason for which targets may wait: how long at most, how often in a cycle, and whether with consent alone."""

    targets: frozenset[str]
    at_most: Length
    times: int = 1
    approved_within: Length | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """Which dates may move on request: asked how long before, how far, how often in a cycle, decided within."""

    before: Length
    at_most: Length
    approved_within: Length
    targets: frozenset[str] = frozenset({"answer"})
    times: int = 1


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holding reply meets, and by when the final answer is due after it."""

    meets: frozenset[str]
    final_within: Length


@dataclass(frozen=True, slots=True)
class Incidents:
    """How a major incident is led."""

    manager: str
    update: Length
    report_within: Length
    ladder: str
    level: int = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """The targets of one kind of work (None: the date the upstream system brings), its ladder, what it allows."""

    targets: Mapping[str, Length | None]
    again: frozenset[str]
    """The targets that begin anew each time they are met."""
    ladder: str
    visit: Visit | None = None
    pauses: Mapping[str, Waiting] = field(default_factory=dict)
    extension: Extension | None = None
    holding: Holding | None = None


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
    calendars: Mapping[str, Working]
    works_by: Mapping[str | None, str]
    """Each department's own calendar; under None the pack's."""
    departments: frozenset[str] = frozenset()
    """Who may own a complaint: neither centre nor desks."""
    incidents: Incidents | None = None
    arbitrated_after: int | None = None

    def plan(self, name: str | None) -> Plan | None:
        """The plan of this name."""
        return None if name is None else self.plans.get(name)

    def calendar_of(self, department: str, length: Length) -> str | None:
        """By which calendar a length counts for a department; None where all of the time does."""
        return self.works_by.get(department, self.works_by.get(None)) if length.works else None

    def counting(self, calendar: str | None) -> Counting:
        """What counts by a calendar."""
        return ALL_OF_THE_TIME if calendar is None else self.calendars[calendar]

    def counting_for(self, target: Target) -> Counting:
        """What counts for a target: its calendar's time, but for its pauses."""
        return Awake(self.counting(target.calendar), target.pauses)

    def lasting(self, department: str, start: int, length: Length) -> int:
        """Until when a length lasts for a department."""
        return self.counting(self.calendar_of(department, length)).add(start, length.span)

    def rung(self, target: Target, number: int, plan: str | None, level: int, department: str) -> Rung | None:
        """What the ladder of a plan promises as a target's rung of this number."""
        ladder = self.ladder_of(target.name, plan)
        if ladder is None:
            return None
        counts = self.counting_for(target)
        return ladder.rung(number, target, level, counts, lambda start, length: self.lasting(department, start, length))

    def ladder_of(self, target: str, plan: str | None) -> Ladder | None:
        """The ladder that watches a target: the plan's; what the centre decides and an incident asks have theirs."""
        if target in targets("ladder", "incidents") and self.incidents is not None:
            return self.ladders.get(self.incidents.ladder)
        if target in targets("ladder", "centre") or plan is None:
            return self.ladders.get(self.centre_ladder)
        found = self.ladders.get(self.plans[plan].ladder) if plan in self.plans else None
        return found.up_to_the_date if found and target in targets("ends_at_its_date", True) else found

    def visit_of(self, plan: str | None) -> Visit | None:
        """The visit that a plan asks for."""
        chosen = self.plan(plan)
        return chosen.visit if chosen else None


def pack(content: bytes | None) -> Pack | None:
    """The pack in a record of the policies topic; None for one that is withdrawn or no pack."""
    try:
        value = json.loads(content or b"")
        return Pack(
            value["centre"],
            value["centre_ladder"],
            _length(value["assign_within"]),
            None if value["trust"] == "unlimited" else span_ms(value["trust"]),
            {name: _plan(plan) for name, plan in value["plans"].items()},
            {name: _ladder(ladder) for name, ladder in value["ladders"].items()},
            {name: Working(spec) for name, spec in (value.get("calendars") or {}).items()},
            _works_by(value),
            frozenset(n for n, d in value["departments"].items() if d.get("kind", "department") == "department"),
            _part(Incidents, value.get("incidents"), manager=value["centre"]),
            value.get("arbitrated_after"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _length(value: Any) -> Length:
    works = isinstance(value, dict)
    text = value["working"] if works else value
    # How long before its date something has to be asked may be less than nothing, which is nothing.
    return Length(0 if text.startswith("-") else span_ms(text), works)


_READ: Mapping[Any, Callable[[Any], Any]] = {
    Length: _length,
    Length | None: _length,
    Span: span_ms,
    frozenset[str]: frozenset,
}
"""By the type of a field; all else stays as it is."""

Part = TypeVar("Part")


def _part(kind: type[Part], value: Mapping[str, Any] | None, **known: Any) -> Part | None:
    """A part of a pack, field by field; what the pack leaves out stands at its default."""
    if not value:
        return None
    given = known | {name: said for name, said in value.items() if said is not None}
    types = get_type_hints(kind)
    return kind(**{name: _READ.get(types[name], _same)(said) for name, said in given.items() if name in types})


def _same(value: Any) -> Any:
    return value


def _works_by(value: Any) -> dict[str | None, str]:
    named = {name: department.get("calendar") for name, department in value["departments"].items()}
    return {name: calendar for name, calendar in [*named.items(), (None, value.get("calendar"))] if calendar}


def _plan(value: Any) -> Plan:
    targets = value["targets"]
    again = {name: span["every"] for name, span in targets.items() if isinstance(span, dict) and "every" in span}
    once = {name: again.get(name, span) for name, span in targets.items()}
    pauses = {reason: _part(Waiting, rule) for reason, rule in (value.get("pauses") or {}).items()}
    return Plan(
        {name: None if span == "stated" else _length(span) for name, span in once.items()},
        frozenset(again),
        value["ladder"],
        _part(Visit, value.get("visit")),
        {reason: rule for reason, rule in pauses.items() if rule},
        _part(Extension, value.get("extension")),
        _part(Holding, value.get("holding")),
    )


def _ladder(value: Any) -> Ladder:
    reminder = value.get("reminder")
    steps = (Step(step.get("at_percent"), step["level"], _after(step.get("after"))) for step in value["steps"])
    return Ladder(tuple(steps), _length(reminder["every"]) if reminder else None)


def _after(value: Any) -> Length | None:
    return None if value is None else _length(value)
