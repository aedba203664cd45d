"""Wall time in a zone as moments, also for times that a change of clocks skips or shows twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


def first_from(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first moment (UTC) at which the zone's wall shows this naive time or a later one."""
    return _moment(zone, wall, fold=0)


def last_before(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment (UTC) from which on the zone's wall shows no time before this naive one any more.

    Bounds are whole seconds, so it is one second after the wall shows the second before for the last time.
    """
    before = wall - SECOND
    last = _moment(zone, before, fold=1)
    return last + SECOND if _shows(zone, last, before) else last


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """When a local day begins."""
    return first_from(zone, datetime.combine(day, time()))


def _moment(zone: ZoneInfo, wall: datetime, fold: int) -> datetime:
    """The moment when the clock first shows this time, or the moment when it skips it."""
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return moment if _shows(zone, moment, wall) else _skip(zone, wall)


def _shows(zone: ZoneInfo, moment: datetime, wall: datetime) -> bool:
    return moment.astimezone(zone).replace(tzinfo=None) == wall


def _skip(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment at which the wall skips this time: it lies between what the new offset makes of it and the old."""
    whole = wall.replace(microsecond=0)  # Clocks jump at whole seconds.
    before, after = (whole.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    old = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after
