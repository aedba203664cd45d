"""The holidays and make-up working days of an authority in a year, and whether it has published them.

The `holidays` package lists years that nobody has published yet: it computes the statutory days and guesses the rest.
Its list is used, and `is_official` tells that it is a guess.

It leaves out the Saturdays and Sundays that belong to a published break (国庆节: 1 to 7 October); `listed` adds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from schemas.calendars import CalendarSpec


@dataclass(frozen=True, slots=True)
class Official:
    """The years of which the package's list is the authority's own; `last` is None where a law names the days."""

    first: int
    last: int | None
    source: str
    breaks: bool = False
    """Whether it publishes breaks, each with the weekend that it meets, and not single days."""


OFFICIAL: Mapping[str, Official] = {
    "CN": Official(
        2001,
        2026,
        "国务院办公厅关于部分节假日安排的通知, one for each year; that of 2026 is of 4 November 2025",
        breaks=True,
    ),
    "US": Official(2010, None, "5 U.S.C. 6103 with Executive Order 11582: the days are named by law, not year by year"),
}
"""By authority. Of one that is not here no year is official, until the calendar brings the published list along."""


@dataclass(frozen=True, slots=True)
class Names:
    """The name of a holiday in Chinese and English; a missing one is given in the authority's own language."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One year of an authority: days off by name, and the days of rest on which people work."""

    holidays: Mapping[date, Names]
    workdays: frozenset[date]


NOTHING = Listed({}, frozenset())
DAY, WEEKEND = timedelta(days=1), (5, 6)


def is_official(spec: CalendarSpec, year: int) -> bool:
    """Whether the list of a year was published: it is in the calendar or in `OFFICIAL`, or no authority is named."""
    if spec.holidays is None or year in spec.published:
        return True
    known = OFFICIAL.get(spec.holidays)
    return known is not None and known.first <= year and (known.last is None or year <= known.last)


def listed(spec: CalendarSpec, year: int) -> Listed:
    """The days of a year: from the list that the calendar brings along, else from the package."""
    if spec.holidays is None:
        return NOTHING
    if own := spec.published.get(year):
        return Listed({day: Names(name, name) for day, name in own.holidays.items()}, frozenset(own.workdays))
    return _packaged(spec.holidays, year)


def holiday(spec: CalendarSpec, day: date) -> Names | None:
    """The name of a day off; None for any other day. A weekend day of a published break has the name of the break."""
    year = listed(spec, day.year)
    if day in year.holidays or day in year.workdays:
        return year.holidays.get(day)
    return _break(spec, day) if day.weekday() in WEEKEND and _has_breaks(spec, day.year) else None


def _has_breaks(spec: CalendarSpec, year: int) -> bool:
    """A list that the calendar brings along names every day itself."""
    known = OFFICIAL.get(spec.holidays or "")
    whole = spec.weekends_in_breaks == "closed" and year not in spec.published
    return whole and known is not None and known.breaks


def _break(spec: CalendarSpec, day: date) -> Names | None:
    """The holiday on the Friday before the weekend or on the Monday after it, unless people work on a day between."""
    for step in (-DAY, DAY):
        beside = day + step
        if beside.weekday() in WEEKEND and beside not in listed(spec, beside.year).workdays:
            beside += step
        if beside.weekday() not in WEEKEND and (names := listed(spec, beside.year).holidays.get(beside)):
            return names
    return None


@cache
def _packaged(authority: str, year: int) -> Listed:
    # Imported late: only who names an authority pays for it.
    from holidays import country_holidays

    country, _, part = authority.partition("-")
    listed_in = partial(country_holidays, country, subdiv=part or None, years=year)
    days = listed_in()
    zh, en = (listed_in(language=_language(days.supported_languages, code)) for code in ("zh", "en"))
    # The package keeps make-up days of other years in every list, so the year is asked of each.
    return Listed(
        {day: Names(zh[day], en[day]) for day in days if day.year == year},
        frozenset(day for day in days.weekend_workdays if day.year == year),
    )


def _language(supported: tuple[str, ...], code: str) -> str | None:
    return next((language for language in sorted(supported) if language.startswith(code)), None)
