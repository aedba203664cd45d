"""Lengths in days: from the moment, the opening or the next day; to the same time, a close or the end of a day."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from schemas.facts import Pause
from schemas.lengths import Length, many
from schemas.policy import PolicyPack
from services.shared.timing.counting import End, backwards, ending, further, next_opening, until
from services.shared.timing.worktime import YearOutOfRange
from tests.builders import pack

LENGTH: TypeAdapter[Length] = TypeAdapter(Length)
BOSTON = {"version": "1", "zone": "America/New_York", "hours": {"mon-fri": ["08:30-17:00"]}}
OFFICE = {"version": "1", "zone": "Europe/London", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "GB-ENG"}
NIGHT = {"version": "1", "zone": "Europe/London", "hours": {"mon-fri": ["22:00-06:00"]}}
CANBERRA = {"version": "1", "zone": "Australia/Canberra", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "AU-ACT"}

PROMISES: dict[str, Any] = {
    "Unsatisfactory Utilities - Electrical  Plumbing": "90d",
    "Improper Storage of Trash (Barrels)": {"working_days": 2},
    "Knockdown Replacement": "60d",
    "Ground Maintenance": {"working_days": 5},
    "Rodent Activity": "30d",
    "Poor Conditions of Property": {"working_days": 3},
    "New Sign  Crosswalk or Pavement Marking": "30d",
    "Short Term Rental": {"working_days": 30},
    "Street Light Outages": {"working_days": 10},
    "Graffiti Removal": {"working_days": 45},
    "Electrical": {"working_days": 5},
    "PWD Graffiti": {"working_days": 5},
    "Traffic Signal Inspection": "1d",
    "Sign Repair": {"working_days": 10},
    "Pest Infestation - Residential": "120d",
    "Request for Recycling Cart": "3w",
    "General Lighting Request": "45d",
    "Abandoned Vehicles": {"working_days": 12},
    "Unsatisfactory Living Conditions": "120d",
    "General Comments For a Program or Policy": "14d",
    "*": {"working_days": 1},
}


def by(calendar: dict[str, Any] | None, **more: Any) -> PolicyPack:
    """The town's pack with one calendar for all."""
    named = {"calendar": "office", "calendars": {"office": calendar}} if calendar else {}
    return pack(**named, **more)


def wall(text: str, zone: str = "Europe/London", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def ends(calendar: dict[str, Any] | None, length: Any, start: str, **more: Any) -> str:
    """Where a length ends, by the wall clock of the calendar."""
    zone = calendar["zone"] if calendar else more.get("zone", "UTC")
    due_at = until(by(calendar, **more), LENGTH.validate_python(length), "water", wall(start, zone))
    return f"{due_at.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}"


def test_every_date_that_boston_published_comes_out_to_the_minute_from_one_pack() -> None:
    routes = [{"category": [category], "department": "water", "plan": str(n)} for n, category in enumerate(PROMISES)]
    plans = {str(n): {"targets": {"answer": one}, "ladder": "standard"} for n, one in enumerate(PROMISES.values())}
    policy = by(BOSTON, routes=routes, plans=plans)
    rows = [*csv.DictReader(Path(__file__).with_name("boston311.csv").open(encoding="utf-8"))]

    wrong = []
    for row in rows:
        opened, published = (wall(row[name], BOSTON["zone"]) for name in ("opened", "due"))
        route = policy.route(row["type"], None)
        assert route is not None
        due_at = until(policy, policy.at(f"/plans/{route.plan}/targets/answer"), "water", opened)
        wrong += [row] if abs(due_at - published) >= timedelta(minutes=1) else []

    assert (len(rows), wrong) == (89, [])


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2022-01-03 10:41:29", {"working_days": 1}, "Tue 01-04 10:41"),
        ("2022-01-01 09:17:38", {"working_days": 1}, "Tue 01-04 08:30"),
        ("2022-01-01 23:46:09", {"working_days": 10}, "Mon 01-17 08:30"),
        ("2022-01-01 00:16:00", "90d", "Fri 04-01 00:16"),
    ],
)
def test_days_are_not_hours(start: str, length: Any, end: str) -> None:
    assert ends(BOSTON, length, start) == end


MONTH = {"days": 30, "ends": "end_of_day", "closed_last_day": "next_open"}
RECEIVED_BY_FOUR = {"days": 19, "cut_off": "16:00", "ends": "end_of_day", "closed_last_day": "next_open"}


def test_a_last_day_that_is_closed_runs_to_the_end_of_the_next_open_one() -> None:
    assert ends(CANBERRA, MONTH, "2026-11-26 10:00") == "Wed 12-30 00:00"  # the end of Tuesday the 29th


