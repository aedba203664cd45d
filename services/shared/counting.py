"""How a length of time counts: all of the time, or the working time of a calendar in the policy pack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from schemas.policy import Length, PolicyPack, span_of
from services.shared.clock import ceil_ms
from services.shared.worktime import Calendar


class Counting(Protocol):
    """What counts from one moment to another, and until when a length of time lasts."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted since the start."""

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from `a` to `b`."""


class AllOfTheTime:
    """Every hour of every day counts."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """So much later."""
        return start + span

    def between(self, a: datetime, b: datetime) -> timedelta:
        """What has passed."""
        return b - a


ALL_OF_THE_TIME = AllOfTheTime()
_compiled: dict[tuple[str, str], Calendar] = {}


def counting(policy: PolicyPack, calendar: str | None) -> Counting:
    """What counts by a calendar of the pack, compiled once; all of the time where none is named."""
    if calendar is None:
        return ALL_OF_THE_TIME
    key = policy.hash, calendar
    if key not in _compiled:
        _compiled[key] = Calendar(policy.calendars[calendar])
    return _compiled[key]


def until(policy: PolicyPack, length: Length, department: str, start: datetime) -> datetime:
    """Until when a length of time lasts for a department, in whole milliseconds, never early.

    Raises worktime.YearOutOfRange where its calendar does not get that far.
    """
    calendar = policy.calendar_of(department, length)
    return ceil_ms(counting(policy, calendar).add(start, span_of(length)))
