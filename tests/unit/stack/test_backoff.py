"""How long a part that keeps ending waits before it is started again."""

import pytest

from closedloop.stack import backoff


@pytest.mark.parametrize(
    ("failures_in_a_row", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (5_000, 30.0)]
)
def test_each_failure_in_a_row_doubles_the_wait_up_to_half_a_minute(failures_in_a_row: int, seconds: float) -> None:
    assert backoff.delay_seconds(failures_in_a_row) == seconds


def test_a_part_that_worked_for_a_while_starts_again_from_the_shortest_wait() -> None:
    assert backoff.failures_after(failures_in_a_row=6, worked_seconds=11.0) == 1


def test_a_part_that_ends_soon_after_it_was_ready_waits_longer_each_time() -> None:
    assert backoff.failures_after(failures_in_a_row=6, worked_seconds=2.0) == 7