def test_an_extension_counts_from_the_date_before_it_was_moved_to_an_open_day() -> None:
    policy, length = by(OFFICE), LENGTH.validate_python(RECEIVED_BY_FOUR)

    first = ending(policy, length, "water", wall("2027-03-09 16:30"))
    extended = further(policy, LENGTH.validate_python({**MONTH, "days": 14}), "water", first.counted_to)

    assert first.due_at == wall("2027-03-31 00:00")  # the end of Tuesday, Easter Monday is the 29th
    assert first.counted_to == wall("2027-03-30 00:00")
    assert extended.due_at == wall("2027-04-13 00:00")  # the end of Monday the 12th, 33 days after the 10th of March


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-09-07 15:59", {"days": 1, "cut_off": "16:00"}, "Tue 09-08 15:59"),
        ("2026-09-07 16:00", {"days": 1, "cut_off": "16:00"}, "Wed 09-09 00:00"),
        ("2026-09-07 16:00", {"working_days": 1, "cut_off": "16:00"}, "Wed 09-09 09:00"),
        ("2026-09-11 16:00", {"working_days": 1, "cut_off": "16:00"}, "Tue 09-15 09:00"),
        ("2026-09-11 10:00", {"working_days": 1, "counted_from": "next_day"}, "Tue 09-15 00:00"),
        ("2026-09-11 10:00", {"working_days": 1, "counted_from": "next_day", "ends": "close"}, "Mon 09-14 17:00"),
        ("2026-09-12 10:00", {"working_days": 1, "counted_from": "moment"}, "Mon 09-14 10:00"),
        ("2026-09-11 10:00", {"days": 3, "counted_from": "next_day"}, "Tue 09-15 00:00"),
        ("2026-09-07 10:00", {"days": 3, "ends": "12:30"}, "Thu 09-10 12:30"),
        ("2026-09-07 10:00", {"days": 5, "ends": "close", "closed_last_day": "next_open"}, "Mon 09-14 17:00"),
        ("2026-09-07 10:00", {"days": 5, "closed_last_day": "next_open"}, "Mon 09-14 10:00"),
        ("2026-09-07 10:00", {"days": 5}, "Sat 09-12 10:00"),
        ("2026-09-07 10:00", {"days": 0, "ends": "end_of_day"}, "Tue 09-08 00:00"),
        ("2026-09-07 10:00", {"days": 0, "ends": "09:00"}, "Mon 09-07 10:00"),
        ("2026-09-12 10:00", {"working_days": 0, "ends": "close"}, "Mon 09-14 17:00"),
        ("2026-12-23 12:00", {"working_days": 3}, "Wed 12-30 12:00"),
        ("2026-09-11 10:00", {"days": 2, "counted_from": "opening"}, "Sun 09-13 10:00"),
        ("2026-09-11 18:00", {"days": 2, "counted_from": "opening"}, "Wed 09-16 09:00"),
        ("2026-09-11 10:00", {"earlier_of": [{"working_days": 3}, "4d"]}, "Tue 09-15 10:00"),
        ("2026-09-11 10:00", {"later_of": [{"working_days": 3}, "4d", {"working": "4h"}]}, "Wed 09-16 10:00"),
    ],
)
def test_days_are_counted_as_the_rule_says(start: str, length: Any, end: str) -> None:
    assert ends(OFFICE, length, start) == end


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    assert ends(NIGHT, {"working_days": 1}, "2026-09-08 02:00") == "Wed 09-09 02:00"  # from Monday's to Tuesday's
    assert ends(NIGHT, {"working_days": 1}, "2026-09-12 02:00") == "Tue 09-15 02:00"  # from Friday's to Monday's
    assert ends(NIGHT, {"working_days": 1, "ends": "close"}, "2026-09-08 12:00") == "Thu 09-10 06:00"


def test_a_day_keeps_its_clock_time_when_clocks_change() -> None:
    assert ends(OFFICE, "1d", "2026-03-28 12:00") == "Sun 03-29 12:00"
    assert ends(OFFICE, "1d", "2026-03-28 01:30") == "Sun 03-29 02:00", "the clock skips that time"
    twice = until(by(OFFICE), LENGTH.validate_python("1d"), "water", wall("2026-10-24 01:30"))
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "of a time that is shown twice it is the first"


def test_three_days_are_seventy_two_hours_where_no_zone_is_named_and_three_local_days_where_one_is() -> None:
    start = "2026-03-28 12:00"

    assert ends(None, "3d", start) == ends(None, "72h", start) == "Tue 03-31 12:00"
    assert ends(None, "3d", start, zone="Europe/London") == "Tue 03-31 12:00"
    assert ends(None, "72h", start, zone="Europe/London") == "Tue 03-31 13:00"


def test_three_days_of_iso_8601_are_hours_as_in_every_pack_that_is_published() -> None:
    assert LENGTH.validate_python("P3D") == timedelta(hours=72)
    assert LENGTH.dump_json(LENGTH.validate_python("P3D")) == b'"P3D"'
    assert LENGTH.dump_json(LENGTH.validate_python("3d")) == b'{"days":3}'


