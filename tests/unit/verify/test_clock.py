"""How append times become the time that the rules know."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from closedloop.verify.pack.clock import Clock, to_ms, to_text

FAST = Clock(v0=datetime(2026, 3, 2, tzinfo=UTC), r0=datetime(2026, 11, 22, tzinfo=UTC), rate=3600)


def test_in_production_both_times_are_the_same() -> None:
    assert Clock().virtual(1_234) == 1_234


def test_an_hour_passes_in_a_second() -> None:
    second_later = to_ms(FAST.r0) + 1_000

    assert to_text(FAST.virtual(second_later)) == "2026-03-02T01:00:00.000Z"


def test_a_virtual_moment_has_its_real_one() -> None:
    assert FAST.real(FAST.virtual(1_764_000_000_123)) == 1_764_000_000_123


def test_a_fast_clock_does_not_round_the_moment_it_began() -> None:
    begun = datetime(2026, 11, 22, microsecond=400, tzinfo=UTC)

    assert Clock(FAST.v0, begun, 1_000_000).virtual(to_ms(FAST.r0) + 1) == to_ms(FAST.v0) + 600_000


def test_a_clock_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    path.write_text('{"v0": "2026-03-02T00:00:00+00:00", "r0": "2026-11-22T00:00:00Z", "rate": 3600}')

    assert Clock.read(path) == FAST


def test_a_moment_without_a_time_zone_is_none() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_ms("2026-03-02T00:00:00")


def test_a_clock_that_was_stopped_stands_still() -> None:
    numbers = {"v0": "2026-09-14T00:00:00+00:00", "r0": "2026-01-01T00:00:00+00:00", "rate": 3600}
    until = "2026-09-14T10:00:00+00:00"
    clock = Clock.of({**numbers, "until": until})

    assert clock.virtual(to_ms("2026-01-01T00:00:09Z")) == to_ms("2026-09-14T09:00:00Z")
    assert clock.virtual(to_ms("2027-01-01T00:00:00Z")) == to_ms(until)
