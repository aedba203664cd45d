"""A policy pack: routes to departments, plans with their targets, ladders of escalation, and visits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from schemas.allowances import ExtensionRule, HoldingRule, IncidentPlan, IncidentRule, PauseRule
from schemas.base import Line, Name, Span
from schemas.calendars import CalendarSpec, Zone
from schemas.chain import Ladder, Person, Reminder, Step
from schemas.coherence import faults_of
from schemas.lengths import Days, EarlierOf, Every, LaterOf, Length, Part, Working, is_absent, once, span_of
from schemas.pack_lengths import lengths
from schemas.patterns import fits
from schemas.targets import kind_of

__all__ = [
    "Days",
    "Department",
    "EarlierOf",
    "Every",
    "ExtensionRule",
    "HoldingRule",
    "IncidentPlan",
    "IncidentRule",
    "Ladder",
    "LaterOf",
    "Length",
    "Part",
    "PauseRule",
    "Plan",
    "PolicyPack",
    "Reminder",
    "Route",
    "Step",
    "VisitPlan",
    "Working",
    "lengths",
    "once",
    "span_of",
]

PARTS_ALONE = {"whole": False}
"""Given as the context of a validation: whether the parts hold together is not asked."""


class Department(Part):
    """Somebody with a queue: a department, the centre, or a visit desk."""

    zh: Line
    en: Line
    kind: Literal["department", "centre", "desk"] = "department"
    calendar: Name | None = Field(default=None, description="when it works; else the pack's own calendar holds")
    offices: dict[Line, Name] = Field(default_factory=dict, description="who of the pack's people holds which role")


class Route(Part):
    """The first route whose patterns fit names department and plan; patterns may hold `*` and `?`, nothing else."""

    category: tuple[Line, ...] = ("*",)
    area: tuple[Line, ...] = ("*",)
    tier: tuple[Line, ...] = ("*",)
    department: Name
    plan: Name

    def fits(self, category: str | None, area: str | None, tier: str | None = None) -> bool:
        """Whether a complaint of this category, area and tier takes this route; a missing one fits `*` alone."""
        return fits(self.category, category) and fits(self.area, area) and fits(self.tier, tier)


class VisitPlan(Part):
    """When the answer is checked with the customer, by which desk, and how often it is tried."""

    desk: Name
    opens_after: Length = Field(description="from the answer, or from the last attempt, by the desk's calendar")
    due_after: Length
    attempts: int = Field(default=3, ge=1, le=10)


class Plan(Part):
    """The targets of one kind of work; `stated` takes the date that the upstream system brought along."""

    targets: dict[Name, Length | Every | Literal["stated"]]
    ladder: Name
    visit: VisitPlan | None = None
    pauses: dict[Name, PauseRule] = Field(default_factory=dict)
    extension: ExtensionRule | None = None
    holding: HoldingRule | None = None


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
    arbitrated_after: int | None = Field(default=None, ge=1, description="returns after which the centre's word binds")
    incidents: IncidentPlan | None = None
    chain: tuple[Line, ...] = Field(default=(), description="the roles from the handler up to the top")
    offices: dict[Line, Name] = Field(default_factory=dict, description="who holds the roles above the departments")
    people: dict[Name, Person] = Field(default_factory=dict)
    calendar: Name | None = Field(default=None, description="when everybody works who has no calendar of their own")
    calendars: dict[Name, CalendarSpec] = Field(default_factory=dict)
    zone: Zone | None = Field(
        default=None,
        exclude_if=is_absent,
        description="whose days count where there is no calendar; absent: those of UTC",
    )

    @cached_property
    def hash(self) -> str:
        """The pack's identity: what is pinned per complaint."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def at(self, pointer: str) -> Any:
        """The value at a place of the pack, such as `/plans/street/targets/answer`. Raises LookupError."""
        found: Any = self
        for part in pointer.split("/")[1:]:
            if not isinstance(found, Mapping) and part not in type(found).model_fields:
                raise LookupError(pointer)
            found = found[part] if isinstance(found, Mapping) else getattr(found, part)
        return found

    def route(self, category: str | None, area: str | None, tier: str | None = None) -> Route | None:
        """The first route that fits, or None: then the centre has to decide."""
        return next((route for route in self.routes if route.fits(category, area, tier)), None)

    def plan_of(self, department: str) -> str:
        """The plan that a complaint gets which the centre assigns to a department by hand."""
        return next((r.plan for r in self.routes if r.department == department), next(iter(self.plans)))

    def ladder_of(self, target: str, plan: str | None) -> Ladder:
        """The ladder that watches a target: the plan's own; the centre's and an incident's targets have theirs."""
        kind = kind_of(target)
        if kind.ladder == "incidents" and self.incidents is not None:
            return self.ladders[self.incidents.ladder]
        name = self.centre_ladder if kind.ladder == "centre" or plan is None else self.plans[plan].ladder
        return self.ladders[name].up_to_the_date if kind.ends_at_its_date else self.ladders[name]

    def holder(self, role: str, department: str) -> str | None:
        """The holder of an office of a department, or of one above all of them; None if nobody is named."""
        known = self.departments.get(department)
        return (known.offices.get(role) if known else None) or self.offices.get(role)

    def standing_in(self, person: str, at: datetime) -> str:
        """The person who acts for somebody at a moment: the first deputy who is there, else the person."""
        found, asked = person, set[str]()
        while found not in asked and self.people[found].is_away(at):
            asked.add(found)
            found = self.people[found].deputy or found
        return person if found in asked else found

    def calendar_of(self, department: str, length: Length) -> str | None:
        """The calendar by which a length of time counts for a department; None where all of the time does."""
        is_worked = isinstance(length, Working) or (isinstance(length, Days) and length.working_days is not None)
        return self.calendar_for(department) if is_worked else None

    def calendar_for(self, department: str) -> str | None:
        """The calendar of a department: its own, else the pack's; its zone holds for days as well."""
        known = self.departments.get(department)
        return (known.calendar if known else None) or self.calendar

    def staffed_as(self, other: PolicyPack) -> PolicyPack:
        """These rules with another pack's people; the hash stays."""
        theirs = other.departments
        departments = {
            name: own.model_copy(update={"offices": theirs[name].offices}) if name in theirs else own
            for name, own in self.departments.items()
        }
        people = {"departments": departments, "offices": other.offices, "people": self.people | other.people}
        return self.model_copy(update={"hash": self.hash, **people})

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> Self:
        if info.context != PARTS_ALONE and (faults := [says for _, says in faults_of(self)]):
            raise ValueError("; ".join(faults))
        return self
