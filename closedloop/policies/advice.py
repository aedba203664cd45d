"""Rows of a pack that its author can hardly mean: faults, which prevent its publication, and warnings.

A pack that was published before is loaded whatever stands here; these are rules for writing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from closedloop.policies.finding import Finding, nearest
from closedloop.policies.source import Source, Where
from closedloop.policies.tables import plain
from schemas.calendars import CalendarSpec
from schemas.lengths import is_comparable
from schemas.pack_lengths import ZERO, every_length, simple_lengths
from schemas.patterns import as_compared, fits
from schemas.policy import Every, Length, PolicyPack, Route, Working, span_of

BY_THE_ANSWER = ("accept", "acknowledge", "contact", "progress")
"""Targets that the answer meets at the latest."""

LONGEST = timedelta(days=3_660)
"""What is longer than ten years is a slip: nobody waits so long for an answer."""

SHORTEST_REMINDER = timedelta(minutes=1)
"""Reminders come for as long as nobody acts: more often than this nobody reads them."""

_ANYTHING = "\ue000" * 60
_CLASS = re.compile(r"\[(?:!|.-.\])")


def faults(pack: PolicyPack) -> Iterator[Finding]:
    """Faults that harm the complaints under the pack."""
    if not pack.plans:
        yield Finding(("plans",), "no plans: what the centre assigns by hand would have no dates")
    for n, route in enumerate(pack.routes):
        known = pack.departments.get(route.department)
        where: Where = ("routes", n, "department")
        owners = "a department that works on complaints"
        if known and known.kind == "desk":
            says = f"route {n + 1} leads to the visit desk {route.department}, which has no topic for replies"
            yield Finding(where, says, owners)
        elif route.department == pack.centre or (known and known.kind == "centre"):
            says = f"route {n + 1} leads to the centre {route.department}, which assigns and does not answer"
            yield Finding(where, says, f"{owners}; without a route the centre gets it by itself")
    yield from _contradictions(pack)
    yield from _too_long(pack)
    yield from _too_often(pack)


def _too_often(pack: PolicyPack) -> Iterator[Finding]:
    for name, ladder in pack.ladders.items():
        if ladder.reminder and ZERO < span_of(ladder.reminder.every) < SHORTEST_REMINDER:
            says = f"ladder {name}: the reminder comes every {plain(ladder.reminder.every)}, until somebody acts"
            yield Finding(("ladders", name, "reminder", "every"), says, "at least 1m")


def _too_long(pack: PolicyPack) -> Iterator[Finding]:
    for where, what, length, *_ in every_length(pack):
        if span_of(length) > LONGEST:
            says = f"{what} lasts {plain(length)}, longer than ten years"
            yield Finding(where, says, f"at most {LONGEST.days}d")


def warnings(pack: PolicyPack, source: Source | None = None) -> Iterator[Finding]:
    """Warnings of rows that work, but that an author hardly means."""
    yield from _routes(pack)
    yield from _unused(pack)
    yield from _roles(pack)
    for name, plan in pack.plans.items():
        if not plan.targets:
            yield Finding(("plans", name), f"plan {name} has no targets: nothing is ever late in it")
    for where, what, length, *_ in simple_lengths(pack):
        if isinstance(length, Working):
            yield from _days_of_work(pack, where, what, length, source)


def _contradictions(pack: PolicyPack) -> Iterator[Finding]:
    for name, (early, one), (late, other) in ordered_targets(pack):
        if is_later(one, other):
            yield contradiction(name, early, late)


def ordered_targets(pack: PolicyPack) -> Iterator[tuple[str, tuple[str, Length], tuple[str, Length]]]:
    """The plan and two of its targets, of which the first must not be due after the second."""
    for name, plan in pack.plans.items():
        at = {target: length for target, length in plan.targets.items() if not isinstance(length, Every | str)}
        pairs = [(early, "answer") for early in BY_THE_ANSWER] + [(early, "total") for early in at if early != "total"]
        for early, late in pairs:
            if early in at and late in at:
                yield name, (early, at[early]), (late, at[late])


def contradiction(plan: str, early: str, late: str, when: str = "") -> Finding:
    """What is said of two targets in the wrong order."""
    where, other = (("plans", plan, "targets", target) for target in (early, late))
    why = "the answer meets it" if late == "answer" else "it is part of the whole"
    says = f"plan {plan}: {early} is due after {late}{when}, but {why}"
    return Finding(where, says, f"at most as long as {late}", also=(other,))


def is_later(one: Length, other: Length) -> bool:
    """Whether the first ends after the second under any calendar: working time never passes faster than time."""
    comparable = is_comparable(one, other) or (isinstance(one, Working) and isinstance(other, timedelta))
    return comparable and span_of(one) > span_of(other)


def _routes(pack: PolicyPack) -> Iterator[Finding]:
    if not pack.routes:
        yield Finding(("routes",), "no routes: the centre has to assign every complaint by hand")
    for n, route in enumerate(pack.routes):
        for what in ("category", "area", "tier"):
            for m, pattern in enumerate(getattr(route, what)):
                if _CLASS.search(pattern):
                    says = f"route {n + 1}: brackets in {pattern} stand for themselves"
                    yield Finding(("routes", n, what, m), says, "* and ? as the only signs with a meaning")
        if above := _above(pack.routes[:n], route):
            twice = len(above) == 1 and _compared(pack.routes[above[0]]) == _compared(route)
            what = "stands there twice: it fits what" if twice else "is never reached: all that it fits,"
            named = " and ".join(str(m + 1) for m in above).replace(" and ", ", ", len(above) - 2)
            which = f"route {named} takes" if len(above) == 1 else f"routes {named} take"
            yield Finding(("routes", n), f"route {n + 1} {what} {which}{'' if twice else ' before'}")


def _above(routes: tuple[Route, ...], below: Route) -> list[int]:
    """The earlier routes that take all that a route fits, one alone or some together; none if they do not."""
    for m, one in enumerate(routes):
        if _covers(one, below):
            return [m]
    parts = [_part(below, *patterns) for patterns in product(below.category, below.area, below.tier)]
    takers = [next((m for m, one in enumerate(routes) if _covers(one, part)), None) for part in parts]
    return sorted({m for m in takers if m is not None}) if None not in takers else []


def _part(route: Route, category: str, area: str, tier: str) -> Route:
    return route.model_copy(update={"category": (category,), "area": (area,), "tier": (tier,)})


def _compared(route: Route) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(as_compared, given)) for given in (route.category, route.area, route.tier))


def _covers(above: Route, below: Route) -> bool:
    pairs = ((above.category, below.category), (above.area, below.area), (above.tier, below.tier))
    return all(_takes(wide, narrow) for wide, narrows in pairs for narrow in narrows)


def _takes(wide: tuple[str, ...], narrow: str) -> bool:
    """Whether one pattern fits whatever another fits: tried with nothing and with a lot in the place of each star."""
    tried = [as_compared(narrow).replace("?", "\ue001").replace("*", star) for star in ("", _ANYTHING)]
    return any(all(fits((pattern,), value) for value in tried) for pattern in wide)


def _unused(pack: PolicyPack) -> Iterator[Finding]:
    routed = {route.plan for route in pack.routes}
    for name in list(pack.plans)[1:]:
        if name not in routed:
            yield Finding(
                ("plans", name), f"plan {name} is never used: no route names it, and it is not the first plan"
            )
    ladders = {pack.centre_ladder, *(plan.ladder for plan in pack.plans.values())}
    ladders |= {pack.incidents.ladder} if pack.incidents else set()
    yield from (Finding(("ladders", n), f"ladder {n} is never used") for n in pack.ladders if n not in ladders)
    calendars = {pack.calendar, *(department.calendar for department in pack.departments.values())}
    yield from (Finding(("calendars", n), f"calendar {n} is never used") for n in pack.calendars if n not in calendars)
    desks = {plan.visit.desk for plan in pack.plans.values() if plan.visit}
    for name, known in pack.departments.items():
        if known.kind == "desk" and name not in desks:
            yield Finding(("departments", name), f"visit desk {name} is never used: no plan sends it to a customer")


def _roles(pack: PolicyPack) -> Iterator[Finding]:
    """Only where a pack names people at all: without them everybody is told by role."""
    held = {*pack.offices, *(role for department in pack.departments.values() for role in department.offices)}
    if not held:
        return
    named: dict[Where, str] = {("chain", n): role for n, role in enumerate(pack.chain)}
    for name, ladder in pack.ladders.items():
        for n, step in enumerate(ladder.steps):
            named["ladders", name, "steps", n, "role"] = step.role
            named |= {("ladders", name, "steps", n, "copies", m): role for m, role in enumerate(step.copies)}
        if ladder.reminder:
            named["ladders", name, "reminder", "role"] = ladder.reminder.role
    for where, role in named.items():
        if role not in held:
            says = f"{'.'.join(map(str, where[:2]))}: nobody in any department holds the role {role}"
            yield Finding(where, says, f"one of {', '.join(sorted(held))}", nearest(role, held))


def _days_of_work(
    pack: PolicyPack, where: Where, what: str, length: Working, source: Source | None
) -> Iterator[Finding]:
    written = _written(source, where)
    if not isinstance(written, str) or not re.search(r"[dw] *$|^P[^T]*[DW]", written):
        return
    count, hours = length.working.days, length.working.total_seconds() / 3600
    calendar = pack.calendars.get(pack.calendar or "")
    day = _hours_a_day(calendar) if calendar else 0
    meant = f"{{working_days: {count}}}"
    meant += f", or {{working: {count * day:g}h}} for {count} days of {day:g} hours" if day else ", or hours"
    says = f"{what}: {{working: {written}}} are {hours:g} open hours, not {count} working days"
    yield Finding(where, says, meant)


def _written(source: Source | None, where: Where) -> Any:
    """What stands under `working`, be it within `every` or not."""
    given = source.written(where) if source else None
    given = given.get("every", given) if isinstance(given, dict) else given
    return given.get("working") if isinstance(given, dict) else None


def _hours_a_day(calendar: CalendarSpec) -> float:
    """How long a usual day is: that of most weekdays."""
    days = [sum(closes - opens for opens, closes in hours) / 60 for hours in calendar.week if hours]
    return max(days, key=days.count, default=0)
