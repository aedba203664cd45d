"""A policy pack: who gets which complaint, by when, who is told when nobody acts, and how the answer is checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.allowances import ExtensionRule, HoldingRule, IncidentPlan, IncidentRule, PauseRule
from schemas.base import Line, Name, Span
from schemas.calendars import CalendarSpec
from schemas.chain import Ladder, Person, Reminder, Step
from schemas.lengths import Every, Length, Part, Working, once, span_of
from schemas.patterns import fits
from schemas.targets import KNOWN

__all__ = [
    "OF_INCIDENTS",
    "OF_THE_CENTRE",
    "Department",
    "Every",
    "ExtensionRule",
    "HoldingRule",
    "IncidentPlan",
    "IncidentRule",
    "Ladder",
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
    "once",
    "span_of",
]

ZERO = timedelta(0)

OF_THE_CENTRE = ("assign", "arbitrate", "approve")
"""What the centre itself has to decide: its own ladder watches that."""

OF_INCIDENTS = ("update", "report")
"""What a major incident asks for."""

ENDING_THEMSELVES = ("resume",)
"""What happens at its date by itself: nobody is late with it, so its ladder goes no further."""

SET_BY_REPLIES = ("callback", "resume", "final", *OF_THE_CENTRE, *OF_INCIDENTS, "visit")
"""Targets that no plan may name, because what happens to a complaint gives them their dates."""


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
    opens_after: Span = Field(description="from the answer, or from the last attempt")
    due_after: Span
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

    @cached_property
    def hash(self) -> str:
        """The pack's identity: what is pinned per complaint."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def route(self, category: str | None, area: str | None, tier: str | None = None) -> Route | None:
        """The first route that fits, or None: then the centre has to decide."""
        return next((route for route in self.routes if route.fits(category, area, tier)), None)

    def plan_of(self, department: str) -> str:
        """The plan that a complaint gets which the centre assigns to a department by hand."""
        return next((r.plan for r in self.routes if r.department == department), next(iter(self.plans)))

    def ladder_of(self, target: str, plan: str | None) -> Ladder:
        """The ladder that watches a target: the plan's own; the centre's and an incident's targets have theirs."""
        if target in OF_INCIDENTS and self.incidents is not None:
            return self.ladders[self.incidents.ladder]
        ladder = self.ladders[
            self.centre_ladder if target in OF_THE_CENTRE or plan is None else self.plans[plan].ladder
        ]
        return ladder.up_to_the_date if target in ENDING_THEMSELVES else ladder

    def holder(self, role: str, department: str) -> str | None:
        """Who holds an office of a department, or above all of them; None where nobody is named."""
        known = self.departments.get(department)
        return (known.offices.get(role) if known else None) or self.offices.get(role)

    def standing_in(self, person: str, at: datetime) -> str:
        """Who acts for somebody at a moment: the first along the deputies who is there; nobody there: themselves."""
        found, asked = person, set[str]()
        while found not in asked and self.people[found].is_away(at):
            asked.add(found)
            found = self.people[found].deputy or found
        return person if found in asked else found

    def calendar_of(self, department: str, length: Length) -> str | None:
        """The calendar by which a length of time counts for a department; None where all of the time does."""
        if not isinstance(length, Working):
            return None
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
    def _holds_together(self) -> Self:
        faults = [fault for look in FAULTS for fault in look(self)]
        if faults:
            raise ValueError("; ".join(faults))
        return self


# --- what a pack must not say -----------------------------------------------------------------------------------------


def _bad_times(pack: PolicyPack) -> Iterator[str]:
    if pack.trust != "unlimited" and pack.trust < ZERO:
        yield "trust must not be negative"
    yield from (f"{what} must be more than zero" for what, length in lengths(pack) if span_of(length) <= ZERO)
    for name, plan in pack.plans.items():
        if plan.visit and not ZERO <= plan.visit.opens_after < plan.visit.due_after:
            yield f"plan {name}: a visit must be due after it opens"


