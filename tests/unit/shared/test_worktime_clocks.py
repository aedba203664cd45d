"""Working time where clocks change: hours are wall time, lengths are elapsed time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.shared.calendars import ALWAYS, NIGHT, at, calendar, hours


@pytest.mark.parametrize(
    ("zone", "evening", "worked_h"),
    [
        pytest.param("America/New_York", "2026-03-07T22:00", 7, id="New York in spring"),
        pytest.param("America/New_York", "2026-10-31T22:00", 9, id="New York in autumn"),
        pytest.param("Europe/London", "2026-03-28T22:00", 7, id="London in spring"),
        pytest.param("Europe/London", "2026-10-24T22:00", 9, id="London in autumn"),
        pytest.param("Australia/Lord_Howe", "2026-10-03T22:00", 7.5, id="Lord Howe in spring: half an hour"),
        pytest.param("Australia/Lord_Howe", "2026-04-04T22:00", 8.5, id="Lord Howe in autumn"),
        pytest.param("Asia/Shanghai", "2026-03-07T22:00", 8, id="where clocks do not change"),
    ],
)
def test_a_night_shift_is_as_long_as_it_really_lasts(zone: str, evening: str, worked_h: float) -> None:
    night = calendar(NIGHT, zone)
    begin = at(evening, zone)

    assert night.between(begin, begin + hours(14)) == hours(worked_h)
    assert night.add(begin, hours(worked_h)) == at(evening[:10] + "T06:00", zone) + timedelta(days=1)


@pytest.mark.parametrize(
    ("stretch", "opens", "closes"),
    [
        pytest.param("01:00-02:30", "01:00-05:00", "03:00-04:00", id="closes in the gap: when the clock jumps"),
        pytest.param("02:30-05:00", "03:00-04:00", "05:00-04:00", id="opens in the gap: when the clock jumps"),
        pytest.param("01:00-02:00", "01:00-05:00", "03:00-04:00", id="closes where the gap begins"),
        pytest.param("03:00-05:00", "03:00-04:00", "05:00-04:00", id="opens where the gap ends"),
    ],
)
def test_a_bound_that_the_clock_skips_moves_to_the_jump(stretch: str, opens: str, closes: str) -> None:
    shop = calendar({"sun": [stretch]}, "America/New_York")

    (segment,) = shop.segments(at("2026-03-08T00:00", "America/New_York"), at("2026-03-09T00:00", "America/New_York"))

    assert segment.start == datetime.fromisoformat(f"2026-03-08T{opens}")
    assert segment.end == datetime.fromisoformat(f"2026-03-08T{closes}")


def test_hours_that_lie_in_the_gap_altogether_are_no_time() -> None:
    shop = calendar({"sun": ["02:10-02:50"]}, "America/New_York")

    assert shop.next_opening(at("2026-03-07T00:00", "America/New_York")) == at("2026-03-15T02:10", "America/New_York")


@pytest.mark.parametrize(
    ("stretch", "opens", "closes"),
    [
        pytest.param("00:30-01:30", "00:30-04:00", "01:30-05:00", id="closes at a time shown twice: the second"),
        pytest.param("01:30-03:00", "01:30-04:00", "03:00-05:00", id="opens at a time shown twice: the first"),
        pytest.param("01:15-01:45", "01:15-04:00", "01:45-05:00", id="both"),
        pytest.param("00:30-01:00", "00:30-04:00", "01:00-04:00", id="closes before anything is shown twice"),
        pytest.param("02:00-03:00", "02:00-05:00", "03:00-05:00", id="opens when it is over"),
    ],
)
def test_of_a_time_shown_twice_an_opening_takes_the_first_and_hours_last_until_the_second(
    stretch: str, opens: str, closes: str
) -> None:
    shop = calendar({"sun": [stretch]}, "America/New_York")

    (segment,) = shop.segments(at("2026-11-01T00:00", "America/New_York"), at("2026-11-02T00:00", "America/New_York"))

    assert segment.start == datetime.fromisoformat(f"2026-11-01T{opens}")
    assert segment.end == datetime.fromisoformat(f"2026-11-01T{closes}")


def test_the_second_showing_of_a_time_is_later_than_the_first_although_the_wall_says_otherwise() -> None:
    always = calendar(ALWAYS, "America/New_York")
    first, second = (at(f"2026-11-01T01:{minute}", "America/New_York", fold) for minute, fold in ((50, 0), (10, 1)))

    assert always.between(first, second) == timedelta(minutes=20)
    assert always.between(second, first) == -timedelta(minutes=20)
    assert always.is_open(second)


def test_a_day_without_midnight_begins_when_the_clock_jumps() -> None:
    always = calendar({"mon-sat": ["00:00-24:00"]}, "America/Sao_Paulo")

    # On Sunday 4 November 2018 the clocks went from 0:00 to 1:00, three hours behind Greenwich before.
    assert always.segments(at("2018-11-03T12:00", "America/Sao_Paulo"), at("2018-11-05T00:00", "America/Sao_Paulo"))[
        -1
    ].end == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_a_clock_that_goes_back_over_midnight_tells_no_time_twice() -> None:
    closed = calendar({"mon-fri": ["09:00-17:00"]}, "America/St_Johns")
    # On Sunday 7 November 2010 it was 0:01, and then 23:01 on Saturday again.
    begin = at("2010-11-06T23:30", "America/St_Johns", fold=1)

    found = closed.closures(begin, at("2010-11-07T12:00", "America/St_Johns"))

    assert [(s.start, s.why.en) for s in found] == [(begin.astimezone(UTC), "no hours on Sundays")]
