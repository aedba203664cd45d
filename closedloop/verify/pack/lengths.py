"""How long something may take, and what of the time counts: all of it, working time, or either but for the pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

_SHORT = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|m|h|d|w)")
_SHORT_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_ISO_UNITS = (365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND)


def span_ms(text: str) -> int:
    """`24h` and `PT24H` are 86,400,000 ms; a year counts 365 days and a month 30. Raises ValueError."""
    if found := _SHORT.fullmatch(text):
        return round(float(found[1]) * _SHORT_UNITS[found[2]])
    iso = _ISO.fullmatch(text)
    if iso is None:
        raise ValueError(f"{text!r} is no length of time")
    return round(sum(float(n) * unit for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if n))


class Length(NamedTuple):
    """How long something may take, in ms, and whether working time alone counts."""

    span: int
    works: bool = False


class Pause(NamedTuple):
    """A stretch of time that does not count, in virtual milliseconds."""

    starts: int
    ends: int
    reason: str


class Target(NamedTuple):
    """One deadline of a plan, in virtual milliseconds."""

    name: str
    starts: int
    due: int
    revision: int
    calendar: str | None = None
    department: str | None = None
    """Who has to meet it; None: whoever owns the complaint."""
    pauses: tuple[Pause, ...] = ()
    before_pause: int | None = None
    """The date that its last pause moved."""
    rule: str | None = None
    """The place in the pack that gives its length; None: a reply named the date, or an older version said it."""
    moved_by: str | None = None
    """The fact that put this date in place of another."""


class Counting(Protocol):
    """What counts of a length of time; all in ms."""

    def add(self, start: int, span: int) -> int:
        """When so much has counted since the start."""

    def between(self, a: int, b: int) -> int:
        """How much counts from `a` to `b`."""


class AllOfTheTime:
    """Every hour of every day."""

    def add(self, start: int, span: int) -> int:
        """So much later."""
        return start + span

    def between(self, a: int, b: int) -> int:
        """What has passed."""
        return b - a


ALL_OF_THE_TIME = AllOfTheTime()


class Awake:
    """What counts outside the pauses: stretch by stretch, from the end of one pause to the beginning of the next."""

    def __init__(self, counts: Counting, pauses: Iterable[Pause]) -> None:
        self._counts, self._pauses = counts, sorted(pauses)

    def add(self, start: int, span: int) -> int:
        """When so much has counted since the start outside the pauses."""
        for pause in self._pauses:
            counted = self._counts.between(start, max(start, pause.starts))
            if counted >= span:
                break
            if pause.ends > start:
                start, span = pause.ends, span - counted
        return self._counts.add(start, span)

    def between(self, a: int, b: int) -> int:
        """How much counts from `a` to `b` outside the pauses."""
        counted = 0
        for pause in self._pauses:
            if pause.ends > a and pause.starts < b:
                counted += self._counts.between(a, max(a, pause.starts))
                a = pause.ends
        return counted + (self._counts.between(a, b) if a < b else 0)