def lengths(pack: PolicyPack) -> Iterator[tuple[str, Length]]:
    """Every length of time that the pack names, and what it is for."""
    yield "assign_within", pack.assign_within
    for name, plan in pack.plans.items():
        for target, length in plan.targets.items():
            if length != "stated":
                yield f"plan {name}: target {target}", once(length)
        for reason, pause in plan.pauses.items():
            yield f"plan {name}: the cap of pause {reason}", pause.at_most
            if pause.approved_within is not None:
                yield f"plan {name}: approval of pause {reason}", pause.approved_within
        if plan.extension:
            yield f"plan {name}: an extension", plan.extension.at_most
            yield f"plan {name}: approval of an extension", plan.extension.approved_within
        if plan.holding:
            yield f"plan {name}: the final answer after a holding reply", plan.holding.final_within
    for name, ladder in pack.ladders.items():
        after = (step.after for step in ladder.steps if step.after is not None)
        yield from ((f"ladder {name}: a step after the date", length) for length in after)
        if ladder.reminder:
            yield f"ladder {name}: the reminder", ladder.reminder.every
    if pack.incidents:
        yield "incidents: update", pack.incidents.update
        yield "incidents: report_within", pack.incidents.report_within


def _bad_ladders(pack: PolicyPack) -> Iterator[str]:
    for name, ladder in pack.ladders.items():
        percents = [step.at_percent for step in ladder.steps if step.at_percent is not None]
        if percents != sorted(set(percents)) or 100 not in percents:
            yield f"ladder {name}: steps must rise and one must stand at 100 %"
        waits = [span_of(step.after) for step in ladder.steps if step.after is not None]
        if waits != sorted(set(waits)) or any(step.after is not None for step in ladder.steps[: len(percents)]):
            yield f"ladder {name}: steps after the date stand above those at a share of the time, and rise"
        if any((step.at_percent is None) == (step.after is None) for step in ladder.steps):
            yield f"ladder {name}: a step stands either at_percent or after"


def _bad_names(pack: PolicyPack) -> Iterator[str]:
    desks = [plan.visit.desk for plan in pack.plans.values() if plan.visit]
    manager = [pack.incidents.manager] if pack.incidents and pack.incidents.manager else []
    for name in [pack.centre, *desks, *manager, *(r.department for r in pack.routes)]:
        if name not in pack.departments:
            yield f"{name} is not a department of the pack"
    for desk in desks:
        if desk in pack.departments and pack.departments[desk].kind != "desk":
            yield f"desk {desk} is not of kind desk"
    yield from (f"route to unknown plan {route.plan}" for route in pack.routes if route.plan not in pack.plans)
    ladders = [pack.centre_ladder, *(plan.ladder for plan in pack.plans.values())]
    ladders += [pack.incidents.ladder] if pack.incidents else []
    yield from (f"no ladder named {name}" for name in ladders if name not in pack.ladders)


def _bad_people(pack: PolicyPack) -> Iterator[str]:
    offices = [*pack.offices.items(), *(item for d in pack.departments.values() for item in d.offices.items())]
    yield from (f"{role}: nobody named {person}" for role, person in offices if person not in pack.people)
    for name, person in pack.people.items():
        if person.deputy is not None and person.deputy not in pack.people:
            yield f"{name}: no deputy named {person.deputy}"
        yield from (f"{name}: an absence ends before it begins" for a in person.absent if a.ends_at <= a.starts_at)


def _bad_targets(pack: PolicyPack) -> Iterator[str]:
    for name, plan in pack.plans.items():
        yield from (f"plan {name}: {t} gets its date from replies" for t in plan.targets if t in SET_BY_REPLIES)
        yield from (f"plan {name}: nothing ever meets a target {t}" for t in plan.targets if t not in KNOWN)
        waiting = [(f"pause {reason}", pause.targets) for reason, pause in plan.pauses.items()]
        waiting += [("extension", plan.extension.targets)] if plan.extension else []
        waiting += [("holding", plan.holding.meets)] if plan.holding else []
        for what, targets in waiting:
            yield from (f"plan {name}: {what} of unknown target {t}" for t in targets if t not in plan.targets)


def _bad_calendars(pack: PolicyPack) -> Iterator[str]:
    named = {name: d.calendar for name, d in pack.departments.items() if d.calendar}
    named |= {"the pack": pack.calendar} if pack.calendar else {}
    yield from (f"{who}: no calendar named {name}" for who, name in named.items() if name not in pack.calendars)
    before = [plan.extension.before for plan in pack.plans.values() if plan.extension]
    counted = [*before, *(length for _, length in lengths(pack))]
    if pack.calendar is None and any(isinstance(length, Working) for length in counted):
        yield "working time counts by a calendar: the pack names none as its own"


FAULTS = (_bad_times, _bad_ladders, _bad_names, _bad_people, _bad_targets, _bad_calendars)
"""Every look for faults; all that is found is told at once."""
