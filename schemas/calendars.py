"""A calendar as data: the zone, the weekly hours, the holidays, and the overrides of single days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from schemas.base import Line, Record

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN

_DAY = f"(?:{'|'.join(WEEKDAYS)})"
_DAYS = rf"^{_DAY}(-{_DAY})?$"
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_HOURS = rf"^{_TIME}-(?:{_TIME}|24:00)$"

Minutes = tuple[int, int]
"""From and to, in minutes after the midnight that begins the day; `to` is above 1440 where it runs over midnight."""


def minutes(hours: str) -> Minutes:
    """Read `08:30-12:00`; `22:00-06:00` ends on the next day, `00:00-24:00` is a whole one. Raises ValueError."""
    found = re.fullmatch(_HOURS, hours)
    if found is None:
        raise ValueError(f"{hours}: hours are written like 08:30-12:00, 22:00-06:00 or 00:00-24:00")
    opens = int(found[1]) * 60 + int(found[2])
    closes = int(found[3]) * 60 + int(found[4]) if found[3] else DAY_MIN
    if opens == closes:
        raise ValueError(f"{hours}: it opens and closes at the same time; a whole day is 00:00-24:00")
    return opens, closes if closes > opens else closes + DAY_MIN


def weekdays(days: str) -> tuple[int, ...]:
    """Read `sat` or `mon-fri` as numbers, Monday 0; `sat-mon` runs over the week's end. Raises ValueError."""
    if re.fullmatch(_DAYS, days) is None:
        raise ValueError(f"{days}: days are written like sat or mon-fri, of {', '.join(WEEKDAYS)}")
    first, last = WEEKDAYS.index(days[:3]), WEEKDAYS.index(days[-3:])
    return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))


def _hours(text: str) -> str:
    minutes(text)
    return text


def _days(text: str) -> str:
    weekdays(text)
    return text


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"{name} is no zone of the IANA time zone database, such as Asia/Shanghai")
    return name


def _authority(code: str) -> str:
    # Imported late: only who names an authority pays for it.
    from holidays import country_holidays

    country, _, part = code.partition("-")
    try:
        found = country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        found = None
    # The package takes other spellings too, under which nothing else of ours would be found.
    if found is None or found.country != country or (part and part not in found.subdivisions):
        raise ValueError(f"{code} is no authority whose holidays are known; they are ISO codes such as CN or US-NY")
    return code


@cache
def _zones() -> frozenset[str]:
    """Without `localtime`, which is another zone on every machine."""
    return frozenset(available_timezones() - {"localtime"})


Hours = Annotated[str, AfterValidator(_hours), WithJsonSchema({"type": "string", "pattern": _HOURS})]
"""When it is open: half-open, to the minute, in local wall time; it belongs to the day on which it opens."""

Days = Annotated[str, AfterValidator(_days), WithJsonSchema({"type": "string", "pattern": _DAYS})]
Zone = Annotated[str, AfterValidator(_zone)]
Authority = Annotated[str, AfterValidator(_authority)]


class _Part(Record):
    """A part of a calendar: a word it does not know is refused, because a mistyped rule would silently not hold."""

    model_config = ConfigDict(extra="forbid")


class Override(_Part):
    """What holds on one day instead of everything else, and who ordered it."""

    date: date
    open: Annotated[tuple[Hours, ...], Field(min_length=1)] | Literal["closed"]
    reason: Line
    authority: Line

    @property
    def hours(self) -> tuple[Minutes, ...]:
        """The day's opening hours, sorted; none when it is closed."""
        return () if self.open == "closed" else _sorted(self.open)


class OfficialYear(_Part):
    """One year's list as its authority published it: it takes the place of what the program knows of that year."""

    year: int
    source: Line
    holidays: dict[date, Line]
    workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _of_one_year(self) -> Self:
        strange = [f"{day} is not in {self.year}" for day in (*self.holidays, *self.workdays) if day.year != self.year]
        both = [f"{day} is a holiday and a working day" for day in self.workdays if day in self.holidays]
        _refuse([*strange, *both])
        return self


class CalendarSpec(_Part):
    """Working time of a department: weekly hours in a zone, an authority's holidays, its make-up days, overrides."""

    version: Line
    zone: Zone
    hours: dict[Days, tuple[Hours, ...]]
    holidays: Authority | None = None
    makeup_hours: Weekday = "mon"
    """Whose hours a make-up working day has: those of this weekday, whatever weekday it is itself."""
    weekends_in_breaks: Literal["closed", "open"] = Field(
        default="closed",
        description="whether Saturdays and Sundays of a published break are closed, or have their weekly hours",
        exclude_if=lambda said: said == "closed",  # packs that were published before keep their hash
    )
    official: tuple[OfficialYear, ...] = ()
    overrides: tuple[Override, ...] = ()

    @cached_property
    def week(self) -> tuple[tuple[Minutes, ...], ...]:
        """The opening hours of each weekday from Monday on, sorted."""
        named = {day: _sorted(hours) for days, hours in self.hours.items() for day in weekdays(days)}
        return tuple(named.get(day, ()) for day in range(7))

    @cached_property
    def makeup(self) -> tuple[Minutes, ...]:
        """The opening hours of a make-up working day."""
        return self.week[WEEKDAYS.index(self.makeup_hours)]

    @cached_property
    def overridden(self) -> Mapping[date, Override]:
        """The overrides by their day."""
        return {override.date: override for override in self.overrides}

    @cached_property
    def published(self) -> Mapping[int, OfficialYear]:
        """The lists that the calendar brings along, by year."""
        return {listed.year: listed for listed in self.official}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [*self._twice(), *self._overlaps()]
        if not any(self.week) and not any(override.hours for override in self.overrides):
            faults.append("it never opens: no weekday and no override has hours")
        if self.holidays and any(self.week) and not self.makeup:
            faults.append(f"makeup_hours: a make-up day would have no hours, because {self.makeup_hours} has none")
        if self.official and not self.holidays:
            faults.append("official lists need the authority that published them: holidays")
        _refuse(faults)
        return self

    def _twice(self) -> list[str]:
        days = [WEEKDAYS[day] for days in self.hours for day in weekdays(days)]
        named = [*days, *(override.date.isoformat() for override in self.overrides)]
        named += [f"the official list of {listed.year}" for listed in self.official]
        return [f"{name} is there twice" for name, count in Counter(named).items() if count > 1]

    def _overlaps(self) -> list[str]:
        week = [(d * DAY_MIN + a, d * DAY_MIN + b, WEEKDAYS[d]) for d, hours in enumerate(self.week) for a, b in hours]
        again = [(a + WEEK_MIN, b + WEEK_MIN, day) for a, b, day in week[:1]]
        faults = [
            f"hours of {one} overlap with those of {next_}"
            for (_, closes, one), (opens, _, next_) in pairwise([*week, *again])
            if opens < closes
        ]
        return faults + [
            f"hours of {override.date} overlap"
            for override in self.overrides
            if any(opens < closes for (_, closes), (opens, _) in pairwise(override.hours))
        ]


def _sorted(hours: Iterable[str]) -> tuple[Minutes, ...]:
    return tuple(sorted(minutes(text) for text in hours))


def _refuse(faults: list[str]) -> None:
    if faults:
        raise ValueError("; ".join(faults))
