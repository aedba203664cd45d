"""The cost of one addition of working time or of days, beside adding a timedelta; no stack is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import repeat
from statistics import median
from timeit import timeit
from typing import Any
from zoneinfo import ZoneInfo

from closedloop.bench.sizes import Sizes
from schemas.calendars import CalendarSpec
from schemas.lengths import Days
from services.shared.timing.worktime import Calendar, LocalDays, WorkingDays

TARGET_US = 20.0
DAYS_TARGET_US = 30.0
ROUNDS = 20
OFFICE = CalendarSpec(
    version="1", zone="Asia/Shanghai", hours={"mon-fri": ("08:30-12:00", "14:00-18:00")}, holidays="CN"
)
OFFICE_ZONE = ZoneInfo(OFFICE.zone)
SPAN = 30 * timedelta(hours=7.5)
"""Thirty working days of that office."""

KINDS = {
    "us_days": Days(days=3),
    "us_working_days": Days(working_days=15),
    "us_days_to_an_open_one": Days(days=30, cut_off="16:00", ends="end_of_day", closed_last_day="next_open"),
}

STARTS = [datetime(2025, 1, 1, tzinfo=UTC) + n * timedelta(hours=8, minutes=39, seconds=1) for n in range(1000)]
"""Over a whole year, open moments and closed ones."""


def measure(sizes: Sizes) -> dict[str, Any]:
    """Microseconds per addition when the years are compiled, and how long compiling them takes."""
    calendar = Calendar(OFFICE)
    first_us = _each_us(lambda start: calendar.add(start, SPAN), STARTS[:1])
    added = median(_each_us(lambda start: calendar.add(start, SPAN), STARTS) for _ in _rounds(sizes))
    bare = median(_each_us(lambda start: start + SPAN, STARTS) for _ in _rounds(sizes))
    return {
        **_days(sizes),
        "us_per_addition": round(added, 2),
        "target_us": TARGET_US,
        "us_first": round(first_us),
        "us_bare_timedelta": round(bare, 3),
        "ratio": round(added / bare, 1),
    }


def _days(sizes: Sizes) -> dict[str, Any]:
    """The same for lengths in days."""
    days = LocalDays(OFFICE_ZONE, WorkingDays(OFFICE, OFFICE_ZONE))
    added = {}
    for name, length in KINDS.items():
        days.add(STARTS[0], length)
        each = partial(_added, days, length)
        added[name] = round(median(_each_us(each, STARTS) for _ in _rounds(sizes)), 2)
    return {**added, "target_us_of_days": DAYS_TARGET_US}


def _added(days: LocalDays, length: Days, start: datetime) -> datetime:
    return days.add(start, length).due_at


def _rounds(sizes: Sizes) -> repeat[None]:
    return repeat(None, ROUNDS * sizes.repeats)


def _each_us(add: Callable[[datetime], datetime], starts: list[datetime]) -> float:
    return timeit(lambda: [add(start) for start in starts], number=1) * 1e6 / len(starts)
