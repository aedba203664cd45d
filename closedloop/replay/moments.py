"""Times of a history as a person reads them: a row has an order, and it tells which of two hours is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from schemas.base import to_instant
from schemas.history import ISO

TIME_OF_DAY = re.compile(r"%[HIMSpXcTRrs]")
DAY_ALONE = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")
DAY = timedelta(days=1)

Readings = tuple[datetime, ...]
"""The moments that one written time may mean, the likeliest first."""


class Unreadable(ValueError):
    """A text that none of the formats reads."""


def readings(text: str, zone: ZoneInfo, formats: Iterable[str], ends: bool = False) -> Readings:
    """What a written time may mean; raises Unreadable.

    An hour that comes twice in autumn has two readings, its first coming first. So has an hour that spring leaves out,
    the one by winter time first. A day alone means its beginning or its end: a promise (`ends`) lasts until its end.
    """
    for form in formats:
        try:
            written, day_alone = _parsed(text, form)
            if not day_alone:
                return _moments(written, zone)
            begin, end = _moments(written, zone), _moments(written + DAY, zone)
        except (ValueError, OverflowError):
            continue
        return (*end, *begin) if ends else (*begin, *end)
    raise Unreadable(text)


def in_order(opened: Readings, due: Readings, closed: Readings) -> tuple[datetime, datetime | None, datetime | None]:
    """The likeliest readings of a row's times by which it is not closed, nor due, before it is opened.

    Where no readings keep that order, those that break it least. What is empty is None.
    """
    rows = product(opened, due or (None,), closed or (None,))
    return min(rows, key=lambda row: (_is_before(row[2], row[0]), _is_before(row[1], row[0])))


def _is_before(one: datetime | None, other: datetime) -> bool:
    return one is not None and one < other


def _parsed(text: str, form: str) -> tuple[datetime, bool]:
    """The time as it is written, and whether it is a day alone."""
    if form == ISO:
        return datetime.fromisoformat(text), DAY_ALONE.fullmatch(text) is not None
    return datetime.strptime(text, form), TIME_OF_DAY.search(form) is None


def _moments(written: datetime, zone: ZoneInfo) -> Readings:
    if written.tzinfo is not None:
        return (to_instant(written.astimezone(UTC)),)
    both = (to_instant(written.replace(tzinfo=zone, fold=fold).astimezone(UTC)) for fold in (0, 1))
    return tuple(dict.fromkeys(both))
