"""One clock for all, never early; and timers that wait until what arrived before them has been read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.loop.gate import LONGEST, open_until
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock, ceil_ms, floor_ms, from_ms
from services.shared.timing.trust import judged
from tests.builders import MONDAY, TOWN, hour, pack

REAL = EPOCH + timedelta(days=365 * 56)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(lambda passed: EPOCH + passed)
RATES = st.floats(1, 1_000_000)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("real_s", "rate", "virtual_s"),
    [(0, 1, 0), (10, 1, 10), (10, 60, 600), (10, 0.5, 5), (-10, 60, -600), (0.0019, 1, 0.001), (0.001, 3600, 3.6)],
)
def test_virtual_time_runs_at_its_rate_from_its_beginning(real_s: float, rate: float, virtual_s: float) -> None:
    clock = Clock(v0=MONDAY, r0=REAL, rate=rate)

    assert clock.virtual(REAL + seconds(real_s)) == MONDAY + seconds(virtual_s)


def test_a_clock_that_was_stopped_stands_still_and_no_later_moment_ever_comes() -> None:
    clock = Clock(v0=MONDAY, r0=REAL, rate=3600, until=hour(10))

    assert clock.virtual(REAL + seconds(9)) == hour(9)
    assert clock.virtual(REAL + seconds(11)) == clock.virtual(REAL + timedelta(days=900)) == hour(10)
    assert clock.real(hour(9)) == REAL + seconds(9)
    assert clock.real(hour(11)) > REAL + timedelta(days=36_500)
    assert Clock.of(clock.as_json()) == clock


def test_in_production_virtual_and_real_time_are_the_same() -> None:
    assert Clock().virtual(REAL) == REAL


@given(MOMENTS, RATES)
def test_when_a_due_dates_real_moment_has_come_no_process_is_more_than_a_tick_before_it(
    due: datetime, rate: float
) -> None:
    clock = Clock(v0=EPOCH, r0=REAL, rate=rate)

    seen = clock.virtual(clock.real(due))

    assert due - MILLISECOND - seconds(rate / 1_000_000) <= seen <= due + seconds(rate / 1_000_000)


@given(MOMENTS)
def test_now_is_cut_and_due_dates_are_raised_so_that_nothing_is_early(moment: datetime) -> None:
    assert floor_ms(moment) <= moment <= ceil_ms(moment)
    assert ceil_ms(moment) - floor_ms(moment) in (timedelta(0), MILLISECOND)


@given(st.integers(0, 4_000_000_000_000))
def test_a_brokers_timestamp_is_exact(ms: int) -> None:
    assert (from_ms(ms) - EPOCH) // MILLISECOND == ms


def test_a_clock_handed_on_is_the_same_clock() -> None:
    clock = Clock(v0=MONDAY, r0=REAL, rate=3600.0)

    assert Clock.of(clock.as_json()) == clock


@pytest.mark.parametrize(
    ("decided_s", "now_s", "stood_s", "fires_until_s"),
    [
        pytest.param(None, 105, 0, None, id="nothing is known of its partition: it waits"),
        pytest.param(99, 105, 0, None, id="its partition is read up to before its date: it waits"),
        pytest.param(100, 105, 0, 100, id="read up to its date: it fires"),
        pytest.param(104, 105, 0, 104, id="read further: all that fell due until then fires"),
        pytest.param(110, 105, 0, 105, id="a reader ahead of the clock: nothing fires before its time"),
        pytest.param(None, 129, 99, None, id="a reader that is lost holds it back"),
        pytest.param(None, 130, 30, 100, id="for half a minute at most, then it fires alone"),
        pytest.param(90, 999, 29, None, id="but never while its partition is read on, however late"),
    ],
)
def test_when_a_timer_fires(decided_s: float | None, now_s: float, stood_s: float, fires_until_s: float | None) -> None:
    decided = None if decided_s is None else REAL + seconds(decided_s)

    until = open_until(REAL + seconds(100), REAL + seconds(now_s), decided, Clock(), seconds(stood_s))

    assert until == (None if fires_until_s is None else REAL + seconds(fires_until_s))


def test_the_half_minute_is_real_whatever_the_clocks_rate() -> None:
    clock = Clock(v0=MONDAY, r0=REAL, rate=3600)
    due, due_real = MONDAY + timedelta(hours=1), REAL + seconds(1)

    assert open_until(due, due_real + LONGEST - seconds(0.1), None, clock, LONGEST) is None
    assert open_until(due, due_real + LONGEST, None, clock, LONGEST) == due


@pytest.mark.parametrize(
    ("stated", "arrived", "trust", "counts", "trusted"),
    [
        pytest.param(None, 50, "1h", 50, False, id="nothing stated"),
        pytest.param(50, 50, "1h", 50, True, id="stated as the moment of arrival"),
        pytest.param(49, 50, "1h", 49, True, id="just within the window"),
        pytest.param(48.99, 50, "1h", 50, False, id="just before it"),
        pytest.param(-9999, 50, "unlimited", -9999, True, id="no window"),
        pytest.param(50.01, 50, "unlimited", 50, False, id="never later than the arrival"),
        pytest.param(49.99, 50, "0s", 50, False, id="no trust at all"),
    ],
)
def test_which_time_counts(stated: float | None, arrived: float, trust: str, counts: float, trusted: bool) -> None:
    claim = None if stated is None else hour(stated)

    assert judged(claim, hour(arrived), pack(trust=trust)) == (hour(counts), trusted)


def test_the_towns_trust_is_an_hour() -> None:
    assert TOWN.trust == timedelta(hours=1)
