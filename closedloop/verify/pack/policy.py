"""Policy packs as the checks need them: plans, what they allow besides, visits, and who follows a major incident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from closedloop.verify.pack.ladders import Ladder, Rung, Step
from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Awake, Counting, Length, Target, span_ms
from closedloop.verify.pack.working import Working
from closedloop.verify.tables.contract import targets


@dataclass(frozen=True, slots=True)
class Visit:
    """How an answer is checked with the customer."""

    desk: str
    opens_after: int
    due_after: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reason for which targets may wait: how long at most, how often in a cycle, and whether with consent alone."""

    targets: frozenset[str]
    at_most: Length
    times: int
    approved_within: Length | None


@dataclass(frozen=True, slots=True)
class Extension:
    """Which dates may move on request: asked how long before, how far, how often in a cycle, decided within."""

    targets: frozenset[str]
    before: Length
    at_most: Length
    times: int
    approved_within: Length


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holding reply meets, and by when the final answer is due after it."""

    meets: frozenset[str]
    final_within: Length


@dataclass(frozen=True, slots=True)
class Incidents:
    """How a major incident is led."""

    manager: str
    level: int
    update: Length
    report_within: Length
    ladder: str


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
            _incidents(value),
            value.get("arbitrated_after"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _length(value: Any) -> Length:
    if isinstance(value, dict):
        return Length(span_ms(value["working"]), works=True)
    return Length(span_ms(value))


def _optional(value: Any) -> Length | None:
    return None if value is None else _length(value)


def _works_by(value: Any) -> dict[str | None, str]:
    named = {name: department.get("calendar") for name, department in value["departments"].items()}
    return {name: calendar for name, calendar in [*named.items(), (None, value.get("calendar"))] if calendar}


def _plan(value: Any) -> Plan:
    targets = value["targets"]
    again = {name: span["every"] for name, span in targets.items() if isinstance(span, dict) and "every" in span}
    once = {name: again.get(name, span) for name, span in targets.items()}
    visit, extension, holding = (value.get(name) for name in ("visit", "extension", "holding"))
    return Plan(
        {name: None if span == "stated" else _length(span) for name, span in once.items()},
        frozenset(again),
        value["ladder"],
        _visit(visit) if visit else None,
        {reason: _waiting(rule) for reason, rule in (value.get("pauses") or {}).items()},
        _extension(extension) if extension else None,
        Holding(frozenset(holding["meets"]), _length(holding["final_within"])) if holding else None,
    )


def _visit(value: Any) -> Visit:
    return Visit(value["desk"], span_ms(value["opens_after"]), span_ms(value["due_after"]), value.get("attempts", 3))


def _waiting(value: Any) -> Waiting:
    asked = _optional(value.get("approved_within"))
    return Waiting(frozenset(value["targets"]), _length(value["at_most"]), value.get("times", 1), asked)


def _extension(value: Any) -> Extension:
    at_most, within = (_length(value[name]) for name in ("at_most", "approved_within"))
    names, before = frozenset(value.get("targets", ("answer",))), _notice(value["before"])
    return Extension(names, before, at_most, value.get("times", 1), within)


def _notice(value: Any) -> Length:
    """How long before its date something has to be asked; a pack may say less than nothing, which is nothing."""
    text = value["working"] if isinstance(value, dict) else value
    return Length(0) if text.startswith("-") else _length(value)


def _incidents(value: Any) -> Incidents | None:
    found = value.get("incidents")
    if not found:
        return None
    update, report = _length(found["update"]), _length(found["report_within"])
    return Incidents(found.get("manager") or value["centre"], found.get("level", 10), update, report, found["ladder"])


def _ladder(value: Any) -> Ladder:
    reminder = value.get("reminder")
    steps = (Step(step.get("at_percent"), step["level"], _optional(step.get("after"))) for step in value["steps"])
    return Ladder(tuple(steps), _length(reminder["every"]) if reminder else None)
