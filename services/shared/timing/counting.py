"""Counting a length of time: all of the time, or the working time of a calendar in the policy pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from schemas.facts import Pause, Target
from schemas.policy import Length, PolicyPack, span_of
from services.shared.timing.clock import ceil_ms
from services.shared.timing.worktime import Calendar


class Counting(Protocol):
    """A way to count time: the counted time between two moments, and the end of a length of time."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted since the start.

        Raises YearOutOfRange if a calendar would have to count beyond its years.
        """

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from `a` to `b`. Raises YearOutOfRange, as `add` does."""


class AllOfTheTime:
    """Every hour of every day counts."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """So much later."""
        return start + span

    def between(self, a: datetime, b: datetime) -> timedelta:
        """All the time between two moments."""
        return b - a


class ButForPauses:
    """Counts as another way does, without the stretches of waiting."""

    def __init__(self, counts: Counting, pauses: Iterable[Pause]) -> None:
        self._counts, self._pauses = counts, sorted(pauses, key=lambda pause: pause.starts_at)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted since the start outside the pauses."""
        moment = self._counts.add(start, span)
        for pause in self._pauses:
            if pause.starts_at < moment and pause.ends_at > start:
                moment = self._counts.add(moment, self._counts.between(max(pause.starts_at, start), pause.ends_at))
        return moment

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from `a` to `b` outside the pauses."""
        waits = ((max(a, p.starts_at), min(b, p.ends_at)) for p in self._pauses)
        return self._counts.between(a, b) - sum((self._counts.between(x, y) for x, y in waits if x < y), timedelta(0))


ALL_OF_THE_TIME = AllOfTheTime()
_compiled: dict[tuple[str, str], Calendar] = {}


def counting(policy: PolicyPack, calendar: str | None) -> Counting:
    """Counts by a calendar of the pack, compiled once; without a calendar, all of the time."""
    if calendar is None:
        return ALL_OF_THE_TIME
    key = policy.hash, calendar
    if key not in _compiled:
        _compiled[key] = Calendar(policy.calendars[calendar])
    return _compiled[key]


def counting_for(policy: PolicyPack, target: Target) -> Counting:
    """Counts for a target: its calendar's time, without its pauses."""
    counts = counting(policy, target.calendar)
    return ButForPauses(counts, target.pauses) if target.pauses else counts


def until(policy: PolicyPack, length: Length, department: str, start: datetime) -> datetime:
    """Until when a length of time lasts for a department, in whole milliseconds, never early.

    Raises worktime.YearOutOfRange where its calendar does not get that far.
    """
    calendar = policy.calendar_of(department, length)
    return ceil_ms(counting(policy, calendar).add(start, span_of(length)))
