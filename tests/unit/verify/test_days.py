"""The verifier counts days by itself, and comes to what ticking them off comes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from closedloop.verify.pack.days import before, end
from closedloop.verify.pack.lengths import Length, Pause
from closedloop.verify.pack.working import EPOCH, MS, Working
from tests.unit.shared.any_calendar import ZONES, first_days, raw_calendar
from tests.unit.shared.any_length import KINDS, a_moment, any_length, some_pauses
from tests.unit.shared.day_oracle import DayWalk, End


@pytest.mark.parametrize(("zone", "authority"), ZONES, ids=[zone for zone, _ in ZONES])
def test_the_verifier_counts_days_as_ticking_them_off_does(zone: str, authority: str | None) -> None:
    dice = Random(zone)
    for first in first_days(zone, authority, dice.randrange(2010, 2036), dice):
        raw = raw_calendar(zone, authority, first, dice)
        calendar, walk = Working(raw), DayWalk(raw)
        for kind in KINDS:
            start, length = a_moment(first, walk, dice), any_length(kind, dice)
            said, pauses, at = Length.of(as_json(length)), some_pauses(start, dice), ms(start)
            waits = [Pause(ms(a), ms(b), "-") for a, b in pauses]
            assert end(calendar, said, at)[:2] == in_ms(walk.end(length, start)), (raw, start, length)
            twice = walk.end(length, start, times=2, from_a_date=True)
            assert end(calendar, said.times(2), at, of_a_date=True)[:2] == in_ms(twice), (raw, start, length)
            waited = walk.end(length, start, pauses=pauses)
            assert end(calendar, said, at, waits)[:2] == in_ms(waited), (raw, start, length, pauses)
            assert before(calendar, said, at) == ms(walk.before(length, start)), (raw, start, length)
            assert calendar.opening(at)[0] == ms(walk.next_opening(start)), (raw, start)


def test_days_stand_for_hours_nowhere_but_in_packs_that_say_hours() -> None:
    assert Length.of("P3D") == Length.of("72h") == Length(72 * 3_600_000)
    assert Length.of("3d") == Length.of({"days": 3})
    assert Length.of("2w") == Length.of({"days": 14})


def as_json(length: Any) -> Any:
    if isinstance(length, timedelta):
        return f"PT{length.total_seconds():.3f}S"
    if isinstance(length, dict):
        return {name: as_json(said) for name, said in length.items()}
    return [as_json(part) for part in length] if isinstance(length, list) else length


def in_ms(end: End) -> tuple[int, int]:
    return ms(end.promised), ms(end.counted_to)


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // MS
