"""What lengths in days come to is what ticking days off comes to: in 20 zones, around every change of the clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.facts import Pause
from schemas.lengths import Length, many
from schemas.policy import PolicyPack
from services.shared.timing import counting
from tests.builders import pack
from tests.unit.shared.any_calendar import ZONES, first_days, raw_calendar
from tests.unit.shared.any_length import KINDS, a_moment, any_length, some_pauses
from tests.unit.shared.day_oracle import DayWalk

YEARS = range(2010, 2036)
LENGTH: TypeAdapter[Any] = TypeAdapter(Length)
WHO = "power"
FIRST = date(2010, 1, 4)
"""Around the days up to here, what counts may lie before the years that calendars know."""


def compare(zone: str, authority: str | None, year: int, count: int) -> tuple[Counter[str], list[str]]:
    """Cases by kind, and mismatches, of one zone and year; the same ones every time."""
    dice, cases, found = Random(f"days {zone} {year}"), Counter[str](), []
    for first in first_days(zone, authority, year, dice):
        if first <= FIRST:
            continue
        raw = raw_calendar(zone, authority, first, dice)
        policy, walk = a_pack(raw), DayWalk(raw)
        for kind in KINDS * count:
            start, length = a_moment(first, walk, dice), any_length(kind, dice)
            cases[kind] += 1
            found += [
                f"{start} {text}, of {length} in {raw}" for text in differences(policy, walk, start, length, dice)
            ]
    return cases, found


def differences(policy: PolicyPack, walk: DayWalk, start: datetime, length: Any, dice: Random) -> Iterator[str]:
    said: Any = LENGTH.validate_python(length)
    times = dice.choice([1, 1, 1, 2])
    right = walk.end(length, start, times=times)
    end = counting.ending(policy, many(said, times), WHO, start)
    if (end.due_at, end.counted_to) != right:
        yield f"{times} times {end}, right {right}"
    if (further := counting.further(policy, said, WHO, start)[:2]) != (
        right := walk.end(length, start, from_a_date=True)
    ):
        yield f"from this date {further}, right {right}"
    pauses = some_pauses(start, dice)
    waited = counting.ending(
        policy, said, WHO, start, [Pause(starts_at=a, ends_at=b, reason="visit") for a, b in pauses]
    )
    if waited[:2] != (right := walk.end(length, start, pauses=pauses)):
        yield f"after {pauses} {waited}, right {right}"
    if (opens := counting.next_opening(policy, WHO, start)) != walk.next_opening(start):
        yield f"opens {opens}, right {walk.next_opening(start)}"
    back = any_length(dice.choice(KINDS), dice)
    if walk.wall(start).year > 2010 and (
        (early := counting.backwards(policy, LENGTH.validate_python(back), WHO, start))
        != (before := walk.before(back, start))
    ):
        yield f"{back} before {early}, right {before}"


def a_pack(raw: dict[str, Any]) -> PolicyPack:
    return pack(calendar="office", calendars={"office": raw})


def compared(pairs: list[tuple[tuple[str, str | None], int]], count: int) -> tuple[Counter[str], list[str]]:
    results = [compare(zone, authority, year, count) for (zone, authority), year in pairs]
    return sum((cases for cases, _ in results), Counter()), [text for _, found in results for text in found]


def told(cases: Counter[str], mismatches: list[str]) -> str:
    by_kind = ", ".join(f"{kind} {number:,}" for kind, number in cases.items())
    return f" cases {cases.total():,} ({by_kind}), mismatches {len(mismatches)} "


def test_days_are_counted_as_ticking_them_off_counts_them(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(zone, YEARS[n % len(YEARS)]) for n, zone in enumerate(ZONES)]
    pairs += [(ZONES[0], year) for year in (2018, 2019, 2023, 2025, 2026)]  # make-up days in most weeks looked at

    cases, mismatches = compared(pairs, count=8)

    with capsys.disabled():
        print(told(cases, mismatches), end="")
    assert cases.total() >= 2_000
    assert not mismatches, mismatches[:3]


@pytest.mark.soak
def test_days_are_counted_as_ticking_them_off_does_in_every_zone_and_year(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(zone, year) for zone in ZONES for year in YEARS]

    cases, mismatches = compared(pairs, count=18)

    with capsys.disabled():
        print(told(cases, mismatches), end="")
    assert cases.total() >= 100_000
    assert not mismatches, mismatches[:3]
