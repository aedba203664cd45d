"""The span of moments that a pack can count from; inputs with dates outside it are refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.policy import PolicyPack, Working, lengths, span_of
from schemas.refusals import Reason, because
from services.shared.timing.counting import counting
from services.shared.timing.worktime.calendar import FIRST_YEAR, LAST_YEAR, YearOutOfRange

MOST_AHEAD = timedelta(days=36_525)
"""How far ahead of its arrival a date may lie that outsiders bring along: a century; beyond it is a slip."""

MOST_REMINDERS = 1_000
"""How many reminders of one target may have been due before it arrived: they are told at once, and stay in a case."""

FARTHEST = 10
"""How many times what it lasts a step may stand after a date; so at least this much is counted ahead of one."""

_reach: dict[str, tuple[timedelta, timedelta, timedelta | None]] = {}


def uncountable(policy: PolicyPack, field: str, moment: datetime, arrived: datetime) -> Reason | None:
    """Why the rules of a pack cannot count from a moment that a field stated on arrival; None where they can."""
    if moment > arrived + MOST_AHEAD:
        return because("not_countable.century", field=field, at=moment)
    all_of_the_time, working, reminder = _reaching(policy)
    try:
        moment + all_of_the_time
        for calendar in policy.calendars if working else ():
            counting(policy, calendar).add(moment, working)
    except YearOutOfRange as beyond:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR, "year": beyond.year}
        return because("not_countable.years", field=field, at=moment, **years)
    except (ValueError, OverflowError):
        return because("not_countable.ever", field=field, at=moment)
    if reminder is not None and arrived - moment > MOST_REMINDERS * reminder:
        return because("not_countable.reminders", field=field, at=moment, most=MOST_REMINDERS)
    return None


def _reaching(policy: PolicyPack) -> tuple[timedelta, timedelta, timedelta | None]:
    """How far ahead of a moment a pack may count, in all of the time and in working time; how often it reminds."""
    if policy.hash not in _reach:
        known = [length for _, length in lengths(policy)]
        spans = [span_of(length) for length in known]
        spans += [plan.visit.due_after for plan in policy.plans.values() if plan.visit]
        working = [span_of(length) for length in known if isinstance(length, Working)]
        every = [span_of(ladder.reminder.every) for ladder in policy.ladders.values() if ladder.reminder]
        _reach[policy.hash] = _many(spans), _many(working), min(every, default=None)
    return _reach[policy.hash]


def _many(spans: list[timedelta]) -> timedelta:
    try:
        return FARTHEST * sum(spans, timedelta(0))
    except OverflowError:
        return timedelta.max
