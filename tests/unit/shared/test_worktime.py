"""Working time by its rules: hours, holidays, make-up days, overrides, clock changes, and what calendars refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendars import CalendarSpec
from services.shared.worktime import FIRST_YEAR, LAST_YEAR, OFFICIAL, Calendar, YearOutOfRange
from services.shared.worktime.official import listed

OFFICE = {"mon-fri": ["08:30-12:00", "14:00-18:00"]}
ALWAYS = {"mon-sun": ["00:00-24:00"]}
NIGHT = {"mon-sun": ["22:00-06:00"]}
WORKDAY = timedelta(hours=7.5)


def spec(hours: dict[str, list[str]], zone: str = "Asia/Shanghai", **more: Any) -> dict[str, Any]:
    return {"version": "1", "zone": zone, "hours": hours, **more}


def calendar(hours: dict[str, list[str]], zone: str = "Asia/Shanghai", **more: Any) -> Calendar:
    return Calendar(CalendarSpec.model_validate(spec(hours, zone, **more)))


def override(day: str, hours: list[str] | str) -> dict[str, Any]:
    return {"date": day, "open": hours, "reason": "搬迁", "authority": "市政务服务中心"}


def at(wall: str, zone: str = "Asia/Shanghai", fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


BEIJING = calendar(OFFICE, holidays="CN")
"""An office in Beijing with a noon break: seven and a half hours a day."""


# --- hours, to the second -----------------------------------------------------------------------------------------


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
    assert night.next_opening(at("2026-06-19T06:00")) == at("2026-06-20T22:00")


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


# --- clock changes ------------------------------------------------------------------------------------------------


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


# --- holidays and make-up days ------------------------------------------------------------------------------------


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


# --- what is official, what is overridden -------------------------------------------------------------------------


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


def test_a_clock_that_goes_back_over_midnight_tells_no_time_twice() -> None:
    closed = calendar({"mon-fri": ["09:00-17:00"]}, "America/St_Johns")
    # On Sunday 7 November 2010 it was 0:01, and then 23:01 on Saturday again.
    begin = at("2010-11-06T23:30", "America/St_Johns", fold=1)

    found = closed.closures(begin, at("2010-11-07T12:00", "America/St_Johns"))

    assert [(s.start, s.why.en) for s in found] == [(begin.astimezone(UTC), "no hours on Sundays")]


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(spec({}), "it never opens", id="no hours at all"),
        pytest.param(spec({"mon": []}), "it never opens", id="no hours on the one day named"),
        pytest.param(
            spec({}, overrides=[override("2026-01-01", "closed")]), "it never opens", id="overrides that only close"
        ),
        pytest.param(spec({"mon": ["8:30-12:00"]}), "8:30-12:00: hours are written like", id="a time of one digit"),
        pytest.param(
            spec({"mon": ["08:30-25:00"]}), "08:30-25:00: hours are written like", id="an hour beyond the day"
        ),
        pytest.param(spec({"mon": ["24:00-02:00"]}), "24:00-02:00: hours are written like", id="24:00 opens nothing"),
        pytest.param(spec({"mon": ["08:00-08:00"]}), "opens and closes at the same time", id="an empty stretch"),
        pytest.param(spec({"monday": ["08:00-09:00"]}), "monday: days are written like", id="a day in full"),
        pytest.param(
            spec({"mon-fri": ["08:00-09:00"], "fri": ["10:00-11:00"]}), "fri is there twice", id="a day named twice"
        ),
        pytest.param(
            spec({"mon": ["08:00-12:00", "11:00-13:00"]}), "hours of mon overlap with those of mon", id="on one day"
        ),
        pytest.param(
            spec({"mon": ["22:00-06:00"], "tue": ["05:00-12:00"]}), "mon overlap with those of tue", id="over midnight"
        ),
        pytest.param(
            spec({"mon": ["05:00-12:00"], "sun": ["22:00-06:00"]}), "sun overlap with those of mon", id="over the week"
        ),
        pytest.param(spec(OFFICE, "Asia/Beijing"), "Asia/Beijing is no zone", id="a zone that does not exist"),
        pytest.param(spec(OFFICE, "localtime"), "localtime is no zone", id="the machine's own zone"),
        pytest.param(spec(OFFICE, "../etc/passwd"), "is no zone", id="a path"),
        pytest.param(spec(OFFICE, holidays="XX"), "XX is no authority", id="an authority that does not exist"),
        pytest.param(spec(OFFICE, holidays="US-QQ"), "US-QQ is no authority", id="a part that does not exist"),
        pytest.param(spec(OFFICE, holidays="CHN"), "CHN is no authority", id="another spelling of one"),
        pytest.param(
            spec({"tue-sun": ["08:00-12:00"]}, holidays="CN"),
            "a make-up day would have no hours",
            id="closed on Mondays",
        ),
        pytest.param(
            spec(OFFICE, overrides=[override("2026-01-01", "closed"), override("2026-01-01", ["08:00-09:00"])]),
            "2026-01-01 is there twice",
            id="two overrides of one day",
        ),
        pytest.param(
            spec(OFFICE, overrides=[override("2026-01-01", ["08:00-10:00", "09:00-11:00"])]),
            "hours of 2026-01-01 overlap",
            id="an override's hours overlap",
        ),
        pytest.param(
            spec(OFFICE, overrides=[override("2026-02-30", "closed")]), "Input should be a valid date", id="no such day"
        ),
        pytest.param(
            spec(OFFICE, overrides=[override("2026-01-01", [])]), "at least 1 item", id="neither open nor closed"
        ),
        pytest.param(
            spec(OFFICE, official=[{"year": 2027, "source": "-", "holidays": {}}]),
            "need the authority",
            id="whose list?",
        ),
        pytest.param(
            spec(OFFICE, holidays="CN", official=[{"year": 2027, "source": "-", "holidays": {"2026-01-01": "-"}}]),
            "2026-01-01 is not in 2027",
            id="a list with a day of another year",
        ),
        pytest.param(
            spec(
                OFFICE,
                holidays="CN",
                official=[{"year": 2027, "source": "-", "holidays": {"2027-01-01": "-"}, "workdays": ["2027-01-01"]}],
            ),
            "2027-01-01 is a holiday and a working day",
            id="a list that contradicts itself",
        ),
        pytest.param(spec(OFFICE, holiday="CN"), "Extra inputs are not permitted", id="a mistyped word"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused_with_the_reason(content: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=r"validation error") as refused:
        CalendarSpec.model_validate(content)

    assert reason in str(refused.value)


def test_every_reason_is_told_at_once() -> None:
    content = spec({"mon": ["08:00-12:00", "11:00-13:00"]}, overrides=[override("2026-01-01", "closed")] * 2)

    with pytest.raises(ValueError, match="overlap") as refused:
        CalendarSpec.model_validate(content)

    assert "2026-01-01 is there twice; hours of mon overlap" in str(refused.value)


@pytest.mark.parametrize(
    "moment", [datetime(FIRST_YEAR - 1, 12, 31, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC), datetime.max]
)
def test_a_year_in_which_calendars_do_not_count_is_refused_with_those_in_which_they_do(moment: datetime) -> None:
    moment, span, years = moment.replace(tzinfo=UTC), hours(1), f"in the years {FIRST_YEAR} to {LAST_YEAR}"

    for ask in (
        lambda: BEIJING.add(moment, span),
        lambda: BEIJING.subtract(moment, span),
        lambda: BEIJING.between(moment, at("2026-01-01T00:00")),
        lambda: BEIJING.next_opening(moment),
        lambda: BEIJING.segments(at("2026-01-01T00:00"), moment),
        lambda: BEIJING.unofficial_years(moment, moment),
    ):
        with pytest.raises(YearOutOfRange, match=years):
            ask()


def test_a_due_date_beyond_those_years_is_refused() -> None:
    once = calendar({}, overrides=[override("2026-01-01", ["08:00-09:00"])])

    assert once.add(at("2026-01-01T00:00"), hours(1)) == at("2026-01-01T09:00")
    with pytest.raises(YearOutOfRange, match=str(LAST_YEAR + 1)):
        once.add(at("2026-01-01T00:00"), hours(1) + timedelta(microseconds=1))
    with pytest.raises(YearOutOfRange, match=str(FIRST_YEAR - 1)):
        once.subtract(at("2026-01-01T00:00"), hours(1))


def test_a_negative_length_and_a_time_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        BEIJING.add(at("2026-01-01T00:00"), hours(-1))
    with pytest.raises(ValueError, match="not negative"):
        BEIJING.subtract(at("2026-01-01T00:00"), hours(-1))
    with pytest.raises(ValueError, match="has no zone"):
        BEIJING.add(datetime(2026, 1, 1), hours(1))


# --- what always holds --------------------------------------------------------------------------------------------

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


def test_a_calendar_is_the_same_after_a_round_trip_through_json() -> None:
    original = CalendarSpec.model_validate(
        spec(OFFICE, holidays="CN", overrides=[override("2026-10-01", ["20:00-02:00"])])
    )

    assert CalendarSpec.model_validate_json(original.model_dump_json()) == original
