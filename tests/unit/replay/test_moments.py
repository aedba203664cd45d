"""Times without a zone, read as a person reads them: the order of a row tells which of two hours is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.replay.moments import Unreadable, in_order, readings
from schemas.base import to_instant

NEW_YORK = ZoneInfo("America/New_York")
AUTUMN = datetime(2018, 11, 4, tzinfo=UTC)
SPRING = datetime(2018, 3, 11, tzinfo=UTC)


def read(opened: str, due: str = "", closed: str = "") -> tuple[datetime, datetime | None, datetime | None]:
    def one(text: str, ends: bool = False) -> tuple[datetime, ...]:
        return readings(text, NEW_YORK, ["iso"], ends) if text else ()

    return in_order(one(opened), one(due, ends=True), one(closed))


def test_of_an_hour_that_comes_twice_its_first_coming_is_taken() -> None:
    opened, _, _ = read("2018-11-04 01:30:00")

    assert opened == AUTUMN + timedelta(hours=5, minutes=30)


def test_of_an_hour_that_comes_twice_the_reading_is_taken_by_which_it_closes_after_it_opened() -> None:
    _, due, closed = read("2018-11-04 01:50:00", due="2018-11-04 01:20:00", closed="2018-11-04 01:10:00")

    assert due == AUTUMN + timedelta(hours=6, minutes=20)
    assert closed == AUTUMN + timedelta(hours=6, minutes=10)


def test_two_times_of_the_hour_that_comes_twice_that_are_in_order_are_of_its_first_coming() -> None:
    opened, _, closed = read("2018-11-04 01:10:00", closed="2018-11-04 01:50:00")

    assert (opened, closed) == (AUTUMN + timedelta(hours=5, minutes=10), AUTUMN + timedelta(hours=5, minutes=50))


def test_an_hour_that_spring_leaves_out_counts_from_winter_time_unless_the_order_tells_otherwise() -> None:
    alone, _, _ = read("2018-03-11 02:30:00")
    opened, _, closed = read("2018-03-11 02:59:00", closed="2018-03-11 03:10:00")

    assert alone == SPRING + timedelta(hours=7, minutes=30)
    assert (opened, closed) == (SPRING + timedelta(hours=6, minutes=59), SPRING + timedelta(hours=7, minutes=10))


def test_what_is_out_of_order_by_every_reading_keeps_its_first() -> None:
    _, _, closed = read("2018-11-04 03:00:00", closed="2018-11-04 01:30:00")

    assert closed == AUTUMN + timedelta(hours=6, minutes=30) - timedelta(hours=1)


def test_a_promise_of_a_day_lasts_until_the_end_of_that_day() -> None:
    opened, due, closed = read("2018-07-01", due="2018-07-03", closed="2018-07-03")

    assert (opened, due) == (datetime(2018, 7, 1, 4, tzinfo=UTC), datetime(2018, 7, 4, 4, tzinfo=UTC))
    assert closed == datetime(2018, 7, 3, 4, tzinfo=UTC)


def test_what_closed_on_the_day_on_which_it_was_opened_closed_after_that() -> None:
    opened, _, closed = read("2018-07-01 10:00:00", closed="2018-07-01")

    assert closed is not None
    assert opened < closed


@pytest.mark.parametrize("text", ["yesterday", "2018-07-01 25:00", "0001-01-01T00:00:00+23:00", "9999-12-31"])
def test_what_no_format_reads_is_no_time(text: str) -> None:
    with pytest.raises(Unreadable):
        readings(text, NEW_YORK, ["iso"])


local = st.datetimes(datetime(2018, 11, 3, 22), datetime(2018, 11, 4, 5)) | st.datetimes(
    datetime(2018, 3, 10, 22), datetime(2018, 3, 11, 5)
)


@given(local, local, local)
def test_the_order_of_a_row_is_kept_whenever_any_reading_keeps_it(
    opened: datetime, due: datetime, closed: datetime
) -> None:
    def moments(local: datetime) -> set[datetime]:
        return {to_instant(local.replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)) for fold in (0, 1)}

    o, d, c = read(opened.isoformat(), due.isoformat(), closed.isoformat())
    can_close = any(one <= other for one in moments(opened) for other in moments(closed))

    assert d is not None
    assert c is not None
    assert (o in moments(opened), d in moments(due), c in moments(closed)) == (True, True, True)
    assert (o <= c) == can_close