def paused(length: Any, start: str, *pauses: tuple[str, str]) -> End:
    waits = [Pause(starts_at=wall(begins), ends_at=wall(ends), reason="parts") for begins, ends in pauses]
    return ending(by(OFFICE), LENGTH.validate_python(length), "water", wall(start), waits)


def test_a_pause_adds_what_would_have_counted_and_the_day_ends_as_the_rule_says() -> None:
    monday = "2026-09-07 10:00"

    assert paused("3d", monday, ("2026-09-08 10:00", "2026-09-08 16:00")).due_at == wall("2026-09-10 16:00")
    assert paused({"working_days": 3}, monday, ("2026-09-08 16:00", "2026-09-09 10:00")).due_at == wall(
        "2026-09-10 12:00"
    )
    whole = {"days": 3, "ends": "end_of_day"}
    assert paused(whole, monday, ("2026-09-08 10:00", "2026-09-08 16:00")).due_at == wall("2026-09-11 00:00")
    assert paused(whole, monday, ("2026-09-08 10:00", "2026-09-09 10:00")).due_at == wall("2026-09-12 00:00")


def test_a_closed_last_day_is_moved_anew_after_a_pause() -> None:
    rolled = {"days": 5, "ends": "end_of_day", "closed_last_day": "next_open"}
    a_day = ("2026-09-08 10:00", "2026-09-09 10:00")

    assert paused(rolled, "2026-09-07 10:00").counted_to == wall("2026-09-13 00:00")
    assert paused(rolled, "2026-09-07 10:00", a_day) == End(wall("2026-09-15 00:00"), wall("2026-09-14 00:00"), None)
    assert paused(rolled, "2026-09-07 10:00", a_day, ("2026-09-09 10:00", "2026-09-11 10:00")).due_at == wall(
        "2026-09-16 00:00"
    )


@pytest.mark.parametrize(
    ("date", "length", "moment"),
    [
        ("2026-09-14 10:00", {"working_days": 1}, "2026-09-11 10:00"),
        ("2026-09-14 10:00", "1d", "2026-09-13 10:00"),
        ("2026-09-15 00:00", {"working_days": 1}, "2026-09-12 00:00"),
        ("2026-09-14 10:00", {"working": "2h"}, "2026-09-11 16:00"),
        ("2026-09-14 10:00", {"earlier_of": ["2d", {"working_days": 1}]}, "2026-09-11 10:00"),
    ],
)
def test_a_length_before_a_date_is_counted_backwards(date: str, length: Any, moment: str) -> None:
    assert backwards(by(OFFICE), LENGTH.validate_python(length), "water", wall(date)) == wall(moment)


def test_a_working_day_on_from_the_close_of_business_is_the_next_close() -> None:
    friday = wall("2026-09-11 17:00")

    assert further(by(OFFICE), LENGTH.validate_python({"working_days": 1}), "water", friday).due_at == wall(
        "2026-09-14 17:00"
    )
    assert next_opening(by(OFFICE), "water", friday) == wall("2026-09-14 09:00")
    assert next_opening(by(OFFICE), "water", wall("2026-09-11 12:00")) == wall("2026-09-11 12:00")


@pytest.mark.parametrize("length", [{"working_days": 9}, {"working": "30h"}])
def test_what_stands_before_the_years_that_calendars_know_stands_at_their_beginning(length: Any) -> None:
    early = wall("2010-01-05 10:00")

    assert backwards(by(OFFICE), LENGTH.validate_python(length), "water", early) == datetime(2010, 1, 1, tzinfo=UTC)


def test_so_many_times_a_length_is_so_many_times_each_number_in_it() -> None:
    length = LENGTH.validate_python({"earlier_of": [{"working_days": 2}, "3d", {"working": "4h"}, "5h"]})

    assert many(length, 3) == LENGTH.validate_python(
        {"earlier_of": [{"working_days": 6}, "9d", {"working": "12h"}, "15h"]}
    )


def test_working_days_are_counted_in_the_years_that_calendars_know() -> None:
    with pytest.raises(YearOutOfRange):
        ends(OFFICE, {"working_days": 300}, "2040-02-01 10:00")
    with pytest.raises(YearOutOfRange):
        ends(OFFICE, {"working_days": 3}, "2009-12-24 10:00")


def test_a_clock_time_that_is_skipped_ends_at_the_very_moment_of_the_jump() -> None:
    received = datetime(2012, 3, 22, 1, 14, 13, 999_000, tzinfo=UTC)

    assert until(by(OFFICE), LENGTH.validate_python("3d"), "water", received) == datetime(2012, 3, 25, 1, tzinfo=UTC)
