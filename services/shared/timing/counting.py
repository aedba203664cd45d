"""Counting a length of time: all of the time, the working time of a calendar in the policy pack, or days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from schemas.facts import Pause, Target
from schemas.lengths import Days, EarlierOf, LaterOf, Length, parts_of, span_of
from schemas.policy import PolicyPack
from services.shared.timing.clock import ceil_ms
from services.shared.timing.worktime import FIRST_YEAR, Calendar, Counted, LocalDays, WorkingDays, YearOutOfRange


class Counting(Protocol):
    """A way to count time: the counted time between two moments, and the end of a length of time."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted since the start.

        Raises YearOutOfRange if a calendar would have to count beyond its years.
        """

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from `a` to `b`. Raises YearOutOfRange, as `add` does."""


class BothWays(Counting, Protocol):
    """A way to count that also counts backwards."""

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment from which so much counts until the end. Raises YearOutOfRange, as `add` does."""


class End(NamedTuple):
    """Where a length of time ends, in whole milliseconds, never early."""

    due_at: datetime
    counted_to: datetime
    """The date as it was counted, before a closed last day moved it: what counts further begins there."""
    calendar: str | None
    """Whose time it counts, of several lengths for the one that holds; None where all of the time does."""


class AllOfTheTime:
    """Every hour of every day counts."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """So much later."""
        return start + span

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """So much earlier."""
        return end - span

    def between(self, a: datetime, b: datetime) -> timedelta:
        """All the time between two moments."""
        return b - a


class ButForPauses:
    """Counts as another way does, without the stretches of waiting."""

    def __init__(self, counts: Counting, pauses: Iterable[Pause]) -> None:
        self._counts, self._pauses = counts, sorted(pauses, key=lambda pause: pause.starts_at)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much has counted since the start outside the pauses. Raises YearOutOfRange."""
        moment = self._counts.add(start, span)
        for pause in self._pauses:
            if pause.starts_at < moment and pause.ends_at > start:
                moment = self._counts.add(moment, self._counts.between(max(pause.starts_at, start), pause.ends_at))
        return moment

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from `a` to `b` outside the pauses. Raises YearOutOfRange."""
        waits = ((max(a, p.starts_at), min(b, p.ends_at)) for p in self._pauses)
        return self._counts.between(a, b) - sum((self._counts.between(x, y) for x, y in waits if x < y), timedelta(0))


ALL_OF_THE_TIME = AllOfTheTime()
_compiled: dict[tuple[str, str], Calendar] = {}
_days: dict[tuple[str, str | None], LocalDays] = {}


def counting(policy: PolicyPack, calendar: str | None) -> BothWays:
    """Counts by a calendar of the pack, compiled once; without a calendar, all of the time."""
    return ALL_OF_THE_TIME if calendar is None else _calendar(policy, calendar)


def _calendar(policy: PolicyPack, name: str) -> Calendar:
    key = policy.hash, name
    if key not in _compiled:
        _compiled[key] = Calendar(policy.calendars[name])
    return _compiled[key]


def counting_for(policy: PolicyPack, target: Target) -> Counting:
    """Counts for a target: its calendar's time, without its pauses."""
    counts = counting(policy, target.calendar)
    return ButForPauses(counts, target.pauses) if target.pauses else counts


def until(policy: PolicyPack, length: Length, department: str, start: datetime) -> datetime:
    """Until when a length of time lasts for a department, in whole milliseconds, never early.

    Raises worktime.YearOutOfRange where its calendar does not get that far.
    """
    return ending(policy, length, department, start).due_at


def ending(policy: PolicyPack, length: Length, department: str, start: datetime, pauses: Iterable[Pause] = ()) -> End:
    """Where a length ends that begins at a moment; what counted during the pauses is added behind it."""
    if isinstance(length, EarlierOf | LaterOf):
        return _chosen(length, [ending(policy, part, department, start, pauses) for part in parts_of(length)])
    calendar = policy.calendar_of(department, length)
    counts = counting(policy, calendar)
    if isinstance(length, Days):
        days = local_days(policy, department)
        return _end(days.add_but_for(start, length, pauses, counts) if pauses else days.add(start, length), calendar)
    end = ceil_ms(counts.add(start, span_of(length)))
    for pause in pauses:
        end = after_pause(counts, start, end, pause)
    return End(end, end, calendar)


def after_pause(counts: Counting, start: datetime, end: datetime, pause: Pause) -> datetime:
    """A date after a pause: what would have counted meanwhile, since the start, counts behind it."""
    if pause.starts_at >= end:
        return end
    begins_at = max(pause.starts_at, start)
    return ceil_ms(counts.add(end, counts.between(begins_at, max(begins_at, pause.ends_at))))


def further(policy: PolicyPack, length: Length, department: str, date: datetime) -> End:
    """Where a length ends that is counted from a date, which is itself the end of something."""
    if isinstance(length, EarlierOf | LaterOf):
        return _chosen(length, [further(policy, part, department, date) for part in parts_of(length)])
    if isinstance(length, Days):
        calendar = policy.calendar_of(department, length)
        return _end(local_days(policy, department).add_to_date(date, length), calendar)
    return ending(policy, length, department, date)


def backwards(policy: PolicyPack, length: Length, department: str, date: datetime) -> datetime:
    """The moment that stands a length of time before a date, no earlier than calendars count.

    Raises worktime.YearOutOfRange where the date itself lies beyond their years.
    """
    try:
        return _backwards(policy, length, department, date)
    except YearOutOfRange as beyond:
        if beyond.year >= FIRST_YEAR:
            raise
        return datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


def _backwards(policy: PolicyPack, length: Length, department: str, date: datetime) -> datetime:
    if isinstance(length, EarlierOf | LaterOf):
        pick = min if isinstance(length, EarlierOf) else max
        return pick(backwards(policy, part, department, date) for part in parts_of(length))
    if isinstance(length, Days):
        return ceil_ms(local_days(policy, department).before(date, length))
    span = max(span_of(length), timedelta(0))
    return ceil_ms(counting(policy, policy.calendar_of(department, length)).subtract(date, span))


def next_opening(policy: PolicyPack, department: str, moment: datetime) -> datetime:
    """The moment itself where a department works then, else when it opens next."""
    calendar = policy.calendar_for(department)
    assert calendar is not None, "a pack is refused whose steps need a calendar and have none"
    return ceil_ms(_calendar(policy, calendar).next_opening(moment))


def local_days(policy: PolicyPack, department: str) -> LocalDays:
    """The days of a department: of its zone, and its working days where it has a calendar."""
    return days_of(policy, policy.calendar_for(department))


def days_of(policy: PolicyPack, calendar: str | None) -> LocalDays:
    """The days of a calendar, compiled once; without one, those of the pack's zone."""
    key = policy.hash, calendar
    if key not in _days:
        spec = policy.calendars[calendar] if calendar is not None else None
        zone = ZoneInfo(policy.zone or "UTC" if spec is None else spec.zone)
        _days[key] = LocalDays(zone, None if spec is None else WorkingDays(spec, zone))
    return _days[key]


def _end(counted: Counted, calendar: str | None) -> End:
    return End(ceil_ms(counted.due_at), ceil_ms(counted.counted_to), calendar)


def _chosen(length: EarlierOf | LaterOf, ends: Iterable[End]) -> End:
    pick = min if isinstance(length, EarlierOf) else max
    return pick(ends, key=lambda end: end.due_at)
