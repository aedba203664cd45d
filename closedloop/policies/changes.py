"""The changes that another pack brings for new complaints, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import zip_longest

from pydantic import BaseModel

from closedloop.policies.tables import plain
from schemas.lengths import Part
from schemas.policy import Days, EarlierOf, Every, LaterOf, Plan, PolicyPack, Route, Working

LENGTHS = Every, Working, Days, EarlierOf, LaterOf

NOTHING = "nothing but the version"


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
            yield f"route {asked}: to {_goal(route)} instead of {_goal(was[asked])}"
    yield from (f"route {asked}: gone, it led to {_goal(route)}" for asked, route in was.items() if asked not in now)
    kept = [asked for asked in was if asked in now]
    if kept != [asked for asked in now if asked in was]:
        yield "routes stand in another order: the first that fits decides"


def _plans(old: Mapping[str, Plan], new: Mapping[str, Plan]) -> Iterator[str]:
    yield from _come_and_go("plan", old, new)
    for name in [name for name in new if name in old]:
        yield from _change(f"plan {name}:", old[name].targets, new[name].targets)
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
    """What differs within a part of the pack; `what` names the part."""
    named = f"{what}:" if what and ":" not in what else what
    for field in type(new).model_fields:
        if field not in but:
            yield from _change(f"{named} {field}".lstrip(), getattr(old, field), getattr(new, field))


def _change(name: str, was: object, now: object) -> Iterator[str]:
    """The differences of a part that kept its name: each of its own parts that differs."""
    if was == now:
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in [*now, *(key for key in was if key not in now)]:
            yield from _change(f"{name} {key}", was.get(key), now.get(key))
    elif _has_parts(was) and _has_parts(now) and isinstance(was, tuple) and isinstance(now, tuple):
        for n, (one, other) in enumerate(zip_longest(was, now), 1):
            yield from _change(f"{name} {n}", one, other)
    elif isinstance(was, BaseModel) and isinstance(now, BaseModel) and not isinstance(now, LENGTHS):
        yield from _fields(name, was, now)
    elif was in NONE:
        yield f"{name} {_said(now)}, new"
    elif now in NONE:
        yield f"{name} gone, it was {_said(was)}"
    else:
        yield f"{name} {_said(now)} instead of {_said(was)}"


NONE: tuple[object, ...] = (None, (), {})
"""What stands in a pack where nothing is given."""


def _has_parts(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, Part) for each in value)


def _asked(route: Route) -> str:
    given = {"category": route.category, "area": route.area, "tier": route.tier}
    return "; ".join(f"{what} {' or '.join(one)}" for what, one in given.items() if one != ("*",)) or "everything"


def _goal(route: Route) -> str:
    return f"{route.department} by plan {route.plan}"


def _said(value: object) -> str:
    """A value as people write it; of a part, what in it is not as it would be anyway."""
    if isinstance(value, (*LENGTHS, timedelta, str)):
        return plain(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        given = {name: getattr(value, name) for name, field in fields if getattr(value, name) != field.default}
        return ", ".join(f"{name} {_said(one)}" for name, one in given.items() if one not in NONE)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(one)}" for name, one in value.items())
    return " ".join(map(_said, value)) if isinstance(value, tuple) else str(value)
