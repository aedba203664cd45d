"""What another pack changes for complaints that are received from now on, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import BaseModel

from closedloop.policies.tables import plain
from schemas.lengths import Part
from schemas.policy import Every, Plan, PolicyPack, Route, Working

NOTHING = "nothing but the version"
LONG = (Part, Mapping, tuple)
"""What is too long to be told with what it was before."""


def between(old: PolicyPack, new: PolicyPack) -> list[str]:
    """One line for each change: departments, routes, targets, then everything else."""
    found = [
        *_departments(old, new),
        *_routes(old.routes, new.routes),
        *_plans(old.plans, new.plans),
        *_named("ladder", old.ladders, new.ladders),
        *_named("calendar", old.calendars, new.calendars),
        *_named("person", old.people, new.people),
        *_single(old, new),
    ]
    return found or [NOTHING]


def _departments(old: PolicyPack, new: PolicyPack) -> Iterator[str]:
    for name, one in new.departments.items():
        if name in old.departments:
            yield from _fields(f"{one.kind} {name}", old.departments[name], one)
        else:
            yield f"{one.kind} {name} ({one.zh}, {one.en}) joins"
    for name, one in old.departments.items():
        if name not in new.departments:
            yield f"{one.kind} {name} leaves: what it has stays with it, and nothing new comes"


def _routes(old: tuple[Route, ...], new: tuple[Route, ...]) -> Iterator[str]:
    was, now = {_asked(route): route for route in old}, {_asked(route): route for route in new}
    for asked, route in now.items():
        if asked not in was:
            yield f"route {asked}: new, to {_goal(route)}"
        elif _goal(was[asked]) != _goal(route):
            yield f"route {asked}: to {_goal(route)}, before to {_goal(was[asked])}"
    yield from (f"route {asked}: gone, before to {_goal(route)}" for asked, route in was.items() if asked not in now)
    kept = [asked for asked in was if asked in now]
    if kept != [asked for asked in now if asked in was]:
        yield "routes stand in another order: the first that fits decides"


def _plans(old: Mapping[str, Plan], new: Mapping[str, Plan]) -> Iterator[str]:
    yield from _come_and_go("plan", old, new)
    for name in [name for name in new if name in old]:
        was, now = old[name].targets, new[name].targets
        for target in [*now, *(target for target in was if target not in now)]:
            if was.get(target) != now.get(target):
                yield f"plan {name}: {target} {_length(now.get(target))}, before {_length(was.get(target))}"
        yield from _fields(f"plan {name}", old[name], new[name], "targets")


def _named(what: str, old: Mapping[str, BaseModel], new: Mapping[str, BaseModel]) -> Iterator[str]:
    yield from _come_and_go(what, old, new)
    for name in [name for name in new if name in old]:
        yield from _fields(f"{what} {name}", old[name], new[name])


def _single(old: PolicyPack, new: PolicyPack) -> Iterator[str]:
    told = {"departments", "routes", "plans", "ladders", "calendars", "people", "version"}
    yield from _fields("", old, new, *told)


def _come_and_go(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{what} {name} is new" for name in new if name not in old)
    yield from (f"{what} {name} is gone" for name in old if name not in new)


def _fields(what: str, old: BaseModel, new: BaseModel, *but: str) -> Iterator[str]:
    for field in type(new).model_fields:
        was, now = getattr(old, field), getattr(new, field)
        if field not in but and was != now:
            name = f"{what}: {field}" if what else field
            short = not any(isinstance(value, LONG) and not isinstance(value, Working) for value in (was, now))
            yield f"{name} {_length(now)}, before {_length(was)}" if short else f"{name} changes"


def _asked(route: Route) -> str:
    given = {"category": route.category, "area": route.area, "tier": route.tier}
    return "; ".join(f"{what} {' or '.join(one)}" for what, one in given.items() if one != ("*",)) or "everything"


def _goal(route: Route) -> str:
    return f"{route.department} by plan {route.plan}"


def _length(value: object) -> str:
    return (
        "none"
        if value is None
        else plain(value)
        if isinstance(value, Every | Working | timedelta | str)
        else str(value)
    )
