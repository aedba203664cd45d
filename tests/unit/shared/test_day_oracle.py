"""Ticking days off comes to the dates that people counted by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.shared.day_oracle import DayWalk

BOSTON = {"version": "1", "zone": "America/New_York", "hours": {"mon-fri": ["08:30-17:00"]}}
CANBERRA = {"version": "1", "zone": "Australia/Canberra", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "AU-ACT"}
ENGLAND = {"version": "1", "zone": "Europe/London", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "GB-ENG"}
BEIJING = {"version": "1", "zone": "Asia/Shanghai", "hours": {"mon-fri": ["08:30-12:00", "14:00-18:00"]}}
TO_THE_END = {"ends": "end_of_day", "closed_last_day": "next_open"}
BY_FOUR = {**TO_THE_END, "cut_off": "16:00"}


@pytest.mark.parametrize(
    ("calendar", "length", "start", "due"),
    [
        (BOSTON, {"working_days": 1}, "2022-01-03 10:41:29", "2022-01-04 10:41:29"),
        (BOSTON, {"working_days": 1}, "2022-01-01 09:17:38", "2022-01-04 08:30"),
        (BOSTON, {"working_days": 10}, "2022-01-01 23:46:09", "2022-01-17 08:30"),
        (BOSTON, {"days": 90}, "2022-01-01 00:16", "2022-04-01 00:16"),
        (CANBERRA, {"days": 30, **TO_THE_END}, "2026-11-26 10:00", "2026-12-30 00:00"),
        (ENGLAND, {"days": 19, **BY_FOUR}, "2027-03-09 16:30", "2027-03-31 00:00"),
        (ENGLAND, {"days": 33, **BY_FOUR}, "2027-03-09 16:30", "2027-04-13 00:00"),
        ({**BEIJING, "holidays": "CN"}, {"working_days": 3, "ends": "close"}, "2026-09-28 09:00", "2026-10-08 18:00"),
        (BEIJING, {"working_days": 2, "counted_from": "next_day"}, "2026-09-25 09:00", "2026-09-30 00:00"),
        (BEIJING, {"later_of": [{"days": 2}, {"working_days": 1}]}, "2026-09-25 09:00", "2026-09-28 09:00"),
    ],
)
def test_days_end_where_a_person_with_a_calendar_says(
    calendar: dict[str, Any], length: dict[str, Any], start: str, due: str
) -> None:
    zone = ZoneInfo(calendar["zone"])

    end = DayWalk(calendar).end(length, datetime.fromisoformat(start).replace(tzinfo=zone))

    assert end.promised == datetime.fromisoformat(due).replace(tzinfo=zone)


def test_a_pause_of_two_working_days_moves_a_close_by_two_working_days() -> None:
    zone = ZoneInfo(BOSTON["zone"])
    saturday, monday, wednesday = (datetime(2026, 9, day, 8, tzinfo=zone) for day in (5, 7, 9))
    walk = DayWalk(BOSTON)

    plain = walk.end({"working_days": 5, "ends": "close"}, saturday).promised
    waited = walk.end({"working_days": 5, "ends": "close"}, saturday, pauses=[(monday, wednesday)]).promised

    assert (plain.astimezone(zone).day, waited.astimezone(zone).day) == (14, 16)
