"""When a rung is due, what it says and at which level, as a policy's author reads the pack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closedloop.verify.pack.ladders import Ladder, Rung, Step
from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, HOUR, Awake, Length, Pause, Target, span_ms
from closedloop.verify.pack.working import Working

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


def test_a_pause_does_not_count_for_any_rung() -> None:
    waited = ANSWER._replace(due=82 * HOUR, pauses=(Pause(10 * HOUR, 20 * HOUR, "customer"),))
    counts = Awake(ALL_OF_THE_TIME, waited.pauses)

    rungs = [LADDER.rung(number, waited, 0, counts) for number in (1, 2, 3)]

    assert [rung.due for rung in rungs if rung] == [64 * HOUR, 82 * HOUR, 100 * HOUR]


def test_a_step_after_the_date_has_its_own_length_and_never_stands_below_the_one_before_it() -> None:
    ladder = Ladder((Step(100, 1), Step(150, 2), Step(None, 3, Length(24 * HOUR)), Step(None, 3, Length(48 * HOUR))))

    rungs = [ladder.rung(number, ANSWER, 0) for number in (1, 2, 3, 4)]

    assert [rung.due for rung in rungs if rung] == [72 * HOUR, 108 * HOUR, 108 * HOUR, 120 * HOUR]
    assert [rung.kind for rung in rungs if rung] == ["DeadlineBreached", *["ComplaintEscalated"] * 3]


def test_whoever_has_to_act_is_reminded_in_their_time() -> None:
    office = Working({"zone": "UTC", "hours": {"mon-sun": ["08:00-16:00"]}})
    ladder = replace(LADDER, every=Length(8 * HOUR, works=True))

    reminded = ladder.rung(4, ANSWER, 0, calendar=office)

    assert reminded == Rung("ComplaintEscalated", (4 * 24 + 16) * HOUR, 2, 4, is_top=True)


def test_nobody_is_late_with_what_comes_about_by_itself() -> None:
    ends = LADDER.up_to_the_date

    assert [ends.rung(number, ANSWER, 0) for number in (1, 2, 3)] == [
        Rung("DeadlineApproaching", 54 * HOUR, 0, 1),
        Rung("DeadlineBreached", 72 * HOUR, 1, 2),
        None,
    ]


def test_from_its_last_step_on_a_ladder_is_at_its_top() -> None:
    assert [rung.is_top for n in (1, 2, 3, 4) if (rung := LADDER.rung(n, ANSWER, 0))] == [False, False, True, True]


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24), ("3d", 72), ("PT24H", 24), ("P3D", 72), ("P1W", 168), ("PT1H30M", 1.5)]
)
def test_a_length_of_time_may_be_short_or_iso_8601(text: str, hours: float) -> None:
    assert span_ms(text) == hours * HOUR


@pytest.mark.parametrize("text", ["", "24", "h", "-24h", "tomorrow"])
def test_a_length_of_time_without_a_unit_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        span_ms(text)
