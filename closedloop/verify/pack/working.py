"""Working time as a calendar of a policy pack promises it, counted day by day from the data alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST, LAST = 2009, 2041
"""Calendars count the years between."""
PUBLISH_BREAKS = frozenset({"CN"})
"""Authorities whose breaks take in the weekend beside them."""


class Working:
    """One calendar; moments and lengths are virtual milliseconds, as everywhere in these checks."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._zone = ZoneInfo(spec["zone"])
        self._week: dict[int, list[str]] = {}
        for days, hours in spec["hours"].items():
            first, last = _DAYS.index(days[:3]), _DAYS.index(days[-3:])
            for n in range((last - first) % 7 + 1):
                self._week[(first + n) % 7] = hours
        self._makeup = self._week.get(_DAYS.index(spec.get("makeup_hours", "mon")), [])
        self._authority: str | None = spec.get("holidays")
        self._official = {year["year"]: year for year in spec.get("official", ())}
        self._whole = self._authority in PUBLISH_BREAKS and spec.get("weekends_in_breaks", "closed") == "closed"
        self._overrides = {o["date"]: o["open"] for o in spec.get("overrides", ())}
        self._open = cache(self._intervals)

    def add(self, start: int, span: int) -> int:
        """When so much has been worked since the start; raises OverflowError where that never comes."""
        if not span:
            return start
        for opens, closes in self._from(start):
            if closes - opens >= span:
                return opens + span
            span -= closes - opens
        raise OverflowError("never worked so much")

    def between(self, a: int, b: int) -> int:
        """How much is worked from `a` to `b`."""
        worked = 0
        for opens, closes in self._from(a):
            if opens >= b:
                break
            worked += min(closes, b) - opens
        return worked

    def back(self, end: int, span: int) -> int:
        """The latest moment from which so much is worked until then; raises OverflowError where that never was."""
        start = end
        while span and (over := self.between(start, end) - span) < 0:
            start -= DAY // MS
            if self.wall(start).year <= FIRST:
                raise OverflowError("never worked so much")
        return self.opening(self.add(start, over))[0] if span else end

    def opening(self, start: int) -> tuple[int, date]:
        """The moment itself where it is open, else the next opening; and the day of its hours. Raises OverflowError."""
        day = self.wall(start).date() - 2 * DAY
        while day.year < LAST:
            for opens, closes in self._open(day):
                if closes > max(opens, start):
                    return max(opens, start), day
            day += DAY
        raise OverflowError("never opens again")

    def closing(self, day: date) -> int:
        """When the hours end that open on a day; raises ValueError where none do."""
        return max(closes for _, closes in self._open(day))

    def is_working(self, day: date) -> bool:
        """Whether any hours open on a day."""
        return bool(self._open(day))

    def wall(self, at: int) -> datetime:
        """What the clock on the wall shows."""
        return _back(EPOCH + at * MS, self._zone)

    def shown(self, wall: datetime) -> int:
        """When the wall shows a time first; where it skips it, when it does."""
        minute = wall.replace(second=0, microsecond=0)
        at = self._moment(minute, 0)
        return at + (wall - minute) // MS if self.wall(at) == minute else at

    def _from(self, start: int) -> Iterator[tuple[int, int]]:
        """What is open from a moment on; where two days' hours overlap it counts once."""
        day = self.wall(start).date() - 2 * DAY
        while day.year < LAST:
            for opens, closes in self._open(day):
                if closes > start:
                    yield max(opens, start), closes
                    start = closes
            day += DAY

    def _intervals(self, day: date) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(self._stretch(day, hours) for hours in self._hours(day)))

    def _hours(self, day: date) -> list[str]:
        override = self._overrides.get(day.isoformat())
        if override is not None:
            return [] if override == "closed" else list(override)
        off, worked = self._listed(day.year)
        if day in worked:
            return self._makeup
        return [] if day in off or self._is_in_a_break(day) else self._week.get(day.weekday(), [])

    def _is_in_a_break(self, day: date) -> bool:
        """Whether days off lead from this weekend day to a Friday or Monday that is a holiday."""
        if not self._whole or day.weekday() < 5 or day.year in self._official:
            return False
        return any(self._leads_to_a_holiday(day, step) for step in (-DAY, DAY))

    def _leads_to_a_holiday(self, day: date, step: timedelta) -> bool:
        day += step
        off, worked = self._listed(day.year)
        if day in worked:
            return False
        return day in off if day.weekday() < 5 else self._leads_to_a_holiday(day, step)

    def _listed(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        if self._authority is None:
            return frozenset(), frozenset()
        if own := self._official.get(year):
            return frozenset(map(date.fromisoformat, own["holidays"])), frozenset(
                map(date.fromisoformat, own.get("workdays", ()))
            )
        return _packaged(self._authority, year)

    def _stretch(self, day: date, hours: str) -> tuple[int, int]:
        opens, closes = (_minutes(text) for text in hours.split("-"))
        midnight = datetime(day.year, day.month, day.day)
        last = midnight + (closes if closes > opens else closes + DAY) - MINUTE
        return self._moment(midnight + opens, 0), self._moment(last, 1) + MINUTE // MS

    def _moment(self, wall: datetime, fold: int) -> int:
        """The moment of a wall time; of one that the wall skips, the moment of the skip."""
        before = wall
        while _back(at := before.replace(tzinfo=self._zone, fold=fold).astimezone(UTC), self._zone) != before:
            before -= MINUTE
        skipped = before != wall
        # The last minute of a day's hours, when skipped, ends at the skip: one minute is added to it afterwards.
        return (at - EPOCH) // MS + (MINUTE // MS if skipped and fold == 0 else 0)


def _back(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _minutes(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


@cache
def _packaged(authority: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    country, _, part = authority.partition("-")
    days = country_holidays(country, subdiv=part or None, years=year)
    return frozenset(d for d in days if d.year == year), frozenset(d for d in days.weekend_workdays if d.year == year)
