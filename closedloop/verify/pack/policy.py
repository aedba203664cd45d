"""Policy packs as the checks need them: each part by its place, as it was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from closedloop.verify.pack.days import end
from closedloop.verify.pack.ladders import Ladder, Rung, Step
from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Awake, Counting, Length, Pause, Target, span_ms
from closedloop.verify.pack.working import Working
from closedloop.verify.tables.contract import targets

LENGTHS = (
    "/assign_within",
    "/incidents/update",
    "/incidents/report_within",
    "/plans/*/targets/*",
    "/plans/*/visit/*_after",
    "/plans/*/pauses/*/at_most",
    "/plans/*/pauses/*/approved_within",
    "/plans/*/extension/before",
    "/plans/*/extension/at_most",
    "/plans/*/extension/approved_within",
    "/plans/*/holding/final_within",
)
"""The places of a pack that hold a length."""

_OF_A_LENGTH = re.compile("|".join(place.replace("*", "[^/]*") for place in LENGTHS))


@dataclass(frozen=True, slots=True)
class Pack:
    """What the checks know of one policy pack."""

    places: Mapping[str, Any]
    """All that it says, by JSON Pointer; what is left out or null has no place."""
    lengths: Mapping[str, Length]
    ladders: Mapping[str, Ladder]
    calendars: Mapping[str | None, Working]
    """Under None the days alone, of the pack's own zone."""
    centre: str
    departments: frozenset[str]
    """Who may own a complaint: neither centre nor desks."""
    trust: int | None
    """How far back a stated time counts; None: without a limit."""

    def at(self, place: str, default: Any = None) -> Any:
        """What stands at a place; the default where nothing does."""
        return self.places.get(place, default)

    def attempts(self, plan: str | None) -> int:
        """How often a visit is tried under a plan; 0 where the plan asks for none."""
        visit = f"/plans/{plan}/visit"
        return int(self.at(f"{visit}/attempts", 3)) if self.at(visit) else 0

    def calendar_of(self, department: str) -> str | None:
        """The calendar by which a department works, where it has one."""
        own: str | None = self.at(f"/departments/{department}/calendar") or self.at("/calendar")
        return own

    def counting(self, calendar: str | None) -> Counting:
        """What counts by a calendar."""
        return ALL_OF_THE_TIME if calendar is None else self.calendars[calendar]

    def counting_for(self, target: Target) -> Counting:
        """What counts for a target: its calendar's time, but for its pauses."""
        return Awake(self.counting(target.calendar), target.pauses)

    def days_of(self, department: str) -> Working:
        """The days and hours of a department."""
        return self.calendars[self.calendar_of(department)]

    def lasting(self, department: str, start: int, length: Length, of_a_date: bool = False) -> int:
        """Until when a length lasts for a department from a moment on, or from a date on."""
        return end(self.days_of(department), length, start, of_a_date=of_a_date).due

    def dated(self, target: Target, department: str, length: Length, pauses: tuple[Pause, ...] = ()) -> Target:
        """A target with the date at which a length ends that begins with it, but for pauses."""
        date = end(self.days_of(department), length, target.starts, pauses)
        return target._replace(
            due=date.due,
            calendar=self.calendar_of(department) if date.works else None,
            pauses=pauses,
            counted_to=None if date.counted_to == date.due else date.counted_to,
        )

    def rung(self, target: Target, number: int, plan: str | None, level: int, department: str) -> Rung | None:
        """What the ladder of a plan promises as a target's rung of this number."""
        ladder = self.ladder_of(target.name, plan)
        if ladder is None:
            return None
        return ladder.rung(number, target, level, self.counting_for(target), self.days_of(department))

    def ladder_of(self, target: str, plan: str | None) -> Ladder | None:
        """The ladder that watches a target: the plan's; what the centre decides and an incident asks have theirs."""
        if target in targets("ladder", "incidents") and (led := self.at("/incidents/ladder")):
            return self.ladders.get(led)
        if target in targets("ladder", "centre") or plan is None:
            return self.ladders.get(self.at("/centre_ladder"))
        found = self.ladders.get(self.at(f"/plans/{plan}/ladder"))
        return found.up_to_the_date if found and target in targets("ends_at_its_date", True) else found


def pack(content: bytes | None) -> Pack | None:
    """The pack in a record of the policies topic; None for one that is withdrawn or no pack."""
    try:
        value = json.loads(content or b"")
        places = dict(_places("", value))
        calendars = {None: {"zone": value.get("zone") or "UTC", "hours": {}}, **(value.get("calendars") or {})}
        known = (place for place in places if _OF_A_LENGTH.fullmatch(place))
        return Pack(
            places,
            {place: length for place in known if (length := _length(places[place]))},
            {name: _ladder(ladder) for name, ladder in value["ladders"].items()},
            {name: Working(spec) for name, spec in calendars.items()},
            value["centre"],
            frozenset(n for n, d in value["departments"].items() if d.get("kind", "department") == "department"),
            None if value["trust"] == "unlimited" else span_ms(value["trust"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _places(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if value is not None:
        yield place, value
    for name, part in value.items() if isinstance(value, dict) else ():
        yield from _places(f"{place}/{name}", part)


def _ladder(value: Any) -> Ladder:
    reminder = value.get("reminder")
    steps = (
        Step(step.get("at_percent"), step["level"], *(_length(step.get(name)) for name in ("after", "before")))
        for step in value["steps"]
    )
    return Ladder(tuple(steps), _length(reminder["every"]) if reminder else None)


def _length(value: Any) -> Length | None:
    """None for the date that an upstream system brings, which has no length."""
    if value is None or value == "stated":
        return None
    return Length.of(value["every"] if isinstance(value, dict) and "every" in value else value)
