"""When the curtain falls: not by how fast the machine is, but by what has come to its end."""

from datetime import timedelta

import pytest

from closedloop.demo.play import CURTAIN, LIMIT, STALLED_S, is_over

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "ended", "is_all_sent", "stalled_s", "over"),
    [
        (11 * DAY, 1.0, True, 0, True),
        (11 * DAY, 0.97, True, 0, False),
        (CURTAIN, 0.95, True, 0, True),
        (CURTAIN, 0.94, True, 0, False),
        (CURTAIN, 0.95, False, 0, False),
        (LIMIT, 0.5, True, 0, False),
        (3 * LIMIT, 0.5, False, STALLED_S - 1, False),
        (LIMIT, 0.5, False, STALLED_S, True),
        (LIMIT - DAY, 0.5, False, STALLED_S, False),
    ],
)
def test_the_curtain_falls_when_enough_have_ended_or_when_no_more_of_them_end(
    since: timedelta, ended: float, is_all_sent: bool, stalled_s: float, over: bool
) -> None:
    assert is_over(since, ended, is_all_sent, stalled_s) is over
