"""Calendars that cannot be meant, and questions that calendars do not answer, are refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import FIRST_YEAR, LAST_YEAR, YearOutOfRange
from tests.unit.shared.calendars import BEIJING, OFFICE, at, calendar, hours, override, spec


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
        pytest.param(spec(OFFICE, holidays="US-New York"), "US-New York is no authority", id="a part by its name"),
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
    "moment",
    [
        datetime(FIRST_YEAR - 1, 12, 31, tzinfo=UTC),
        datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=ZoneInfo("America/New_York")),
    ],
)
def test_a_year_in_which_calendars_do_not_count_is_refused_with_those_in_which_they_do(moment: datetime) -> None:
    span, years = hours(1), f"in the years {FIRST_YEAR} to {LAST_YEAR}"

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
