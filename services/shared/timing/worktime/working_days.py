"""The working days of a calendar: local dates on which it has hours, with when these open and close."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    YearOutOfRange,
    microseconds,
    moment_of,
    openings,
)


@dataclass(frozen=True, slots=True)
class _Year:
    """The working days of a local year as ordinals, sorted; their hours in microseconds since 1970, apart."""

    days: list[int] = field(default_factory=list)
    last_closes: list[int] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    opened_on: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Answers about the working days of a calendar; a date is its ordinal. A year is compiled when first asked for.

    Raises YearOutOfRange where a question or its answer lies outside the years in which calendars count.
    """

    spec: CalendarSpec
    zone: ZoneInfo
    _years: dict[int, _Year] = field(default_factory=dict)

    def includes(self, day: int) -> bool:
        """Whether the calendar has hours on a date."""
        days = self._year(_year_of(day)).days
        n = bisect_left(days, day)
        return n < len(days) and days[n] == day

    def after(self, day: int, count: int) -> int:
        """The working day which is so many after a date; that date does not count."""
        year = _year_of(day)
        days = self._year(year).days
        n = bisect_right(days, day) + count - 1
        while n >= len(days):
            year, n = year + 1, n - len(days)
            days = self._year(year).days
        return days[n]

    def before(self, day: int, count: int) -> int:
        """The working day which is so many before a date; that date does not count."""
        year = _year_of(day)
        days = self._year(year).days
        n = bisect_left(days, day) - count
        while n < 0:
            year -= 1
            days = self._year(year).days
            n += len(days)
        return days[n]

    def last_close(self, day: int) -> datetime:
        """When the hours that open on a working day are over."""
        year = self._year(_year_of(day))
        return moment_of(year.last_closes[bisect_left(year.days, day)])

    def opened_on(self, moment: datetime, local_year: int) -> int | None:
        """The date on which the hours opened in which a moment lies; None where it is closed then."""
        at = microseconds(moment)
        for number in (local_year, local_year - 1):
            if number < FIRST_YEAR <= local_year:
                return None
            year = self._year(number)
            n = bisect_right(year.opens, at) - 1
            if n >= 0:
                return year.opened_on[n] if at < year.closes[n] else None
        return None

    def opening(self, moment: datetime, local_year: int) -> tuple[datetime, int]:
        """The moment itself where it is open then, else when it opens next; and the date on which these hours open."""
        found = self.opened_on(moment, local_year)
        if found is not None:
            return moment, found
        at, number = microseconds(moment), local_year
        while True:
            year = self._year(number)
            n = bisect_left(year.opens, at)
            if n < len(year.opens):
                return moment_of(year.opens[n]), year.opened_on[n]
            number += 1

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            if not FIRST_YEAR <= number <= LAST_YEAR:
                raise YearOutOfRange(number)
            found = self._years[number] = _compiled(self.spec, self.zone, number)
        return found


def _compiled(spec: CalendarSpec, zone: ZoneInfo, number: int) -> _Year:
    """From the day before on: its hours may run into the year."""
    year, open_until = _Year(), 0
    for day, opens, closes, _ in openings(spec, zone, date(number - 1, 12, 31), date(number + 1, 1, 1)):
        start, open_until = max(opens, open_until), max(closes, open_until)
        if day.year != number:
            continue
        ordinal = day.toordinal()
        if not year.days or year.days[-1] != ordinal:
            year.days.append(ordinal)
            year.last_closes.append(closes)
        year.last_closes[-1] = max(closes, year.last_closes[-1])
        if start < closes:
            year.opens.append(start)
            year.closes.append(closes)
            year.opened_on.append(ordinal)
    return year


def _year_of(day: int) -> int:
    return date.fromordinal(day).year
