"""Working time by its rules: what is added, taken off, in between; and what always holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import FIRST_YEAR, LAST_YEAR, OFFICIAL, Calendar
from tests.unit.shared.calendars import ALWAYS, BEIJING, NIGHT, OFFICE, WORKDAY, at, calendar, hours, override, spec


@pytest.mark.parametrize(
    ("start", "span", "ends"),
    [
        pytest.param("2026-11-23T09:00", hours(1), "2026-11-23T10:00", id="within the morning"),
        pytest.param("2026-11-23T11:30", hours(1), "2026-11-23T14:30", id="the noon break does not count"),
        pytest.param("2026-11-23T17:00", hours(2), "2026-11-24T09:30", id="the evening does not count"),
        pytest.param("2026-11-23T03:00", hours(1), "2026-11-23T09:30", id="before opening: from the opening on"),
        pytest.param("2026-11-20T17:00", hours(1), "2026-11-20T18:00", id="used up at closing: it ends on Friday"),
        pytest.param("2026-11-20T17:00:00", timedelta(hours=1, seconds=1), "2026-11-23T08:30:01", id="a second more"),
        pytest.param("2026-11-20T17:59:59.999", timedelta(milliseconds=2), "2026-11-23T08:30:00.001", id="to the ms"),
        pytest.param(
            "2026-11-21T12:00", timedelta(0), "2026-11-21T12:00", id="no time at all: not even to the opening"
        ),
        pytest.param("2026-11-23T18:00", hours(1), "2026-11-24T09:30", id="closing time is closed"),
        pytest.param("2026-11-23T08:30", hours(1), "2026-11-23T09:30", id="opening time is open"),
    ],
)
def test_when_so_much_time_is_worked(start: str, span: timedelta, ends: str) -> None:
    assert BEIJING.add(at(start), span) == at(ends)


@pytest.mark.parametrize(
    ("end", "span", "starts"),
    [
        pytest.param("2026-11-23T10:00", hours(1), "2026-11-23T09:00", id="within the morning"),
        pytest.param("2026-11-24T09:30", hours(2), "2026-11-23T17:00", id="the evening does not count"),
        pytest.param("2026-11-23T09:30", hours(1), "2026-11-23T08:30", id="used up at opening: it starts on Monday"),
        pytest.param("2026-11-21T12:00", hours(1), "2026-11-20T17:00", id="from a Saturday: the end of Friday"),
        pytest.param("2026-11-21T12:00", timedelta(0), "2026-11-21T12:00", id="no time at all"),
    ],
)
def test_since_when_so_much_time_is_worked(end: str, span: timedelta, starts: str) -> None:
    assert BEIJING.subtract(at(end), span) == at(starts)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        pytest.param("2026-11-23T09:00", "2026-11-23T09:00", id="open: at once"),
        pytest.param("2026-11-23T12:00", "2026-11-23T14:00", id="noon: after the break"),
        pytest.param("2026-11-20T18:00", "2026-11-23T08:30", id="closing time on Friday: on Monday"),
        pytest.param("2026-12-31T18:00", "2027-01-04T08:30", id="the last evening of the year: in the next"),
    ],
)
def test_when_it_opens_next(moment: str, opens: str) -> None:
    assert BEIJING.next_opening(at(moment)) == at(opens)
    assert BEIJING.is_open(at(moment)) == (moment == opens)


def test_time_backwards_is_negative() -> None:
    monday, tuesday = at("2026-11-23T09:00"), at("2026-11-24T09:00")

    assert BEIJING.between(monday, tuesday) == WORKDAY
    assert BEIJING.between(tuesday, monday) == -WORKDAY


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    night = calendar({"mon-fri": ["22:00-06:00"]}, holidays="CN")

    assert night.between(at("2026-11-20T00:00"), at("2026-11-23T00:00")) == hours(6 + 8)
    assert night.next_opening(at("2026-11-21T06:00")) == at("2026-11-23T22:00")


def test_the_eves_night_shift_runs_into_the_holiday_and_the_holidays_own_falls_away() -> None:
    night = calendar(NIGHT, holidays="CN")

    assert night.between(at("2026-06-19T00:00"), at("2026-06-20T00:00")) == hours(6)
    assert night.next_opening(at("2026-06-19T06:00")) == at("2026-06-22T22:00")


def test_around_the_clock_every_second_counts_over_midnight_and_new_year() -> None:
    always = calendar(ALWAYS)

    assert always.add(at("2026-12-31T23:59:59"), timedelta(seconds=2)) == at("2027-01-01T00:00:01")
    assert always.between(at("2025-06-01T00:00"), at("2028-06-01T00:00")) == timedelta(days=3 * 365 + 1)


def test_the_leap_day_is_a_day() -> None:
    assert BEIJING.add(at("2028-02-28T18:00"), WORKDAY) == at("2028-02-29T18:00")
    assert BEIJING.add(at("2027-02-26T18:00"), WORKDAY) == at("2027-03-01T18:00")


def test_two_days_hours_that_overlap_count_once() -> None:
    early = calendar(NIGHT, overrides=[override("2026-11-24", ["05:00-12:00"])])

    assert early.between(at("2026-11-23T22:00"), at("2026-11-24T12:00")) == hours(14)


CALENDARS = st.sampled_from(
    [
        BEIJING,
        calendar(NIGHT, "America/New_York", holidays="US-NY"),
        calendar({"mon-fri": ["00:30-01:30", "02:30-17:00"]}, "Australia/Lord_Howe"),
        calendar(ALWAYS, "Europe/London"),
    ]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=30))


@given(CALENDARS, MOMENTS, SPANS)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, span: timedelta) -> None:
    end = calendar.add(start, span)

    assert calendar.between(start, end) == span
    assert calendar.between(start, end - timedelta(microseconds=1)) < span


@given(CALENDARS, MOMENTS, SPANS)
def test_subtracting_what_was_added_leads_back_to_the_opening(
    calendar: Calendar, start: datetime, span: timedelta
) -> None:
    assert calendar.subtract(calendar.add(start, span), span) == calendar.next_opening(start)


@given(CALENDARS, MOMENTS, SPANS, SPANS)
def test_adding_in_two_steps_is_adding_at_once(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@given(CALENDARS, MOMENTS, MOMENTS)
def test_open_and_closed_stretches_are_the_whole_time(calendar: Calendar, a: datetime, b: datetime) -> None:
    a, b = min(a, b), max(a, b)
    b = min(b, a + timedelta(days=20))

    openings, closures = calendar.segments(a, b), calendar.closures(a, b)

    assert sum((s.end - s.start for s in openings), timedelta(0)) == calendar.between(a, b)
    assert sum((s.end - s.start for s in (*openings, *closures)), timedelta(0)) == b - a


def test_the_calendar_in_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "working-time.md").read_text("utf-8")
    content = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])

    documented = CalendarSpec.model_validate(content)

    assert Draft202012Validator(CalendarSpec.model_json_schema()).is_valid(documented.model_dump(mode="json"))
    for authority, known in OFFICIAL.items():
        assert (
            f"| {authority} | {f'{known.first} to {known.last}' if known.last else f'from {known.first} on'} |" in page
        )
    assert f"count from {FIRST_YEAR} to {LAST_YEAR}" in page


def test_a_calendar_is_the_same_after_a_round_trip_through_json() -> None:
    original = CalendarSpec.model_validate(
        spec(OFFICE, holidays="CN", overrides=[override("2026-10-01", ["20:00-02:00"])])
    )

    assert CalendarSpec.model_validate_json(original.model_dump_json()) == original
