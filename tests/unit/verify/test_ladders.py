"""When a rung is due, what it says and at which level, as a policy's author reads the pack."""

from __future__ import annotations

import pytest

from closedloop.verify.ladders import Ladder, Rung, Step
from closedloop.verify.lengths import HOUR, Length, span_ms
from closedloop.verify.records import Target

LADDER = Ladder((Step(75, 0), Step(100, 1), Step(125, 2)), every=Length(24 * HOUR))
ANSWER = Target("answer", 0, 72 * HOUR, 1)


@pytest.mark.parametrize(
    ("number", "kind", "hours"),
    [
        pytest.param(1, "DeadlineApproaching", 54, id="warned at 75 %"),
        pytest.param(2, "DeadlineBreached", 72, id="breached at 100 %"),
        pytest.param(3, "ComplaintEscalated", 90, id="escalated at 125 %"),
        pytest.param(4, "ComplaintEscalated", 114, id="reminded a day later"),
        pytest.param(6, "ComplaintEscalated", 162, id="reminded every day"),
    ],
)
def test_each_rung_has_its_time(number: int, kind: str, hours: int) -> None:
    rung = LADDER.rung(number, ANSWER, 0)

    assert rung is not None
    assert (rung.kind, rung.due) == (kind, hours * HOUR)


def test_a_reopened_complaint_climbs_as_far_as_the_ladder_goes() -> None:
    assert [rung.level for n in (1, 2, 3) if (rung := LADDER.rung(n, ANSWER, 1))] == [1, 2, 2]


def test_a_ladder_without_reminder_ends() -> None:
    assert Ladder(LADDER.steps, None).rung(4, ANSWER, 0) is None


def test_a_fraction_of_a_millisecond_is_never_early() -> None:
    assert LADDER.rung(1, Target("answer", 0, 101, 1), 0) == Rung("DeadlineApproaching", 76, 0, 1)


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24), ("3d", 72), ("PT24H", 24), ("P3D", 72), ("P1W", 168), ("PT1H30M", 1.5)]
)
def test_a_length_of_time_may_be_short_or_iso_8601(text: str, hours: float) -> None:
    assert span_ms(text) == hours * HOUR


@pytest.mark.parametrize("text", ["", "24", "h", "-24h", "tomorrow"])
def test_a_length_of_time_without_a_unit_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        span_ms(text)
