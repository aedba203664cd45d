"""The faults of a policy pack whose parts do not fit together, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.lengths import Length, Working, once, span_of
from schemas.targets import TARGETS, kind_of

if TYPE_CHECKING:
    from schemas.policy import Plan, PolicyPack

ZERO = timedelta(0)

Where = tuple[str | int, ...]
"""The way to a part of a pack: names of keys, and numbers of entries from 0."""

Fault = tuple[Where, str]
"""A fault, and its place in the pack."""


def faults_of(pack: PolicyPack) -> list[Fault]:
    """Everything in a pack that does not hold together."""
    return [fault for look in FAULTS for fault in look(pack)]


def _bad_times(pack: PolicyPack) -> Iterator[Fault]:
    if pack.trust != "unlimited" and pack.trust < ZERO:
        yield ("trust",), "trust must not be negative"
    for where, what, length in located_lengths(pack):
        if span_of(length) <= ZERO:
            yield where, f"{what} must be more than zero"
    for name, plan in pack.plans.items():
        if plan.visit and not ZERO <= plan.visit.opens_after < plan.visit.due_after:
            yield ("plans", name, "visit"), f"plan {name}: a visit must be due after it opens"


def lengths(pack: PolicyPack) -> Iterator[tuple[str, Length]]:
    """Every length of time that the pack names, and what it is for."""
    return ((what, length) for _, what, length in located_lengths(pack))


def located_lengths(pack: PolicyPack) -> Iterator[tuple[Where, str, Length]]:
    """The same, with the way to each."""
    yield ("assign_within",), "assign_within", pack.assign_within
    for name, plan in pack.plans.items():
        yield from ((("plans", name, *where), f"plan {name}: {what}", length) for where, what, length in _of_plan(plan))
    for name, ladder in pack.ladders.items():
        at: Where = ("ladders", name)
        for n, step in enumerate(ladder.steps):
            if step.after is not None:
                yield (*at, "steps", n, "after"), f"ladder {name}: a step after the date", step.after
        if ladder.reminder:
            yield (*at, "reminder", "every"), f"ladder {name}: the reminder", ladder.reminder.every
    if pack.incidents:
        yield ("incidents", "update"), "incidents: update", pack.incidents.update
        yield ("incidents", "report_within"), "incidents: report_within", pack.incidents.report_within


def _of_plan(plan: Plan) -> Iterator[tuple[Where, str, Length]]:
    for target, length in plan.targets.items():
        if length != "stated":
            yield ("targets", target), f"target {target}", once(length)
    for reason, pause in plan.pauses.items():
        yield ("pauses", reason, "at_most"), f"the cap of pause {reason}", pause.at_most
        if pause.approved_within is not None:
            yield ("pauses", reason, "approved_within"), f"approval of pause {reason}", pause.approved_within
    if plan.extension:
        yield ("extension", "at_most"), "an extension", plan.extension.at_most
        yield ("extension", "approved_within"), "approval of an extension", plan.extension.approved_within
    if plan.holding:
        yield ("holding", "final_within"), "the final answer after a holding reply", plan.holding.final_within


def _bad_ladders(pack: PolicyPack) -> Iterator[Fault]:
    for name, ladder in pack.ladders.items():
        where = ("ladders", name, "steps")
        percents = [step.at_percent for step in ladder.steps if step.at_percent is not None]
        if percents != sorted(set(percents)) or 100 not in percents:
            yield where, f"ladder {name}: steps must rise and one must stand at 100 %"
        waits = [span_of(step.after) for step in ladder.steps if step.after is not None]
        if waits != sorted(set(waits)) or any(step.after is not None for step in ladder.steps[: len(percents)]):
            yield where, f"ladder {name}: steps after the date stand above those at a share of the time, and rise"
        if any((step.at_percent is None) == (step.after is None) for step in ladder.steps):
            yield where, f"ladder {name}: a step stands either at_percent or after"


def _bad_names(pack: PolicyPack) -> Iterator[Fault]:
    with_visits = {name: plan.visit.desk for name, plan in pack.plans.items() if plan.visit}
    desks: dict[Where, str] = {("plans", name, "visit", "desk"): desk for name, desk in with_visits.items()}
    named: dict[Where, str] = {("centre",): pack.centre, **desks}
    if pack.incidents and pack.incidents.manager:
        named["incidents", "manager"] = pack.incidents.manager
    named |= {("routes", n, "department"): route.department for n, route in enumerate(pack.routes)}
    for where, name in named.items():
        if name not in pack.departments:
            yield where, f"{name} is not a department of the pack"
    for where, desk in desks.items():
        if desk in pack.departments and pack.departments[desk].kind != "desk":
            yield where, f"desk {desk} is not of kind desk"
    for n, route in enumerate(pack.routes):
        if route.plan not in pack.plans:
            yield ("routes", n, "plan"), f"route to unknown plan {route.plan}"
    ladders: dict[Where, str] = {("centre_ladder",): pack.centre_ladder}
    ladders |= {("plans", name, "ladder"): plan.ladder for name, plan in pack.plans.items()}
    ladders |= {("incidents", "ladder"): pack.incidents.ladder} if pack.incidents else {}
    yield from ((where, f"no ladder named {name}") for where, name in ladders.items() if name not in pack.ladders)


def _bad_people(pack: PolicyPack) -> Iterator[Fault]:
    offices: dict[Where, tuple[str, str]] = {("offices", role): (role, name) for role, name in pack.offices.items()}
    for name, department in pack.departments.items():
        offices |= {("departments", name, "offices", r): (r, who) for r, who in department.offices.items()}
    for where, (role, person) in offices.items():
        if person not in pack.people:
            yield where, f"{role}: nobody named {person}"
    for name, known in pack.people.items():
        if known.deputy is not None and known.deputy not in pack.people:
            yield ("people", name, "deputy"), f"{name}: no deputy named {known.deputy}"
        for n, away in enumerate(known.absent):
            if away.ends_at <= away.starts_at:
                yield ("people", name, "absent", n), f"{name}: an absence ends before it begins"


def _bad_targets(pack: PolicyPack) -> Iterator[Fault]:
    for name, plan in pack.plans.items():
        where: Where = ("plans", name)
        for target in plan.targets:
            if kind_of(target).dated_by == "event":
                yield (*where, "targets", target), f"plan {name}: {target} gets its date from replies"
            if target not in TARGETS:
                yield (*where, "targets", target), f"plan {name}: nothing ever meets a target {target}"
        waiting: list[tuple[Where, str, tuple[str, ...]]] = [
            (("pauses", reason, "targets"), f"pause {reason}", pause.targets) for reason, pause in plan.pauses.items()
        ]
        waiting += [(("extension", "targets"), "extension", plan.extension.targets)] if plan.extension else []
        waiting += [(("holding", "meets"), "holding", plan.holding.meets)] if plan.holding else []
        # A target that is mistyped is told where it stands, not wherever it is named rightly.
        perhaps = TARGETS if any(target not in TARGETS for target in plan.targets) else ()
        for at, what, targets in waiting:
            for n, target in enumerate(targets):
                if target not in plan.targets and target not in perhaps:
                    yield (*where, *at, n), f"plan {name}: {what} of unknown target {target}"


def _bad_calendars(pack: PolicyPack) -> Iterator[Fault]:
    named: dict[Where, tuple[str, str]] = {
        ("departments", name, "calendar"): (name, d.calendar) for name, d in pack.departments.items() if d.calendar
    }
    named |= {("calendar",): ("the pack", pack.calendar)} if pack.calendar else {}
    for where, (who, name) in named.items():
        if name not in pack.calendars:
            yield where, f"{who}: no calendar named {name}"
    before = [plan.extension.before for plan in pack.plans.values() if plan.extension]
    counted = [*before, *(length for _, length in lengths(pack))]
    if pack.calendar is None and any(isinstance(length, Working) for length in counted):
        yield (), "working time counts by a calendar: the pack names none as its own"


FAULTS = (_bad_times, _bad_ladders, _bad_names, _bad_people, _bad_targets, _bad_calendars)
"""Every look for faults; all that is found is told at once."""
