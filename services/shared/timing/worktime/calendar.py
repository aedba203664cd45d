"""A calendar that counts: its openings as moments, year by year, so that every question is a search in sorted lists."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from schemas.calendars import CalendarSpec
from services.shared.timing.clock import EPOCH
from services.shared.timing.worktime.days import Why, day_of
from services.shared.timing.worktime.local_time import first_from, last_before, midnight
from services.shared.timing.worktime.official import is_official

FIRST_YEAR, LAST_YEAR = 2010, 2040
"""The years in which calendars count, both included."""

MICROSECOND = timedelta(microseconds=1)
ZERO, DAY = timedelta(0), timedelta(days=1)


class YearOutOfRange(ValueError):
    """A moment, or the answer to a question, lies in a year in which calendars do not count."""

    def __init__(self, year: int) -> None:
        super().__init__(f"calendars count in the years {FIRST_YEAR} to {LAST_YEAR}; this leads to {year}")
        self.year = year


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, `[start, end)` in UTC, that is open or closed for one reason."""

    start: datetime
    end: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class _Year:
    """The openings of one year of UTC, cut at its ends, in microseconds since 1970: sorted, not empty, apart."""

    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)
    """Open microseconds of this year before each opening, and in the end those of the whole year."""
    whys: list[Why] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.worked[-1]

    def before(self, at: int) -> int:
        """How much of the year's open time lies before a moment."""
        n = bisect_right(self.opens, at) - 1
        return self.worked[n] + min(at, self.closes[n]) - self.opens[n] if n >= 0 else 0

    def earliest(self, worked: int) -> int:
        """The first moment before which so much open time lies: more than none, at most the whole."""
        n = bisect_left(self.worked, worked) - 1
        return self.opens[n] + worked - self.worked[n]

    def latest(self, worked: int) -> int:
        """The last moment before which so much open time lies: less than the whole."""
        n = bisect_right(self.worked, worked) - 1
        return self.opens[n] + worked - self.worked[n]


