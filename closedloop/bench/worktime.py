"""The cost of one addition of working time, beside adding a timedelta; no stack is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import repeat
from statistics import median
from timeit import timeit
from typing import Any

from closedloop.bench.sizes import Sizes
from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import Calendar

TARGET_US = 20.0
ROUNDS = 20
OFFICE = CalendarSpec(
    version="1", zone="Asia/Shanghai", hours={"mon-fri": ("08:30-12:00", "14:00-18:00")}, holidays="CN"
)
SPAN = 30 * timedelta(hours=7.5)
"""Thirty working days of that office."""

STARTS = [datetime(2025, 1, 1, tzinfo=UTC) + n * timedelta(hours=8, minutes=39, seconds=1) for n in range(1000)]
"""Over a whole year, open moments and closed ones."""


def measure(sizes: Sizes) -> dict[str, Any]:
    """Microseconds per addition when the years are compiled, and how long compiling them takes."""
    calendar = Calendar(OFFICE)
    first_us = _each_us(lambda start: calendar.add(start, SPAN), STARTS[:1])
    added = median(_each_us(lambda start: calendar.add(start, SPAN), STARTS) for _ in _rounds(sizes))
    bare = median(_each_us(lambda start: start + SPAN, STARTS) for _ in _rounds(sizes))
    return {
        "us_per_addition": round(added, 2),
        "target_us": TARGET_US,
        "us_first": round(first_us),
        "us_bare_timedelta": round(bare, 3),
        "ratio": round(added / bare, 1),
    }


def _rounds(sizes: Sizes) -> repeat[None]:
    return repeat(None, ROUNDS * sizes.repeats)


def _each_us(add: Callable[[datetime], datetime], starts: list[datetime]) -> float:
    return timeit(lambda: [add(start) for start in starts], number=1) * 1e6 / len(starts)
