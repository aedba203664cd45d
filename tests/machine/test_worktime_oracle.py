"""What calendars say is what counting minute by minute says: in 20 zones, at clock changes, leap days, year's ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import Calendar, Segment
from tests.unit.shared.any_calendar import ZONES, first_days, raw_calendar
from tests.unit.shared.minute_oracle import DAY, Window

YEARS = range(2010, 2036)
WINDOW = 5 * DAY


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
