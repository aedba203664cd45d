"""A published break is closed from its first day to its last, whatever hours a calendar has on weekends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from closedloop.verify.pack.working import Working
from schemas.calendars import CalendarSpec
from services.shared.timing.worktime.days import day_of
from tests.builders import pack
from tests.unit.shared.calendars import at, calendar, hours, override, spec
from tests.unit.shared.minute_oracle import hours_of

SHOP = {"mon-fri": ["08:30-12:00", "14:00-18:00"], "sat-sun": ["09:00-12:00"]}
DAY = timedelta(days=1)

# Of the yearly notices of the State Council's General Office, 2010 to 2026; the package names none of them.
SATURDAYS = """
2010 01-02 04-03
2011 02-05 04-30 06-04 09-10
2012 01-28 10-06
2013 04-06 09-21 10-05
2014 05-03 10-04
2015 01-03
2016 02-13 06-11 09-17
2017 10-07
2018 04-07 10-06
2019 02-09 04-06 05-04 06-08 09-14 10-05
2020 05-02 06-27
2021 01-02 04-03 06-12
2022 02-05 04-30 06-04 12-31
2023 01-21 04-29 06-24 09-30 12-30
2024 02-17 04-06 05-04 10-05
2025 02-01 04-05 05-03 10-04
2026 01-03 02-21 04-04 06-20 09-26
"""
NOTICED = [
    date.fromisoformat(f"{year}-{day}")
    for year, *days in map(str.split, SATURDAYS.strip().splitlines())
    for day in days
]


def is_open(raw: dict[str, Any], day: date) -> bool:
    """Whether a day has hours; three programs that share no code have to agree."""
    return _agreed(CalendarSpec.model_validate(raw), Working(raw), raw, day)


def _agreed(ours: CalendarSpec, theirs: Working, raw: dict[str, Any], day: date) -> bool:
    services = bool(day_of(ours, day).hours)
    assert services == bool(theirs._hours(day)) == bool(hours_of(raw, day)), (raw, day)
    return services


def test_on_the_53_saturdays_of_published_breaks_a_shop_is_closed() -> None:
    assert len(NOTICED) == 53
    assert [day for day in NOTICED if is_open(spec(SHOP, holidays="CN"), day)] == []


def test_who_works_through_breaks_says_so() -> None:
    raw = spec(SHOP, holidays="CN", weekends_in_breaks="open")

    assert [day for day in NOTICED if not is_open(raw, day)] == []
    assert not is_open(raw, date(2026, 10, 1))


@pytest.mark.parametrize("more", [{}, {"weekends_in_breaks": "open"}], ids=["closed", "open"])
def test_three_programs_agree_on_every_weekend_of_20_years(more: dict[str, Any]) -> None:
    raw = spec(SHOP, holidays="CN", **more)
    ours, theirs = CalendarSpec.model_validate(raw), Working(raw)
    days = (date(2010, 1, 1) + n * DAY for n in range((date(2030, 1, 1) - date(2010, 1, 1)).days))

    counted = [_agreed(ours, theirs, raw, day) for day in days if day.weekday() > 4]

    assert 1_500 < sum(counted) < len(counted)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        pytest.param("2026-10-03", False, id="a Saturday inside 国庆"),
        pytest.param("2026-10-10", True, id="a make-up Saturday"),
        pytest.param("2026-01-04", True, id="a make-up Sunday right after 元旦"),
        pytest.param("2026-02-14", True, id="a make-up Saturday right before 春节"),
        pytest.param("2017-12-30", False, id="a break that begins in the year before its holiday"),
        pytest.param("2026-10-17", True, id="an ordinary Saturday"),
        pytest.param("2025-01-04", True, id="a Saturday after a holiday in mid-week"),
        pytest.param("2015-09-26", True, id="a Saturday before a holiday that is a Sunday and nothing else"),
        pytest.param("2026-09-20", True, id="a make-up Sunday"),
        pytest.param("2026-09-19", True, id="the Saturday before a make-up Sunday"),
    ],
)
def test_a_weekend_day_of_a_chinese_calendar(day: str, opens: bool) -> None:
    assert is_open(spec(SHOP, holidays="CN"), date.fromisoformat(day)) == opens


def test_why_a_weekend_is_closed_is_told_by_the_name_of_the_break() -> None:
    shop = calendar(SHOP, holidays="CN")

    (saturday,) = shop.closures(at("2026-06-20T00:00"), at("2026-06-21T00:00"))

    assert (saturday.why.kind, saturday.why.zh, saturday.why.en) == ("holiday", "端午节", "Dragon Boat Festival")


@pytest.mark.parametrize(("authority", "monday"), [("US", "2026-05-25"), ("GB", "2026-05-04"), ("JP", "2026-01-12")])
def test_where_single_days_are_published_the_weekend_beside_them_keeps_its_hours(authority: str, monday: str) -> None:
    raw = spec(SHOP, "UTC", holidays=authority)
    day = date.fromisoformat(monday)

    assert [is_open(raw, day + n * DAY) for n in (-2, -1, 0)] == [True, True, False]


def test_a_list_that_the_calendar_brings_along_names_every_day_itself() -> None:
    listed = {"year": 2027, "source": "-", "holidays": {"2027-10-01": "国庆节", "2027-10-02": "国庆节"}}
    raw = spec(SHOP, holidays="CN", official=[listed])

    days = [date(2027, 10, 1), date(2027, 10, 2), date(2027, 10, 3), date(2027, 10, 4)]
    assert [is_open(raw, day) for day in days] == [False, False, True, True]


def test_an_override_opens_a_day_of_a_break() -> None:
    duty = calendar(SHOP, holidays="CN", overrides=[override("2026-06-20", ["10:00-12:00"])])

    assert duty.between(at("2026-06-19T00:00"), at("2026-06-22T00:00")) == hours(2)


def test_a_pack_that_says_nothing_of_breaks_keeps_the_hash_it_had() -> None:
    office = spec(SHOP, holidays="CN")
    silent, said, through = (
        pack(calendar="office", calendars={"office": {**office, **more}})
        for more in ({}, {"weekends_in_breaks": "closed"}, {"weekends_in_breaks": "open"})
    )

    assert "weekends_in_breaks" not in silent.model_dump_json()
    assert silent.hash == said.hash != through.hash
