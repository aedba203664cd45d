"""How long something may take, and what of the time counts: all of it, working time, or either but for the pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

_SHORT = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|m|h|d|w)")
_SHORT_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_DAYS = re.compile(r"(\d+) *(d|w)")
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


class Days(NamedTuple):
    """From where days are counted, and when the last one ends: `same_time`, `end_of_day`, `close` or a clock time."""

    counted_from: str
    ends: str
    cut_off: str | None = None
    rolls: bool = False
    """Whether a last day that is closed makes way for the next open one."""


class Length(NamedTuple):
    """How long something may take: so many ms, so many days, or the earlier or later of several lengths."""

    span: int
    works: bool = False
    """Whether working time or working days alone count."""
    days: Days | None = None
    parts: tuple[Length, ...] = ()
    later: bool = False

    def times(self, n: int) -> Length:
        """So many of it, one behind another."""
        return self._replace(span=n * self.span, parts=tuple(part.times(n) for part in self.parts))

    @property
    def by_calendar(self) -> bool:
        """Whether working time or working days count in any part of it."""
        return self.works or any(part.by_calendar for part in self.parts)

    @classmethod
    def of(cls, value: Any) -> Length:
        """A length as a pack's JSON says it; raises ValueError, KeyError or TypeError for none."""
        for name in ("earlier_of", "later_of") if isinstance(value, dict) else ():
            if name in value:
                return cls(0, parts=tuple(map(cls.of, value[name])), later=name == "later_of")
        if isinstance(value, str) and (found := _DAYS.fullmatch(value)):
            value = {"days": int(found[1]) * (7 if found[2] == "w" else 1)}
        if isinstance(value, str):
            # How long before its date something has to be asked may be less than nothing, which is nothing.
            return cls(0 if value.startswith("-") else span_ms(value))
        if "working" in value:
            return cls(span_ms(value["working"]), works=True)
        works = "working_days" in value
        counted_from = value.get("counted_from") or ("opening" if works else "moment")
        ends = value.get("ends") or ("end_of_day" if counted_from == "next_day" else "same_time")
        days = Days(counted_from, ends, value.get("cut_off"), value.get("closed_last_day") == "next_open")
        return cls(value["working_days"] if works else value["days"], works, days)


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
    counted_to: int | None = None
    """The date as it was counted, where a closed last day moved it."""


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


def behind(counts: Counting, at: int, due: int, starts: int, pause: Pause) -> int:
    """A moment that what would have counted during a pause is put behind; a pause after the date puts nothing there."""
    begins = max(pause.starts, starts)
    return at if pause.starts >= due else counts.add(at, counts.between(begins, max(begins, pause.ends)))


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
