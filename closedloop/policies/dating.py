"""The date that a pack gives to what begins at a moment; and of each day until then whether it counts, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from closedloop.language import Words, in_both
from schemas.calendars import CalendarSpec
from schemas.lengths import EarlierOf, LaterOf, by_calendar, parts_of
from schemas.policy import Days, Length, PolicyPack, Working, once
from schemas.spoken import in_every_language
from services.shared.timing.counting import ending, local_days
from services.shared.timing.worktime import Calendar
from services.shared.timing.worktime.days import day_of

A_DAY = timedelta(days=1)
How = Literal["before", "from_here", "counts", "does_not_count", "rolled", "due_here"]

HOW: Mapping[How, Words] = {
    "before": in_both("begins, and does not count yet", "收到，尚不起算"),
    "from_here": in_both("counting begins here", "由此起算"),
    "counts": in_both("day {n}", "第{n}日"),
    "does_not_count": in_both("does not count", "不计"),
    "rolled": in_both("closed: it runs on", "非工作日，顺延"),
    "due_here": in_both("the next working day: due", "下一工作日：到期"),
}


EVERY_DAY = in_both("every day counts", "每日均计")


class NoSuchTarget(LookupError):
    """The pack gives that target no length."""


@dataclass(frozen=True, slots=True)
class Day:
    """A local day on the way to a date; `number` is what it is the how-manieth of, where it counts."""

    day: date
    how: How
    why: Words
    number: int | None = None
    worked: timedelta | None = None
    """How much of working time counts on it."""


@dataclass(frozen=True, slots=True)
class Date:
    """What a pack promises, from when, by which calendar and zone, until when; and the days on the way."""

    policy: str
    version: str
    hash: str
    plan: str
    target: str
    department: str | None
    calendar: str | None
    zone: str
    length: Words
    starts_at: datetime
    due_at: datetime
    counted_to: datetime
    """The date before a closed last day made way."""
    days: tuple[Day, ...]


def when(policy: PolicyPack, target: str, start: datetime, plan: str | None, department: str | None) -> Date:
    """The date of a target; a start without a zone is wall time there. Raises NoSuchTarget, YearOutOfRange."""
    name, length = _length(policy, target, plan)
    who = department or ""
    calendar = policy.calendar_for(who)
    zone = policy.calendars[calendar].zone if calendar else policy.zone or "UTC"
    start = (start if start.tzinfo else start.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    end, holds = ending(policy, length, who, start), _which(policy, length, who, start)
    return Date(
        policy=policy.name,
        version=policy.version,
        hash=policy.hash,
        plan=name,
        target=target,
        department=department,
        calendar=calendar if by_calendar(length) else None,
        zone=zone,
        length=in_every_language(length),
        starts_at=start,
        due_at=end.due_at,
        counted_to=end.counted_to,
        days=tuple(_days(policy, holds, who, start, end.due_at, ZoneInfo(zone))),
    )


def _length(policy: PolicyPack, target: str, plan: str | None) -> tuple[str, Length]:
    for name, found in policy.plans.items():
        said = found.targets.get(target, "stated")
        if name == (plan or name) and said != "stated":
            return name, once(said)
    raise NoSuchTarget(f"plan {plan}" if plan else "no plan")


def _which(policy: PolicyPack, length: Length, who: str, start: datetime) -> Length:
    """Of several lengths the one that holds."""
    if not isinstance(length, EarlierOf | LaterOf):
        return length
    choose = min if isinstance(length, EarlierOf) else max
    held = choose(parts_of(length), key=lambda part: ending(policy, part, who, start).due_at)
    return _which(policy, held, who, start)


def _days(
    policy: PolicyPack, length: Length, who: str, start: datetime, due_at: datetime, zone: ZoneInfo
) -> Iterator[Day]:
    calendar = policy.calendar_for(who)
    spec = policy.calendars[calendar] if calendar else None
    if isinstance(length, Days):
        yield from _counted(policy, length, who, start, spec, zone)
    elif isinstance(length, Working) and spec is not None:
        yield from _worked(spec, start, due_at, zone)


def _counted(
    policy: PolicyPack, length: Days, who: str, start: datetime, spec: CalendarSpec | None, zone: ZoneInfo
) -> Iterator[Day]:
    day, number = start.astimezone(zone).date(), 0
    zero = date.fromordinal(local_days(policy, who).day_zero(start, length).day)
    while day < zero:
        yield Day(day, "before", _why(spec, day))
        day += A_DAY
    yield Day(zero, "from_here", _why(spec, zero))
    day = zero
    while number < length.number:
        day += A_DAY
        counts = length.working_days is None or _is_working(spec, day)
        number += counts
        why = EVERY_DAY if length.working_days is None else _why(spec, day)
        yield Day(day, "counts" if counts else "does_not_count", why, number if counts else None)
    while length.closed_last_day == "next_open" and not _is_working(spec, day):
        yield Day(day, "rolled", _why(spec, day))
        day += A_DAY
        if _is_working(spec, day):
            yield Day(day, "due_here", _why(spec, day))


def _worked(spec: CalendarSpec, start: datetime, due_at: datetime, zone: ZoneInfo) -> Iterator[Day]:
    calendar, day = Calendar(spec), start.astimezone(zone).date()
    while day <= due_at.astimezone(zone).date():
        midnights = (datetime.combine(one, time(), zone) for one in (day, day + A_DAY))
        since, until = (min(max(one, start), due_at) for one in midnights)
        worked = calendar.between(since, until)
        yield Day(day, "counts" if worked else "does_not_count", _why(spec, day), worked=worked)
        day += A_DAY


def _is_working(spec: CalendarSpec | None, day: date) -> bool:
    return spec is None or bool(day_of(spec, day).hours)


def _why(spec: CalendarSpec | None, day: date) -> Words:
    if spec is None:
        return EVERY_DAY
    why = day_of(spec, day).why
    return in_both(why.en, why.zh)
