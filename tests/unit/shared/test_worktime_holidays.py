"""Holidays, make-up days and overrides: what comes first, what is official, and why a stretch is closed."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.shared.timing.worktime import OFFICIAL
from services.shared.timing.worktime.official import listed
from tests.unit.shared.calendars import BEIJING, OFFICE, WORKDAY, at, calendar, hours, override


@pytest.mark.parametrize(
    ("year", "off", "make_up"),
    [
        pytest.param("元旦", ("2026-01-01", "2026-01-03"), ["2026-01-04"], id="New Year"),
        pytest.param("春节", ("2026-02-15", "2026-02-23"), ["2026-02-14", "2026-02-28"], id="Spring Festival"),
        pytest.param("清明节", ("2026-04-04", "2026-04-06"), [], id="Tomb-sweeping Day"),
        pytest.param("劳动节", ("2026-05-01", "2026-05-05"), ["2026-05-09"], id="Labour Day"),
        pytest.param("端午节", ("2026-06-19", "2026-06-21"), [], id="Dragon Boat Festival"),
        pytest.param("中秋节", ("2026-09-25", "2026-09-27"), [], id="Mid-Autumn Festival"),
        pytest.param("国庆节", ("2026-10-01", "2026-10-07"), ["2026-09-20", "2026-10-10"], id="National Day"),
    ],
)
def test_the_notice_of_the_state_council_for_2026(year: str, off: tuple[str, str], make_up: list[str]) -> None:
    first, last = (at(f"{day}T00:00") for day in off)

    closed = BEIJING.closures(first, last + timedelta(days=1))

    assert BEIJING.between(first, last + timedelta(days=1)) == timedelta(0)
    assert any(segment.why.kind == "holiday" and segment.why.zh.startswith(year) for segment in closed)
    for day in make_up:
        openings = BEIJING.segments(at(f"{day}T00:00"), at(f"{day}T23:59"))
        assert sum((s.end - s.start for s in openings), timedelta(0)) == WORKDAY
        assert {s.why.kind for s in openings} == {"make-up"}


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        pytest.param(
            "2026-09-30T18:00", 7, "2026-10-15T18:00", id="seven working days over 国庆, 10 October among them"
        ),
        pytest.param(
            "2026-02-13T18:00", 3, "2026-02-25T18:00", id="three over 春节: Saturday 14, then 24 and 25 February"
        ),
        pytest.param("2026-02-13T18:00", 6, "2026-02-28T18:00", id="six: Saturday 28 February is the last of them"),
        pytest.param("2026-09-18T18:00", 1, "2026-09-20T18:00", id="Sunday 20 September is a working day"),
        pytest.param("2026-06-18T18:00", 15, "2026-07-10T18:00", id="fifteen working days over 端午"),
    ],
)
def test_due_dates_in_working_days_by_the_notice_for_2026(received: str, working_days: int, due: str) -> None:
    assert BEIJING.add(at(received), working_days * WORKDAY) == at(due)


def test_a_make_up_day_has_mondays_hours_unless_the_calendar_names_another_weekday() -> None:
    short_fridays = {"mon-thu": ["08:00-17:00"], "fri": ["08:00-12:00"], "sat": ["09:00-10:00"]}
    mondays = calendar(short_fridays, holidays="CN")
    fridays = calendar(short_fridays, holidays="CN", makeup_hours="fri")
    day = at("2026-10-10T00:00"), at("2026-10-11T00:00")

    assert mondays.between(*day) == hours(9)
    assert fridays.between(*day) == hours(4)


def test_a_holiday_has_its_name_in_chinese_and_english() -> None:
    (national_day,) = BEIJING.closures(at("2026-10-01T00:00"), at("2026-10-02T00:00"))

    assert (national_day.why.zh, national_day.why.en) == ("国庆节", "National Day")


def test_a_year_has_no_make_up_days_of_other_years() -> None:
    assert {day.isoformat() for day in listed(BEIJING.spec, 2026).workdays} == {
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    }
    assert listed(BEIJING.spec, 2027).workdays == frozenset()


def test_a_department_without_an_authority_has_no_holidays() -> None:
    plain = calendar(OFFICE)

    assert plain.between(at("2026-10-01T00:00"), at("2026-10-02T00:00")) == WORKDAY
    assert plain.unofficial_years(at("2011-01-01T00:00"), at("2039-01-01T00:00")) == ()


def test_the_federal_holidays_of_2026_are_those_of_the_law() -> None:
    office = calendar({"mon-fri": ["09:00-17:00"]}, "America/New_York", holidays="US")
    closed = office.closures(at("2026-01-01T00:00", "America/New_York"), at("2027-01-01T00:00", "America/New_York"))

    days = [s.start.astimezone(ZoneInfo("America/New_York")).date() for s in closed if s.why.kind == "holiday"]

    fixed = ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"]
    assert [day for day in days if day.weekday() < 5] == [date.fromisoformat(f"2026-{day}") for day in fixed]


def test_years_without_a_published_list_are_named() -> None:
    assert BEIJING.unofficial_years(at("2026-11-01T00:00"), at("2026-12-01T00:00")) == ()
    assert BEIJING.unofficial_years(at("2026-12-01T00:00"), at("2028-01-02T00:00")) == (2027, 2028)


def test_a_year_is_the_local_one_and_its_end_does_not_belong_to_it() -> None:
    assert BEIJING.unofficial_years(at("2026-12-31T00:00"), at("2027-01-01T00:00")) == ()
    assert BEIJING.unofficial_years(at("2027-01-01T00:00"), at("2027-01-01T00:00")) == (2027,)


def test_of_an_authority_that_is_not_in_the_table_no_year_is_official() -> None:
    tokyo = calendar(OFFICE, "Asia/Tokyo", holidays="JP")

    assert tokyo.unofficial_years(at("2026-01-01T00:00"), at("2026-02-01T00:00")) == (2026,)


def test_the_table_ends_with_the_last_notice_that_the_package_knows() -> None:
    from holidays.countries.china import ChinaStaticHolidays

    noticed = ChinaStaticHolidays.special_public_holidays

    assert (OFFICIAL["CN"].first, OFFICIAL["CN"].last) == (min(noticed), max(noticed))


def test_a_list_that_the_calendar_brings_along_is_official_and_takes_the_place_of_the_guess() -> None:
    list_2027 = {
        "year": 2027,
        "source": "国务院办公厅关于2027年部分节假日安排的通知 (an example, not the notice)",
        "holidays": {"2027-01-01": "元旦", "2027-03-08": "试验节"},
        "workdays": ["2027-01-03"],
    }
    informed = calendar(OFFICE, holidays="CN", official=[list_2027])

    assert informed.unofficial_years(at("2026-12-01T00:00"), at("2028-01-01T00:00")) == ()
    assert informed.between(at("2027-03-08T00:00"), at("2027-03-09T00:00")) == timedelta(0)
    assert informed.between(at("2027-01-03T00:00"), at("2027-01-04T00:00")) == WORKDAY
    assert informed.between(at("2027-10-01T00:00"), at("2027-10-02T00:00")) == WORKDAY


def test_an_override_comes_before_holiday_make_up_day_and_weekday() -> None:
    moved = calendar(
        OFFICE,
        holidays="CN",
        overrides=[
            override("2026-10-01", ["10:00-11:00"]),
            override("2026-10-10", "closed"),
            override("2026-10-11", ["20:00-02:00"]),
            override("2026-10-12", "closed"),
        ],
    )

    openings = moved.segments(at("2026-10-01T00:00"), at("2026-10-02T00:00"))
    closed = moved.closures(at("2026-10-10T00:00"), at("2026-10-11T00:00"))

    assert [(s.start, s.end, s.why.kind) for s in openings] == [
        (at("2026-10-01T10:00"), at("2026-10-01T11:00"), "override")
    ]
    assert [(s.why.kind, s.why.zh) for s in closed] == [("override", "搬迁")]
    assert moved.between(at("2026-10-11T00:00"), at("2026-10-13T00:00")) == hours(6)


def test_why_it_is_closed_is_told_day_by_day() -> None:
    friday, tuesday = at("2026-09-18T18:00"), at("2026-09-22T08:30")

    closed = BEIJING.closures(friday, tuesday)

    assert [(s.why.kind, s.why.en) for s in closed if s.end - s.start > hours(2)] == [
        ("outside", "outside working hours"),
        ("rest", "no hours on Saturdays"),
        ("outside", "outside working hours"),
        ("outside", "outside working hours"),
        ("outside", "outside working hours"),
    ]
    assert closed[0].start == friday
    assert closed[-1].end == tuesday


def test_a_stretch_that_begins_or_ends_at_a_bound_has_no_empty_part() -> None:
    noon, afternoon = at("2026-11-23T12:00"), at("2026-11-23T14:00")

    assert BEIJING.segments(noon, afternoon) == ()
    assert BEIJING.closures(at("2026-11-23T08:30"), noon) == ()
    assert BEIJING.segments(noon, noon) == BEIJING.closures(noon, noon) == ()
