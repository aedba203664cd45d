"""A policy pack: who gets which complaint, by when, who is told when nobody acts, and how the answer is checked."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from schemas.base import Line, Name, Record, Span
from schemas.calendars import CalendarSpec

ZERO = timedelta(0)


class Part(Record):
    """A part of a pack: a word it does not know is refused, because a mistyped rule would silently not hold."""

    model_config = ConfigDict(extra="forbid")


class Working(Part):
    """A length of working time, which counts while the calendar of whoever has to act is open."""

    working: Span = Field(description="open hours; 24h are a day and a night of them")


Length = Span | Working
"""How long something may take: all of the time counts, or working time alone."""


def span_of(length: Length) -> timedelta:
    """How long that is, whatever counts."""
    return length.working if isinstance(length, Working) else length


class Department(Part):
    """Somebody with a queue: a department, the centre, or a visit desk."""

    zh: Line
    en: Line
    kind: Literal["department", "centre", "desk"] = "department"
    calendar: Name | None = Field(default=None, description="when it works; else the pack's own calendar holds")


class Route(Part):
    """The first route whose patterns fit names department and plan; patterns may hold `*` and `?`."""

    category: tuple[Line, ...] = ("*",)
    area: tuple[Line, ...] = ("*",)
    department: Name
    plan: Name

    def fits(self, category: str | None, area: str | None) -> bool:
        """Whether a complaint of this category and area takes this route; a missing one fits `*` alone."""
        return _fits(self.category, category) and _fits(self.area, area)


class Step(Part):
    """One step of a ladder, at a percentage of the target's time."""

    at_percent: int = Field(gt=0, le=1000)
    level: int = Field(ge=0)
    role: Line
    queue: Literal["owner", "centre"] = "owner"
    action: Line


class Reminder(Part):
    """What is told again and again above the last step, until somebody acts."""

    every: Length
    role: Line
    queue: Literal["owner", "centre"] = "centre"
    action: Line = "remind"


class Ladder(Part):
    """The steps in the order of their time, and the reminder above them."""

    steps: tuple[Step, ...]
    reminder: Reminder | None = None


class VisitPlan(Part):
    """When the answer is checked with the customer, by which desk, and how often it is tried."""

    desk: Name
    opens_after: Span = Field(description="from the answer, or from the last attempt")
    due_after: Span
    attempts: int = Field(default=3, ge=1, le=10)


class Plan(Part):
    """The targets of one kind of work; `stated` takes the date that the upstream system brought along."""

    targets: dict[Name, Length | Literal["stated"]]
    ladder: Name
    visit: VisitPlan | None = None


class PolicyPack(Part):
    """One immutable set of rules; a complaint keeps the pack it was received under for its whole life."""

    name: Name
    version: Line
    centre: Name
    trust: Span | Literal["unlimited"] = Field(description="how far back a stated time counts instead of the arrival")
    assign_within: Length = Field(description="the centre's own target for what it has to assign")
    centre_ladder: Name
    departments: dict[Name, Department]
    routes: tuple[Route, ...]
    plans: dict[Name, Plan]
    ladders: dict[Name, Ladder]
    calendar: Name | None = Field(default=None, description="when everybody works who has no calendar of their own")
    calendars: dict[Name, CalendarSpec] = Field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """The pack's identity: what is pinned per complaint."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def route(self, category: str | None, area: str | None) -> Route | None:
        """The first route that fits, or None: then the centre has to decide."""
        return next((route for route in self.routes if route.fits(category, area)), None)

    def plan_of(self, department: str) -> str:
        """The plan that a complaint gets which the centre assigns to a department by hand."""
        return next((r.plan for r in self.routes if r.department == department), next(iter(self.plans)))

    def ladder_of(self, target: str, plan: str | None) -> Ladder:
        """The ladder that watches a target: the plan's own, for what the centre has to assign the centre's."""
        return self.ladders[self.centre_ladder if target == "assign" or plan is None else self.plans[plan].ladder]

    def calendar_of(self, department: str, length: Length) -> str | None:
        """The calendar by which a length of time counts for a department; None where all of the time does."""
        if not isinstance(length, Working):
            return None
        known = self.departments.get(department)
        return (known and known.calendar) or self.calendar

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [*self._bad_times(), *self._bad_names(), *self._bad_calendars()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _bad_times(self) -> list[str]:
        faults = [] if span_of(self.assign_within) > ZERO else ["assign_within must be more than zero"]
        if self.trust != "unlimited" and self.trust < ZERO:
            faults.append("trust must not be negative")
        for name, plan in self.plans.items():
            faults += [
                f"plan {name}: target {target} must be more than zero"
                for target, span in plan.targets.items()
                if span != "stated" and span_of(span) <= ZERO
            ]
            if plan.visit and not ZERO <= plan.visit.opens_after < plan.visit.due_after:
                faults.append(f"plan {name}: a visit must be due after it opens")
        for name, ladder in self.ladders.items():
            percents = [step.at_percent for step in ladder.steps]
            if percents != sorted(set(percents)) or 100 not in percents:
                faults.append(f"ladder {name}: steps must rise and one must stand at 100 %")
            if ladder.reminder and span_of(ladder.reminder.every) <= ZERO:
                faults.append(f"ladder {name}: the reminder must wait more than zero")
        return faults

    def _bad_names(self) -> list[str]:
        desks = [plan.visit.desk for plan in self.plans.values() if plan.visit]
        faults = [
            f"{name} is not a department of the pack"
            for name in [self.centre, *desks, *(r.department for r in self.routes)]
            if name not in self.departments
        ]
        faults += [f"desk {d} is not of kind desk" for d in desks if self.departments.get(d, _DESK).kind != "desk"]
        faults += [f"route to unknown plan {r.plan}" for r in self.routes if r.plan not in self.plans]
        ladders = [self.centre_ladder, *(plan.ladder for plan in self.plans.values())]
        return faults + [f"no ladder named {name}" for name in ladders if name not in self.ladders]

    def _bad_calendars(self) -> list[str]:
        named = {name: d.calendar for name, d in self.departments.items() if d.calendar} | (
            {"the pack": self.calendar} if self.calendar else {}
        )
        faults = [f"{who}: no calendar named {name}" for who, name in named.items() if name not in self.calendars]
        lengths = [self.assign_within, *(length for plan in self.plans.values() for length in plan.targets.values())]
        lengths += [ladder.reminder.every for ladder in self.ladders.values() if ladder.reminder]
        if self.calendar is None and any(isinstance(length, Working) for length in lengths):
            faults.append("working time counts by a calendar: the pack names none as its own")
        return faults


_DESK = Department(zh="-", en="-", kind="desk")


@lru_cache(maxsize=10_000)
def _fits(patterns: tuple[str, ...], value: str | None) -> bool:
    return "*" in patterns or (value is not None and any(fnmatchcase(value, pattern) for pattern in patterns))
