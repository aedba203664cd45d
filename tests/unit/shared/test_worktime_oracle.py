"""What calendars say is what counting minute by minute says: in 20 zones, at clock changes, leap days, year's ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import Calendar, Segment
from tests.unit.shared.minute_oracle import DAY, NAMES, Window, days_off, days_on

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
YEARS = range(2015, 2036)
WINDOW = 5 * DAY

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


def moments(window: Window, edges: list[datetime], dice: Random, count: int) -> Iterator[tuple[datetime, datetime]]:
    """Pairs of moments: anywhere, to the second or finer, or just where something opens or closes."""
    length = (window.end - window.start).total_seconds()

    def one() -> datetime:
        if edges and dice.random() < 0.3:
            return dice.choice(edges)
        return window.start + timedelta(seconds=dice.randrange(int(length)), milliseconds=dice.choice([0, 0, 1, 999]))

    for _ in range(count):
        a, b = sorted([one(), one()])
        yield (a, a) if dice.random() < 0.05 else (a, b)


def differences(calendar: Calendar, window: Window, a: datetime, b: datetime) -> Iterator[str]:
    """Where the two disagree over a pair of moments."""
    worked = window.between(a, b)
    if calendar.between(a, b) != worked:
        yield f"between: {calendar.between(a, b)}, by minutes {worked}"
    if (found := calendar.add(a, worked)) != (wanted := window.add(a, worked)):
        yield f"add {worked}: {found}, by minutes {wanted}"
    if (found := calendar.subtract(b, worked)) != (wanted := window.subtract(b, worked)):
        yield f"subtract {worked}: {found}, by minutes {wanted}"
    if window.between(a, window.end) and (found := calendar.next_opening(a)) != (wanted := window.next_opening(a)):
        yield f"next opening: {found}, by minutes {wanted}"


def joined(segments: tuple[Segment, ...]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for segment in segments:
        start = found.pop()[0] if found and found[-1][1] == segment.start else segment.start
        found.append((start, segment.end))
    return found


def compare(zone: str, authority: str | None, year: int, count: int) -> tuple[int, list[str]]:
    """Cases and mismatches of one zone and year; the same ones every time."""
    dice, cases, found = Random(f"{zone} {year}"), 0, []
    for first in first_days(zone, authority, year, dice):
        raw = raw_calendar(zone, authority, first, dice)
        calendar, window = Calendar(CalendarSpec.model_validate(raw)), Window(raw, first, first + WINDOW)
        openings, stretches = calendar.segments(window.start, window.end), window.stretches()
        if joined(openings) != stretches:
            found.append(f"segments from {first} of {raw}")
        whole = sorted([*openings, *calendar.closures(window.start, window.end)], key=lambda s: s.start)
        if joined(tuple(whole)) != [(window.start, window.end)]:
            found.append(f"closures from {first} of {raw}")
        edges = [edge for stretch in stretches for edge in stretch if edge < window.end]
        for a, b in moments(window, edges, dice, count):
            cases += 1
            found += [f"{a} {b} {text} of {raw}" for text in differences(calendar, window, a, b)]
    return cases, found


def compared(pairs: list[tuple[tuple[str, str | None], int]], count: int) -> tuple[int, list[str]]:
    results = [compare(zone, authority, year, count) for (zone, authority), year in pairs]
    return sum(cases for cases, _ in results), [text for _, found in results for text in found]


def test_calendars_count_as_minutes_do(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(zone, YEARS[n % len(YEARS)]) for n, zone in enumerate(ZONES)]
    pairs += [(ZONES[0], year) for year in (2018, 2019, 2023, 2025, 2026)]  # make-up days in most weeks looked at

    cases, mismatches = compared(pairs, count=30)

    with capsys.disabled():
        print(f" cases {cases:,}, mismatches {len(mismatches)} ", end="")
    assert cases >= 2_000
    assert not mismatches, mismatches[:3]


@pytest.mark.soak
def test_calendars_count_as_minutes_do_in_every_zone_and_year(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(zone, year) for zone in ZONES for year in YEARS]

    cases, mismatches = compared(pairs, count=90)

    with capsys.disabled():
        print(f" cases {cases:,}, mismatches {len(mismatches)} ", end="")
    assert cases >= 100_000
    assert not mismatches, mismatches[:3]
