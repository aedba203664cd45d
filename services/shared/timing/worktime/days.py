"""The kind of a local day to a calendar: its opening hours, and the reason for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.calendars import CalendarSpec, Minutes
from services.shared.timing.worktime.official import holiday, listed

Kind = Literal["hours", "make-up", "override", "outside", "rest", "holiday"]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a stretch is open (hours, make-up, override) or closed (outside, rest, holiday, override), in words."""

    kind: Kind
    zh: str
    en: str


HOURS = Why("hours", "工作时间", "working hours")
OUTSIDE = Why("outside", "非工作时间", "outside working hours")
MAKE_UP = Why("make-up", "调休上班", "make-up working day")
REST = tuple(
    Why("rest", f"星期{zh}休息", f"no hours on {en}")
    for zh, en in zip(
        "一二三四五六日",
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: its hours in minutes after midnight, sorted, and why."""

    hours: tuple[Minutes, ...]
    why: Why

    @property
    def why_closed(self) -> Why:
        """Why the rest of the day is closed: a day that opens at all is closed outside its hours."""
        return OUTSIDE if self.hours else self.why


def day_of(spec: CalendarSpec, day: date) -> Day:
    """The hours of a day: from its override, else as a make-up day, else as a holiday, else as a weekday."""
    if override := spec.overridden.get(day):
        return Day(override.hours, Why("override", override.reason, override.reason))
    if day in listed(spec, day.year).workdays:
        return Day(spec.makeup, MAKE_UP)
    if names := holiday(spec, day):
        return Day((), Why("holiday", names.zh, names.en))
    hours = spec.week[day.weekday()]
    return Day(hours, HOURS if hours else REST[day.weekday()])
