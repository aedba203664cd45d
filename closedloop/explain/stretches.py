"""The time from a target's start to its date as rows: what counts, what does not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal
from zoneinfo import ZoneInfo

from closedloop.explain.waits import Waited, waits
from schemas.calendars import CalendarSpec
from schemas.facts import Fact, Target
from schemas.policy import PolicyPack
from services.shared.timing.counting import counting
from services.shared.timing.worktime import Calendar, Segment

ZERO, DAY = timedelta(0), timedelta(days=1)
When = Literal["past", "ahead", "unneeded"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row, `[start, end)`: of which kind, how much of it counts, and how much has counted when it ends."""

    kind: str
    """`time` where all of the time counts; else as the calendar has it: hours, holiday, rest, outside, …; or `pause`"""
    open: bool
    start: datetime
    end: datetime
    zh: str
    en: str
    by: str | None = None
    """Who ordered it, where somebody did."""
    counts: timedelta = ZERO
    sum: timedelta = ZERO
    when: When = "past"
    wait: Waited | None = None
    """The whole pause of which this is a part."""


def stretches(
    policy: PolicyPack, target: Target, facts: Sequence[Fact], until: datetime, then: When
) -> tuple[Stretch, ...]:
    """Every row from the target's start to its date in order, cut at `until`; what lies behind it is `then`."""
    waited = tuple(waits(policy, target, facts, until))
    cut = min(max(until, target.starts_at), target.due_at)
    past = _between(policy, target.calendar, waited, target.starts_at, cut)
    behind = (replace(row, when=then) for row in _between(policy, target.calendar, waited, cut, target.due_at))
    return tuple(_summed(chain(past, behind)))


def _between(
    policy: PolicyPack, calendar: str | None, waited: tuple[Waited, ...], start: datetime, end: datetime
) -> Iterator[Stretch]:
    """The calendar's rows, and in the place of what lies in a pause the pause itself."""
    for wait in waited:
        since, until = max(wait.start, start), min(wait.end, end)
        if since < until:
            yield from _rows(policy, calendar, start, since)
            yield Stretch("pause", False, since, until, "暂停", "pause", wait=wait)
            start = until
    yield from _rows(policy, calendar, start, end)


def _summed(rows: Iterator[Stretch]) -> Iterator[Stretch]:
    total = ZERO
    for row in rows:
        counts = row.end - row.start if row.open else ZERO
        total += counts
        yield replace(row, counts=counts, sum=total)


def _rows(policy: PolicyPack, calendar: str | None, start: datetime, end: datetime) -> Iterator[Stretch]:
    if start >= end:
        return
    counts = counting(policy, calendar)
    if not isinstance(counts, Calendar):
        yield Stretch("time", True, start, end, "全部时间", "all of the time")
        return
    found = [(s, True) for s in counts.segments(start, end)] + [(s, False) for s in counts.closures(start, end)]
    for segment, is_open in sorted(found, key=lambda pair: pair[0].start):
        yield _row(counts.spec, segment, is_open)


def _row(spec: CalendarSpec, found: Segment, is_open: bool) -> Stretch:
    why = found.why
    by = _ordered_by(spec, found) if why.kind == "override" else None
    return Stretch(why.kind, is_open, found.start, found.end, why.zh, why.en, by)


def _ordered_by(spec: CalendarSpec, found: Segment) -> str | None:
    """Hours belong to the day on which they open, so those over midnight were ordered for the day before."""
    day = found.start.astimezone(ZoneInfo(spec.zone)).date()
    orders = (spec.overridden.get(date) for date in (day, day - DAY))
    return next((order.authority for order in orders if order and order.reason == found.why.en), None)
