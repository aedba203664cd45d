"""Calendars by chance, in zones whose clocks and holidays differ, and the days at which to look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from schemas.calendars import CalendarSpec
from tests.unit.shared.minute_oracle import DAY, NAMES, days_off, days_on

ZONES: list[tuple[str, str | None]] = [
    ("Asia/Shanghai", "CN"),
    ("Asia/Hong_Kong", "HK"),
    ("Asia/Tokyo", "JP"),
    ("Asia/Kathmandu", None),  # 5:45 hours ahead
    ("Asia/Tehran", None),  # its clocks changed at midnight, until 2022
    ("Asia/Beirut", None),  # the change in autumn leads back into the day before
    ("Europe/Moscow", "RU"),  # make-up days of its own
    ("Europe/London", "GB-ENG"),
    ("Europe/Dublin", "IE"),
    ("Africa/Casablanca", None),  # up to four changes a year
    ("Antarctica/Troll", None),  # changes by two hours
    ("America/New_York", "US-NY"),
    ("America/St_Johns", "CA-NL"),
    ("America/Havana", None),  # midnight is shown twice
    ("America/Caracas", "VE"),  # half an hour ahead for good in 2016
    ("America/Sao_Paulo", "BR"),  # had no midnight in spring, until 2018
    ("America/Santiago", "CL"),
    ("Australia/Lord_Howe", "AU-NSW"),  # changes by half an hour
    ("Pacific/Chatham", "NZ"),  # 12:45 and 13:45 hours ahead
    ("Pacific/Apia", "WS"),
]

WEEKS: list[dict[str, list[str]]] = [
    {"mon-fri": ["08:30-12:00", "14:00-18:00"]},
    {"mon-fri": ["09:00-17:30"], "sat": ["10:00-13:15"]},
    {"mon-sun": ["00:00-24:00"]},
    {"mon-sun": ["22:00-06:00"]},
    {"mon-sun": ["00:15-01:45", "02:15-03:05", "23:30-00:10"]},
    {"tue-sun": ["00:00-01:00", "01:00-02:00", "02:00-03:00", "20:00-24:00"]},
    {"sat-mon": ["01:30-02:30"], "thu": ["18:00-17:00"]},
]


def raw_calendar(zone: str, authority: str | None, around: date, dice: Random) -> dict[str, Any]:
    """A calendar of this zone, with overrides around a day and sometimes a list of its own."""
    hours = dice.choice([*WEEKS, {"wed-sun": broken_day(dice), "mon": ["07:07-07:08"]}])
    open_days = [name for name in NAMES if hours_on(hours, name)]
    days = dice.sample([around + n * DAY for n in range(-1, 6)], dice.randint(0, 2))
    overrides = [
        {"date": day.isoformat(), "open": dice.choice(["closed", broken_day(dice)]), "reason": "-", "authority": "-"}
        for day in days
    ]
    raw = {"version": "1", "zone": zone, "hours": hours, "overrides": overrides, "makeup_hours": dice.choice(open_days)}
    if authority:
        raw["holidays"] = authority
        if dice.random() < 0.2:
            raw["weekends_in_breaks"] = "open"
        if dice.random() < 0.2:
            off, on = (date(around.year, around.month, n) for n in dice.sample(range(1, 28), 2))
            listed = {"year": around.year, "source": "-", "holidays": {off.isoformat(): "-"}}
            raw["official"] = [{**listed, "workdays": [on.isoformat()]}]
    return raw


def hours_on(hours: dict[str, list[str]], name: str) -> bool:
    spec = CalendarSpec(version="1", zone="UTC", hours=hours)
    return bool(spec.week[NAMES.index(name)])


def broken_day(dice: Random) -> list[str]:
    """Up to three stretches with odd bounds, most of them in the night, where clocks change."""
    night = dice.sample(range(240), 4)
    day = dice.sample(range(240, 1440), 2)
    bounds = [f"{n // 60:02}:{n % 60:02}" for n in sorted([*night, *day])]
    return [f"{a}-{b}" for a, b in zip(bounds[::2], bounds[1::2], strict=True)]


def first_days(zone: str, authority: str | None, year: int, dice: Random) -> Iterator[date]:
    """Where to look: before each change of the clocks, the leap day, the year's end, make-up days or holidays."""
    noons = [datetime(year, 1, 2, 12, tzinfo=UTC) + n * DAY for n in range(360)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    for noon, before, after in zip(noons, offsets, offsets[1:], strict=False):
        if before != after:
            yield noon.date() - dice.randint(1, 3) * DAY
    if year % 4 == 0:
        yield date(year, 2, 27)
    yield date(year, 12, 29)
    if authority is None:
        return
    special = [day for day in days_on(authority, year) if day.year == year] or [*days_off(authority, year)]
    yield dice.choice(sorted(special)) - dice.randint(1, 3) * DAY