@dataclass(frozen=True, eq=False)
class Calendar:
    """A `CalendarSpec` that answers. Moments are aware and exact to the microsecond, answers are UTC.

    A year is compiled when it is first asked for (some milliseconds) and kept; nothing else ever changes. A question
    raises `YearOutOfRange` where it or its answer lies outside `FIRST_YEAR` to `LAST_YEAR`.
    """

    spec: CalendarSpec
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The earliest moment until which, from `start` on, so much time is worked; `start` itself for a span of zero.

        A span that is used up at closing time ends then, not at the next opening. ValueError: the span is negative.
        """
        _not_negative(span)
        at = _utc(start)
        if not span:
            return at
        year = at.year
        left = self._year(year).before(microseconds(at)) + span // MICROSECOND
        while left > (total := self._year(year).total):
            year, left = year + 1, left - total
        return moment_of(self._year(year).earliest(left))

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment from which, until `end`, so much time is worked; `end` itself for a span of zero.

        ValueError: the span is negative.
        """
        _not_negative(span)
        at = _utc(end)
        if not span:
            return at
        year = at.year
        left = self._year(year).before(microseconds(at)) - span // MICROSECOND
        while left < 0:
            year, left = year - 1, left + self._year(year - 1).total
        return moment_of(self._year(year).latest(left))

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much time is worked from `a` to `b`; negative where `b` is the earlier one."""
        a, b = _utc(a), _utc(b)
        if b < a:
            return -self.between(b, a)
        worked = self._year(b.year).before(microseconds(b)) - self._year(a.year).before(microseconds(a))
        return MICROSECOND * (worked + sum(self._year(year).total for year in range(a.year, b.year)))

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on that is open: `at` itself if it is."""
        at = _utc(at)
        year, worked = at.year, self._year(at.year).before(microseconds(at))
        while worked == self._year(year).total:
            year, worked = year + 1, 0
        return moment_of(self._year(year).latest(worked))

    def is_open(self, at: datetime) -> bool:
        """Whether that moment is worked."""
        return self.next_opening(at) == _utc(at)

    def segments(self, a: datetime, b: datetime) -> tuple[Segment, ...]:
        """The open stretches from `a` to `b`, each with why it is open; one for each of a day's hours."""
        return tuple(self._open(_utc(a), _utc(b)))

    def closures(self, a: datetime, b: datetime) -> tuple[Segment, ...]:
        """The closed stretches from `a` to `b`, each with why it is closed; a day of rest is one of its own."""
        a, b = _utc(a), _utc(b)
        openings = [(s.start, s.end) for s in self._open(a, b)]
        bounds = [a, *chain.from_iterable(openings), b]
        gaps = zip(bounds[::2], bounds[1::2], strict=True)
        return tuple(_joined(chain.from_iterable(self._closed(start, end) for start, end in gaps)))

    def unofficial_years(self, a: datetime, b: datetime) -> tuple[int, ...]:
        """The local years from `a` to `b` of which the calendar's authority has no published list: they are a guess."""
        a, b = _utc(a), _utc(b)
        first, last = self._local_date(a).year, self._local_date(max(a, b - MICROSECOND)).year
        return tuple(year for year in range(first, last + 1) if not is_official(self.spec, year))

    def _open(self, a: datetime, b: datetime) -> Iterator[Segment]:
        begin, end = microseconds(a), microseconds(b)
        for number in range(a.year, b.year + 1):
            year = self._year(number)
            for n in range(bisect_right(year.closes, begin), bisect_left(year.opens, end)):
                start, stop = max(begin, year.opens[n]), min(end, year.closes[n])
                yield Segment(moment_of(start), moment_of(stop), year.whys[n])

    def _closed(self, a: datetime, b: datetime) -> Iterator[Segment]:
        """One for each local day that the closed stretch touches."""
        day = self._local_date(a)
        while a < b:
            end = min(b, midnight(self._zone, day + DAY))
            if a < end:
                yield Segment(a, end, day_of(self.spec, day).why_closed)
            a, day = max(a, end), day + DAY

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            _in_range(year)
            found = self._years[year] = _compiled(self.spec, self._zone, year)
        return found

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.spec.zone)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def _compiled(spec: CalendarSpec, zone: ZoneInfo, number: int) -> _Year:
    """All openings of a year of UTC; zones are up to 14 hours off, and hours last up to a day."""
    year, worked = _Year(), 0
    open_until, end = (microseconds(datetime(y, 1, 1, tzinfo=UTC)) for y in (number, number + 1))
    for _, opens, closes, why in openings(spec, zone, date(number - 1, 12, 30), date(number + 1, 1, 2)):
        start, stop = max(opens, open_until), min(closes, end)
        if start < stop:
            year.opens.append(start)
            year.closes.append(stop)
            year.worked.append(worked)
            year.whys.append(why)
            open_until, worked = stop, worked + stop - start
    year.worked.append(worked)
    return year


def openings(spec: CalendarSpec, zone: ZoneInfo, first: date, end: date) -> Iterator[tuple[date, int, int, Why]]:
    """The hours of each date, in order: from when until when, in microseconds since 1970, and why."""
    for n in range((end - first).days):
        day = first + n * DAY
        found = day_of(spec, day)
        begin = datetime(day.year, day.month, day.day)
        for opens, closes in found.hours:
            start = first_from(zone, begin + timedelta(minutes=opens))
            stop = last_before(zone, begin + timedelta(minutes=closes))
            yield day, microseconds(start), microseconds(stop), found.why


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Neighbours of one reason become one."""
    last: Segment | None = None
    for segment in segments:
        if last and (last.end, last.why) == (segment.start, segment.why):
            last = Segment(last.start, segment.end, last.why)
        else:
            if last:
                yield last
            last = segment
    if last:
        yield last


def _not_negative(span: timedelta) -> None:
    if span < ZERO:
        raise ValueError("a length of working time is not negative")


def _in_range(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearOutOfRange(year)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone, so it is no moment")
    _in_range(at.year)  # first: what lies at the end of all years cannot be converted
    at = at.astimezone(UTC)  # before anything is compared: within one zone, Python compares what the walls show
    _in_range(at.year)
    return at


def microseconds(at: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def moment_of(since_1970: int) -> datetime:
    """The moment (UTC) at so many microseconds since 1970."""
    return EPOCH + MICROSECOND * since_1970
