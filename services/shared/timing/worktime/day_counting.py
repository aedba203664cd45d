"""Lengths in days: from a moment, or from a date that somebody has, to the last day and where on it they end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from schemas.lengths import Days
from services.shared.timing.worktime.calendar import MICROSECOND
from services.shared.timing.worktime.local_time import first_from, midnight
from services.shared.timing.worktime.working_days import WorkingDays

A_DAY = timedelta(days=1)


class Counted(NamedTuple):
    """Where a length ends: the date that is promised, and the one as counted, before a closed last day moved it."""

    due_at: datetime
    counted_to: datetime


class Waited(Protocol):
    """A stretch that does not count."""

    @property
    def starts_at(self) -> datetime:
        """From when."""

    @property
    def ends_at(self) -> datetime:
        """Until when."""


class Counts(Protocol):
    """How time counts that was waited."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted."""

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts between two moments."""


class Start(NamedTuple):
    """What is counted from: day zero as an ordinal, the time on its clock, and the moment before which nothing ends."""

    day: int
    clock: timedelta
    moment: datetime


@dataclass(frozen=True, slots=True)
class LocalDays:
    """The days of a zone; `working` tells which of them are working days, where a calendar is known.

    Raises YearOutOfRange where a calendar would have to count beyond its years, OverflowError beyond all years.
    """

    zone: ZoneInfo
    working: WorkingDays | None = None

    def add(self, start: datetime, length: Days) -> Counted:
        """From a moment: of a receipt, a reply, an opening."""
        return self._counted(self.day_zero(start, length), length)

    def add_to_date(self, date: datetime, length: Days) -> Counted:
        """From a date, which is the end of something: at midnight it belongs to the day that is over."""
        return self._counted(self._from_end(date, length), length)

    def add_but_for(self, start: datetime, length: Days, pauses: Iterable[Waited], counts: Counts) -> Counted:
        """From a moment, and what counted meanwhile is added behind the same clock time of the last day."""
        begins = self.day_zero(start, length)
        last = self._last(begins, length)
        moment, found = max(begins.moment, self._at(last, begins.clock)), self._counted(begins, length)
        is_ahead = self._is_ahead(last, begins.clock, moment, length)
        for pause in pauses:
            since = max(pause.starts_at, start)
            is_waited = pause.starts_at < found.due_at and since < pause.ends_at
            if is_waited and (waited := counts.between(since, pause.ends_at)):
                moment = counts.add(moment, waited)
                last = self._day_of(moment, length) if is_ahead else self._from_end(moment, length).day
                found = self._ended(last, self._local(moment) - _begin(last), length, begins.moment, moment)
        return found

    def _is_ahead(self, last: int, clock: timedelta, moment: datetime, length: Days) -> bool:
        """Whether something of the last day is still to come at that time: then it is counted from there on."""
        return clock < A_DAY if length.working_days is None else self._day_of(moment, length) == last

    def _day_of(self, moment: datetime, length: Days) -> int:
        local = self._local(moment)
        return local.toordinal() if length.working_days is None else self._calendar().opening(moment, local.year)[1]

    def before(self, date: datetime, length: Days) -> datetime:
        """So many days before a date, at the same clock time."""
        end = self._from_end(date, Days(days=length.days, working_days=length.working_days))
        if length.working_days is None:
            return self._at(end.day - length.number, end.clock)
        return self._at(self._calendar().before(end.day, length.number) if length.number else end.day, end.clock)

    def _counted(self, start: Start, length: Days) -> Counted:
        last = self._last(start, length)
        return self._ended(last, start.clock, length, start.moment, None)

    def day_zero(self, start: datetime, length: Days) -> Start:
        """From where a length counts that begins at a moment."""
        local = self._local(start)
        if length.cut_off is not None and _clock(local) >= _time(length.cut_off):
            start = midnight(self.zone, local.date() + A_DAY)
            local = self._local(start)
        if length.counts_from == "opening":
            start, day = self._calendar().opening(start, local.year)
            return Start(day, self._local(start) - _begin(day), start)
        clock = A_DAY if length.counts_from == "next_day" else _clock(local)
        return Start(local.toordinal(), clock, start)

    def _from_end(self, end: datetime, length: Days) -> Start:
        local = self._local(end)
        inside = self._local(end - MICROSECOND)
        day = inside.toordinal()
        if length.working_days is not None:
            opened = self._calendar().opened_on(end - MICROSECOND, inside.year)
            day = day if opened is None else opened
        clock = A_DAY if length.counts_from == "next_day" else local - _begin(day)
        return Start(day, clock, end)

    def _last(self, start: Start, length: Days) -> int:
        if length.working_days is None or not length.number:
            return start.day + length.number
        return self._calendar().after(start.day, length.number)

    def _ended(self, last: int, clock: timedelta, length: Days, begins: datetime, same: datetime | None) -> Counted:
        """`same` is the same clock time as a moment, where it is known."""
        ends = length.ends_at
        counted = same if same is not None and ends == "same_time" else self._end_on(last, clock, ends)
        counted = max(counted, begins)
        if length.closed_last_day == "stays" or self._calendar().includes(last):
            return Counted(counted, counted)
        open_day = self._calendar().after(last, 1)
        return Counted(max(self._end_on(open_day, clock, ends), begins), counted)

    def _end_on(self, day: int, clock: timedelta, ends: str) -> datetime:
        if ends == "same_time":
            return self._at(day, clock)
        if ends == "close" and self._calendar().includes(day):
            return self._calendar().last_close(day)
        return self._at(day, A_DAY if ends in ("end_of_day", "close") else _time(ends))

    def _at(self, day: int, clock: timedelta) -> datetime:
        return first_from(self.zone, _begin(day) + clock)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _calendar(self) -> WorkingDays:
        assert self.working is not None, "a pack is refused whose lengths need a calendar and have none"
        return self.working


def _begin(day: int) -> datetime:
    try:
        return datetime.fromordinal(day)
    except ValueError as error:
        raise OverflowError("a date beyond all years") from error


def _clock(local: datetime) -> timedelta:
    return local - datetime.combine(local.date(), datetime.min.time())


def _time(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))
