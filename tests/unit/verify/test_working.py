"""The verifier counts working time by itself, and comes to what the services come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Awake, Pause
from closedloop.verify.pack.working import MS, Working
from schemas import facts
from schemas.calendars import CalendarSpec
from services.shared.timing import counting
from services.shared.timing.worktime import Calendar
from tests.unit.shared.any_calendar import ZONES, first_days, raw_calendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // MS


@pytest.mark.parametrize(("zone", "authority"), ZONES, ids=[zone for zone, _ in ZONES])
def test_two_programs_count_the_same_working_time(zone: str, authority: str | None) -> None:
    dice = Random(zone)
    for year in (2016, 2025):
        for first in first_days(zone, authority, year, dice):
            raw = raw_calendar(zone, authority, first, dice)
            theirs, ours = Working(raw), Calendar(CalendarSpec.model_validate(raw))
            for _ in range(10):
                start = at(first, dice)
                span = timedelta(milliseconds=dice.randrange(40 * 3_600_000))
                assert theirs.add(ms(start), span // MS) == ms(ours.add(start, span)), (raw, start, span)
                assert theirs.between(ms(start), ms(start + span)) == ours.between(start, start + span) // MS


def test_two_programs_count_the_same_time_outside_pauses() -> None:
    dice = Random(7)
    raw = raw_calendar("Europe/Berlin", None, date(2025, 3, 24), dice)
    for theirs, ours in ((ALL_OF_THE_TIME, counting.ALL_OF_THE_TIME), both(raw)):
        for _ in range(300):
            start, *edges = sorted(at(date(2025, 3, 24), dice) for _ in range(5))
            pauses = [(edges[0], edges[1]), (edges[2], edges[3])]
            awake = Awake(theirs, [Pause(ms(a), ms(b), "-") for a, b in pauses])
            waking = counting.ButForPauses(ours, [facts.Pause(starts_at=a, ends_at=b, reason="p") for a, b in pauses])
            span, end = timedelta(milliseconds=dice.randrange(1, 40 * 3_600_000)), at(date(2025, 3, 25), dice)
            assert awake.add(ms(start), span // MS) == ms(waking.add(start, span)), (raw, start, span, pauses)
            if start <= end:
                assert awake.between(ms(start), ms(end)) == waking.between(start, end) // MS, (raw, start, end, pauses)


def both(raw: dict[str, Any]) -> tuple[Working, Calendar]:
    return Working(raw), Calendar(CalendarSpec.model_validate(raw))


def test_what_is_never_worked_has_no_end() -> None:
    once = {"date": "2020-01-01", "open": ["08:00-09:00"], "reason": "-", "authority": "-"}
    calendar = Working({"zone": "UTC", "hours": {}, "overrides": [once]})

    with pytest.raises(OverflowError, match="never worked so much"):
        calendar.add(ms(datetime(2020, 1, 2, tzinfo=UTC)), 1)


def at(first: date, dice: Random) -> datetime:
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return midnight + timedelta(milliseconds=dice.randrange(4 * 86_400_000))
