"""The arithmetic of a ladder: when each rung is due, what it says, and from which level later cycles begin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Target
from schemas.policy import PolicyPack
from services.escalation.rules.clocks import TargetClock
from services.escalation.rules.ladder import due_at, missed, next_rung, rungs
from services.shared.timing.clock import MILLISECOND
from tests.builders import MONDAY, TOWN, hour, hours, pack


def clock(
    due: float = 100, starts: float = 0, level: int = 0, plan: str | None = "ordinary", **target: Any
) -> TargetClock:
    named = {"name": "answer", "revision": 1, "starts_at": hour(starts), "due_at": hour(due), **target}
    return TargetClock(1, Target.model_validate(named), "water", plan, level, None)


def laddered(*steps: tuple[int, int, str], after: Iterable[str] = (), reminder: str | None = None) -> PolicyPack:
    """The town with another standard ladder: percentage, level and role of each step, then those after the date."""
    rows = [{"at_percent": p, "level": level, "role": role, "action": "tell"} for p, level, role in steps]
    above = [{"after": length, "level": 3, "role": "mayor", "action": "tell"} for length in after]
    standard = {"steps": rows + above, "reminder": reminder and {"every": reminder, "role": "centre"}}
    return pack(ladders={"standard": standard, "short": {"steps": rows}})


def told(watched: TargetClock, policy: PolicyPack = TOWN, most: int = 6) -> list[tuple[float, int, str, str]]:
    return [(hours(r.due_at), r.step.level, r.step.role, r.queue) for r in islice(rungs(watched, policy), most)]


def test_rungs_stand_at_their_share_of_the_targets_time_and_reminders_after_the_last() -> None:
    assert told(clock()) == [
        (75, 0, "handler", "water"),
        (100, 1, "head", "water"),
        (125, 2, "director", "water"),
        (150, 3, "mayor", "centre"),
        (174, 3, "centre", "centre"),
        (198, 3, "centre", "centre"),
    ]


def test_a_target_that_starts_later_is_measured_from_its_start() -> None:
    assert [at for at, *_ in told(clock(starts=20, due=24, name="assign"), most=4)] == [23, 24, 25, 26]


def test_a_ladder_without_a_reminder_ends() -> None:
    assert [at for at, *_ in told(clock(plan="plain"))] == [75, 100]


@pytest.mark.parametrize(
    ("level", "levels", "roles"),
    [
        (0, [0, 1, 2, 3, 3], ["handler", "head", "director", "mayor", "centre"]),
        (1, [1, 2, 3, 3, 3], ["head", "director", "mayor", "mayor", "centre"]),
        (2, [2, 3, 3, 3, 3], ["director", "mayor", "mayor", "mayor", "centre"]),
        (3, [3, 3, 3, 3, 3], ["mayor", "mayor", "mayor", "mayor", "centre"]),
        (9, [3, 3, 3, 3, 3], ["mayor", "mayor", "mayor", "mayor", "centre"]),
    ],
)
def test_in_a_later_cycle_each_step_is_told_to_the_level_above_as_far_as_the_ladder_goes(
    level: int, levels: list[int], roles: list[str]
) -> None:
    found = told(clock(level=level), most=5)

    assert [row[1] for row in found] == levels
    assert [row[2] for row in found] == roles


def test_the_times_of_a_later_cycle_are_those_of_the_first() -> None:
    assert [at for at, *_ in told(clock(level=2))] == [at for at, *_ in told(clock(level=0))]


def test_two_steps_of_one_level_are_told_to_the_role_that_each_names() -> None:
    policy = laddered((100, 1, "head"), (110, 1, "deputy"), (120, 2, "director"))

    assert [(role, level) for _, level, role, _ in told(clock(), policy)] == [
        ("head", 1),
        ("deputy", 1),
        ("director", 2),
    ]


@pytest.mark.parametrize(
    ("length_ms", "percent", "after_ms"),
    [
        pytest.param(1000, 75, 750, id="even"),
        pytest.param(1001, 75, 751, id="750.75 ms is raised"),
        pytest.param(1, 75, 1, id="0.75 ms is raised"),
        pytest.param(1, 1, 1, id="0.01 ms is raised"),
        pytest.param(3, 100, 3, id="the whole"),
        pytest.param(3, 150, 5, id="4.5 ms is raised"),
    ],
)
def test_a_share_of_a_millisecond_is_raised_so_that_nothing_is_early(
    length_ms: int, percent: int, after_ms: int
) -> None:
    starts = MONDAY + 7 * MILLISECOND
    watched = clock(starts_at=starts, due_at=starts + length_ms * MILLISECOND)

    assert due_at(watched, percent, TOWN) == starts + after_ms * MILLISECOND


@given(length_ms=st.integers(1, 10**13), percent=st.integers(1, 1000))
def test_no_rung_is_early_and_none_is_more_than_a_millisecond_late(length_ms: int, percent: int) -> None:
    watched = clock(starts_at=MONDAY, due_at=MONDAY + length_ms * MILLISECOND)

    after_ms = (due_at(watched, percent, TOWN) - MONDAY) / MILLISECOND

    assert 0 <= after_ms * 100 - length_ms * percent < 100


def test_no_step_stands_below_the_one_before_it_though_that_one_was_told() -> None:
    policy = laddered((100, 1, "head"), (150, 2, "director"), after=["8h"], reminder="24h")

    found = [[(rung.number, hours(rung.due_at)) for rung in islice(rungs(clock(), policy, n), 2)] for n in range(5)]

    assert found == [
        [(1, 100), (2, 150)],
        [(2, 150), (3, 150)],
        [(3, 150), (4, 174)],
        [(4, 174), (5, 198)],
        [(5, 198), (6, 222)],
    ]


@given(
    percents=st.sets(st.integers(1, 300), min_size=1, max_size=4).map(lambda found: sorted(found | {100})),
    after=st.sets(st.integers(1, 400), max_size=3).map(sorted),
    length=st.timedeltas(timedelta(milliseconds=1), timedelta(days=40)),
    told=st.integers(0, 12),
)
def test_what_was_told_changes_neither_the_number_nor_the_time_of_what_follows(
    percents: list[int], after: list[int], length: timedelta, told: int
) -> None:
    shares = ((percent, 0, "head") for percent in percents)
    policy = laddered(*shares, after=[f"{hours}h" for hours in after], reminder="24h")
    watched = clock(starts_at=MONDAY, due_at=MONDAY + length)

    assert list(islice(rungs(watched, policy, told), 8)) == list(islice(rungs(watched, policy), told, told + 8))


@given(
    percents=st.sets(st.integers(1, 300), min_size=1, max_size=5).map(lambda found: sorted(found | {100})),
    length=st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)),
    already=st.integers(0, 8),
    until=st.timedeltas(timedelta(0), timedelta(days=2000)),
)
def test_what_was_missed_by_a_moment_and_what_is_next_are_all_rungs_in_order_without_a_gap(
    percents: list[int], length: timedelta, already: int, until: timedelta
) -> None:
    policy = laddered(*((percent, 0, "head") for percent in percents), reminder="100d")
    watched = clock(starts_at=MONDAY, due_at=MONDAY + length)

    late = missed(watched, already, MONDAY + until, policy)
    coming = next_rung(watched, already + len(late), policy)

    assert coming is not None and coming.due_at > MONDAY + until
    assert [rung.number for rung in (*late, coming)] == list(range(already + 1, already + len(late) + 2))
    assert all(earlier.due_at <= later.due_at for earlier, later in pairwise((*late, coming)))


def test_no_rung_is_next_once_a_ladder_without_reminder_has_been_climbed() -> None:
    assert next_rung(clock(plan="plain"), 2, TOWN) is None
    assert missed(clock(plan="plain"), 2, hour(1000), TOWN) == []
