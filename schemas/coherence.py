"""The faults of a policy pack whose parts do not fit together, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from schemas.lengths import is_comparable, span_of
from schemas.pack_lengths import ZERO, Fault, Where, bad_lengths, without_calendar
from schemas.targets import TARGETS, kind_of

if TYPE_CHECKING:
    from schemas.policy import PolicyPack, VisitPlan


def faults_of(pack: PolicyPack) -> list[Fault]:
    """Everything in a pack that does not hold together."""
    return [fault for look in FAULTS for fault in look(pack)]


def _bad_times(pack: PolicyPack) -> Iterator[Fault]:
    if pack.trust != "unlimited" and pack.trust < ZERO:
        yield ("trust",), "trust must not be negative"
    yield from bad_lengths(pack)
    for name, plan in pack.plans.items():
        if plan.visit and not _opens_before_it_is_due(plan.visit):
            yield ("plans", name, "visit"), f"plan {name}: a visit must be due after it opens"


def _opens_before_it_is_due(visit: VisitPlan) -> bool:
    """Of lengths that count in different ways, only a calendar can tell."""
    opens, due = visit.opens_after, visit.due_after
    return span_of(opens) >= ZERO and (not is_comparable(opens, due) or span_of(opens) < span_of(due))


def _bad_ladders(pack: PolicyPack) -> Iterator[Fault]:
    for name, ladder in pack.ladders.items():
        where = ("ladders", name, "steps")
        steps = ladder.steps
        if any(len(step.stands) != 1 for step in steps):
            yield where, f"ladder {name}: a step stands either at_percent, before, after or at"
        percents = [step.at_percent for step in steps if step.at_percent is not None]
        if percents != sorted(set(percents)) or 100 not in percents:
            yield where, f"ladder {name}: steps must rise and one must stand at 100 %"
        waits = [span_of(step.after) for step in steps if step.after is not None]
        above = [step.after is not None or step.at is not None for step in steps]
        if waits != sorted(set(waits)) or above != sorted(above):
            yield where, f"ladder {name}: steps after the date stand above those at a share of the time, and rise"
        noticed = [step.before for step in steps if step.before is not None]
        falls = all(not is_comparable(a, b) or span_of(a) > span_of(b) for a, b in pairwise(noticed))
        below = [step.before is None and (step.at_percent is None or step.at_percent >= 100) for step in steps]
        if not falls or below != sorted(below):
            yield where, f"ladder {name}: steps before the date stand below the one at 100 %, the longest first"


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
    yield from without_calendar(pack)


FAULTS = (_bad_times, _bad_ladders, _bad_names, _bad_people, _bad_targets, _bad_calendars)
"""Every look for faults; all that is found is told at once."""
