"""The span of moments that a pack can count from; inputs with dates outside it are refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.lengths import Days, Working, simple, span_of
from schemas.pack_lengths import every_length
from schemas.policy import PolicyPack
from schemas.refusals import Reason, because
from services.shared.timing.counting import counting, days_of
from services.shared.timing.worktime.calendar import FIRST_YEAR, LAST_YEAR, YearOutOfRange

MOST_AHEAD = timedelta(days=36_525)
"""How far ahead of its arrival a date may lie that outsiders bring along: a century; beyond it is a slip."""

MOST_REMINDERS = 1_000
"""How many reminders of one target may have been due before it arrived: they are told at once, and stay in a case."""

FARTHEST = 10
"""How many times what it lasts a step may stand after a date; so at least this much is counted ahead of one."""


class Reach(NamedTuple):
    """How far ahead of a moment a pack may count, and how often it reminds."""

    all_of_the_time: timedelta
    working: timedelta
    days: timedelta
    """Days whose end follows a calendar."""
    working_days: int
    reminder: timedelta | None


_reach: dict[str, Reach] = {}


def uncountable(policy: PolicyPack, field: str, moment: datetime, arrived: datetime) -> Reason | None:
    """Why the rules of a pack cannot count from a moment that a field stated on arrival; None where they can."""
    if moment > arrived + MOST_AHEAD:
        return because("not_countable.century", field=field, at=moment)
    reach = _reaching(policy)
    try:
        moment + reach.all_of_the_time
        for calendar in policy.calendars:
            _count_by(policy, calendar, moment, reach)
    except YearOutOfRange as beyond:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR, "year": beyond.year}
        return because("not_countable.years", field=field, at=moment, **years)
    except (ValueError, OverflowError):
        return because("not_countable.ever", field=field, at=moment)
    if reach.reminder is not None and arrived - moment > MOST_REMINDERS * reach.reminder:
        return because("not_countable.reminders", field=field, at=moment, most=MOST_REMINDERS)
    return None


def _count_by(policy: PolicyPack, calendar: str, moment: datetime, reach: Reach) -> None:
    if reach.working:
        counting(policy, calendar).add(moment, reach.working)
    if reach.working_days:
        farthest = Days(working_days=reach.working_days, counted_from="moment")
        days_of(policy, calendar).add(moment + reach.days, farthest)


def _reaching(policy: PolicyPack) -> Reach:
    if policy.hash not in _reach:
        every = [span_of(ladder.reminder.every) for ladder in policy.ladders.values() if ladder.reminder]
        known = [one for located in every_length(policy) for one in simple(located.length)]
        spans = _many([span_of(one) for one in known if not _is_worked(one)])
        working = _many([one.working for one in known if isinstance(one, Working)])
        days = [one for one in known if isinstance(one, Days) and one.needs_calendar]
        open_days = _many([span_of(one) for one in days if one.working_days is None])
        # One more for each: the last day of some is the next one that is open.
        working_days = FARTHEST * sum(1 + (one.working_days or 0) for one in days)
        _reach[policy.hash] = Reach(spans, working, open_days, working_days, min(every, default=None))
    return _reach[policy.hash]


def _is_worked(one: timedelta | Working | Days) -> bool:
    return isinstance(one, Working) or (isinstance(one, Days) and one.working_days is not None)


def _many(spans: list[timedelta]) -> timedelta:
    try:
        return FARTHEST * sum(spans, timedelta(0))
    except OverflowError:
        return timedelta.max
