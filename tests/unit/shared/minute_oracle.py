"""Working time the slow way: every minute of a window is asked for its wall time, and counted.

It reads a calendar as it stands in a file, shares no line with the module it judges, and knows neither sorted lists nor
sums. Bounds of hours are whole minutes, so a minute is open or closed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

NONE, MINUTE, DAY, MIDNIGHT = timedelta(0), timedelta(minutes=1), timedelta(days=1), datetime.min.time()
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

Stretch = tuple[datetime, datetime]


@cache
def listed(authority: str, year: int) -> holidays.HolidayBase:
    country, _, part = authority.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=year)


@cache
def days_off(authority: str, year: int) -> set[date]:
    return set(listed(authority, year))


@cache
def days_on(authority: str, year: int) -> set[date]:
    return listed(authority, year).weekend_workdays


def hours_of(raw: Mapping[str, Any], day: date) -> list[str]:
    """What a calendar's file says of a day."""
    for override in raw.get("overrides", ()):
        if override["date"] == day.isoformat():
            return [] if override["open"] == "closed" else override["open"]
    authority = raw.get("holidays")
    if authority:
        off, on = days_off(authority, day.year), days_on(authority, day.year)
        for official in raw.get("official", ()):
            if official["year"] == day.year:
                off = {date.fromisoformat(text) for text in official["holidays"]}
                on = {date.fromisoformat(text) for text in official.get("workdays", ())}
        if day in on:
            return weekday_hours(raw, raw.get("makeup_hours", "mon"))
        if day in off or in_a_break(raw, day):
            return []
    return weekday_hours(raw, NAMES[day.weekday()])


def in_a_break(raw: Mapping[str, Any], day: date) -> bool:
    """Whether a weekend lies beside a Chinese holiday, with nothing but days off between them."""
    own = [official["year"] for official in raw.get("official", ())]
    if raw["holidays"] != "CN" or raw.get("weekends_in_breaks") == "open" or day.year in own or day.weekday() < 5:
        return False
    before = [day - n * DAY for n in range(1, day.weekday() - 3)]
    after = [day + n * DAY for n in range(1, 8 - day.weekday())]
    return any(not {*way} & worked(raw, way) and way[-1] in named_off(raw, way[-1]) for way in (before, after))


def worked(raw: Mapping[str, Any], days: list[date]) -> set[date]:
    brought = {o["year"]: {date.fromisoformat(d) for d in o.get("workdays", ())} for o in raw.get("official", ())}
    return {day for day in days if day in brought.get(day.year, days_on("CN", day.year))}


def named_off(raw: Mapping[str, Any], day: date) -> set[date]:
    for official in raw.get("official", ()):
        if official["year"] == day.year:
            return {date.fromisoformat(text) for text in official["holidays"]}
    return days_off("CN", day.year)


def weekday_hours(raw: Mapping[str, Any], name: str) -> list[str]:
    for days, hours in raw["hours"].items():
        first, _, last = days.partition("-")
        turn = NAMES[NAMES.index(first) :] + NAMES[: NAMES.index(first)]
        if name in turn[: turn.index(last or first) + 1]:
            found: list[str] = hours
            return found
    return []


def stretches(raw: Mapping[str, Any], day: date) -> Iterator[Stretch]:
    """The wall times between which a day's hours lie."""
    for text in hours_of(raw, day):
        opens, closes = (datetime.combine(day, MIDNIGHT) + as_delta(clock) for clock in text.split("-"))
        yield opens, closes if closes > opens else closes + DAY


def as_delta(clock: str) -> timedelta:
    hour, minute = clock.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


class Window:
    """The minutes from one midnight of UTC to another, each open or closed."""

    def __init__(self, raw: Mapping[str, Any], first: date, end: date) -> None:
        self.start = datetime.combine(first, MIDNIGHT, UTC)
        self.end = datetime.combine(end, MIDNIGHT, UTC)
        self.open = self._minutes(raw)

    def _minutes(self, raw: Mapping[str, Any]) -> bytearray:
        """Walk, a day more on either side; hours hold from the first to the last minute that shows their time."""
        zone, at, count = ZoneInfo(raw["zone"]), self.start - DAY, (self.end - self.start + 2 * DAY) // MINUTE
        shown: dict[Stretch, tuple[int, int]] = {}
        theirs: dict[date, list[Stretch]] = {}
        for n in range(count):
            wall = at.astimezone(zone).replace(tzinfo=None)
            day = wall.date()
            at += MINUTE
            if day not in theirs:
                theirs[day] = [*stretches(raw, day - DAY), *stretches(raw, day)]
            for stretch in theirs[day]:
                if stretch[0] <= wall < stretch[1]:
                    shown[stretch] = (shown[stretch][0] if stretch in shown else n, n)
        minutes = bytearray(count)
        for first, last in shown.values():
            minutes[first : last + 1] = b"\1" * (last + 1 - first)
        return minutes[DAY // MINUTE : -(DAY // MINUTE)]

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Count whole minutes; take off what of the first lies before `a`, add what of the last lies before `b`."""
        (first, early), (last, late) = self._minute(a), self._minute(b)
        worked = self.open.count(1, first, last) * MINUTE
        return worked - early * self.open[first] + (late * self.open[last] if late else NONE)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """Walk on until the span is used up."""
        if not span:
            return start
        first, into = self._minute(start)
        for n in range(first, len(self.open)):
            if self.open[n]:
                if span <= MINUTE - into:
                    return self.start + n * MINUTE + into + span
                span -= MINUTE - into
            into = NONE
        raise LookupError("it leads out of the window")

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """Walk back until the span is used up."""
        if not span:
            return end
        last, into = self._minute(end)
        for n in range(last, -1, -1):
            if into and self.open[n]:
                if span <= into:
                    return self.start + n * MINUTE + into - span
                span -= into
            into = MINUTE
        raise LookupError("it leads out of the window")

    def next_opening(self, at: datetime) -> datetime:
        """Walk on to a minute that is open."""
        first, _ = self._minute(at)
        found = self.open.index(1, first)
        return at if found == first else self.start + found * MINUTE

    def stretches(self) -> list[Stretch]:
        """All open time, neighbours joined."""
        found: list[Stretch] = []
        for n, is_open in enumerate(self.open):
            at = self.start + n * MINUTE
            if is_open and found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + MINUTE)
            elif is_open:
                found.append((at, at + MINUTE))
        return found

    def _minute(self, at: datetime) -> tuple[int, timedelta]:
        """The minute in which a moment lies, and how far into it."""
        return divmod(at - self.start, MINUTE)
