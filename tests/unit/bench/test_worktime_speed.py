"""Working time is added fast enough that nobody has to keep a result."""

from __future__ import annotations

from closedloop.bench import worktime
from closedloop.bench.sizes import REDUCED


def test_thirty_working_days_are_added_within_twenty_microseconds() -> None:
    found = worktime.measure(REDUCED)

    assert found["us_per_addition"] <= found["target_us"]
