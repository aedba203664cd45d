"""Lengths in days: which day is the last, and when on that day a length ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Days, Length, Pause, behind
from closedloop.verify.pack.working import DAY, Working


class Date(NamedTuple):
    """When a length ends, when it would if its last day were not closed, and whether it counts by a calendar."""

    due: int
    counted_to: int
    works: bool = False


class _Last(NamedTuple):
    """The last day, and the moment at which it has the clock time of the start."""

    day: date
    clock: timedelta
    at: int


def end(calendar: Working, length: Length, start: int, pauses: Iterable[Pause] = (), of_a_date: bool = False) -> Date:
    """When a length ends from a moment on, or from a date, which is itself an end; what pauses took stands behind."""
    if length.parts:
        ends = [end(calendar, part, start, pauses, of_a_date) for part in length.parts]
        return (max if length.later else min)(ends, key=lambda date: date.due)
    counts = calendar if length.works else ALL_OF_THE_TIME
    if length.days is None:
        due = counts.add(start, length.span)
        for pause in pauses:
            due = behind(counts, due, due, start, pause)
        return Date(due, due, length.works)
    begins, last = _counted(calendar, length, length.days, start, of_a_date)
    found = _ending(calendar, length.days, last, begins)
    # A day of which something is still ahead counts from there on; one that is over, up to its end.
    is_ahead = calendar.opening(last.at)[1] == last.day if length.works else last.clock < DAY
    for pause in pauses:
        at = behind(counts, last.at, found.due, start, pause)
        if at != last.at:
            last = _day_of(calendar, at, length.works, not is_ahead)
            found = _ending(calendar, length.days, last, begins)
    return found._replace(works=length.works)


def before(calendar: Working, length: Length, date: int) -> int:
    """So long before a date."""
    if length.parts:
        return (max if length.later else min)(before(calendar, part, date) for part in length.parts)
    if length.days is None:
        return calendar.back(date, length.span) if length.works else date - length.span
    last = _day_of(calendar, date, length.works)
    return calendar.shown(_midnight(_count(calendar, last.day, length, -DAY)) + last.clock)


def _counted(calendar: Working, length: Length, days: Days, start: int, of_a_date: bool) -> tuple[int, _Last]:
    if not of_a_date and days.cut_off and calendar.wall(start).time() >= time.fromisoformat(days.cut_off):
        start = calendar.shown(_midnight(calendar.wall(start).date() + DAY))
    day = calendar.wall(start).date()
    if of_a_date:
        day = _day_of(calendar, start, length.works).day
    elif days.counted_from == "opening":
        start, day = calendar.opening(start)
    clock = DAY if days.counted_from == "next_day" else calendar.wall(start) - _midnight(day)
    day = _count(calendar, day, length, DAY)
    return start, _Last(day, clock, max(start, calendar.shown(_midnight(day) + clock)))


def _count(calendar: Working, day: date, length: Length, step: timedelta) -> date:
    left = length.span
    while left:
        day += step
        left -= not length.works or calendar.is_working(day)
    return day


def _day_of(calendar: Working, at: int, works: bool, is_end: bool = True) -> _Last:
    """The day of a moment; of one that is the end of something, the day of the last instant before it."""
    instant = at - is_end
    day = calendar.wall(instant).date()
    if works:
        opens, opened = calendar.opening(instant)
        day = opened if opens == instant or not is_end else day
    return _Last(day, calendar.wall(at) - _midnight(day), at)


def _ending(calendar: Working, days: Days, last: _Last, begins: int) -> Date:
    day = last.day
    while days.rolls and not calendar.is_working(day):
        day += DAY
    counted_to = _on(calendar, days, last)
    at = calendar.shown(_midnight(day) + last.clock)
    due = counted_to if day == last.day else _on(calendar, days, _Last(day, last.clock, at))
    return Date(max(begins, due), max(begins, counted_to))


def _on(calendar: Working, days: Days, last: _Last) -> int:
    if days.ends == "same_time":
        return last.at
    if days.ends == "close" and calendar.is_working(last.day):
        return calendar.closing(last.day)
    if days.ends in ("close", "end_of_day"):
        return calendar.shown(_midnight(last.day) + DAY)
    return calendar.shown(datetime.combine(last.day, time.fromisoformat(days.ends)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
