"""Which holidays and make-up working days an authority has in a year, and whether it published them.

The `holidays` package lists years that nobody has published yet: it computes the statutory days and guesses the rest.
Its list is used, and `is_official` tells that it is a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from schemas.calendars import CalendarSpec


@dataclass(frozen=True, slots=True)
class Official:
    """The years of which the package's list is the authority's own; `last` is None where a law names the days."""

    first: int
    last: int | None
    source: str


OFFICIAL: Mapping[str, Official] = {
    "CN": Official(
        2001, 2026, "国务院办公厅关于部分节假日安排的通知, one for each year; that of 2026 is of 4 November 2025"
    ),
    "US": Official(2010, None, "5 U.S.C. 6103 with Executive Order 11582: the days are named by law, not year by year"),
}
"""By authority. Of one that is not here no year is official, until the calendar brings the published list along."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a holiday is called; where the package has no Chinese or no English, in the authority's own language."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One year of an authority: days off by name, and the days of rest on which people work."""

    holidays: Mapping[date, Names]
    workdays: frozenset[date]


NOTHING = Listed({}, frozenset())


def is_official(spec: CalendarSpec, year: int) -> bool:
    """Whether the list of a year was published: it is in the calendar or in `OFFICIAL`, or no authority is named."""
    if spec.holidays is None or year in spec.published:
        return True
    known = OFFICIAL.get(spec.holidays)
    return known is not None and known.first <= year and (known.last is None or year <= known.last)


def listed(spec: CalendarSpec, year: int) -> Listed:
    """What holds in a year: the list that the calendar brings along, else the package's."""
    if spec.holidays is None:
        return NOTHING
    if own := spec.published.get(year):
        return Listed({day: Names(name, name) for day, name in own.holidays.items()}, frozenset(own.workdays))
    return _packaged(spec.holidays, year)


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
