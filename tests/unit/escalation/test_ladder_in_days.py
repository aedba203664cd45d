"""A ladder with steps before a date, at the next opening and days after it: in order, whatever was told."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Target
from schemas.policy import PolicyPack
from services.escalation.rules.clocks import TargetClock
from services.escalation.rules.ladder import rungs
from tests.builders import hour, pack
from tests.working_hours import OFFICE

MOST = 9
SHORT: list[Any] = ["5h", "1d", {"working_days": 1}, {"working": "3h"}]
LONG: list[Any] = ["3d", "40h", {"working_days": 2}, {"earlier_of": ["4d", {"working_days": 3}]}]
OVER: list[Any] = [*LONG, {"days": 3, "ends": "close", "closed_last_day": "next_open"}, {"days": 2, "ends": "09:30"}]
WARNED, DUE = {"at_percent": 70}, {"at_percent": 100}


@st.composite
def packs(draw: st.DrawFn) -> PolicyPack:
    """A town whose ladder has any of these steps, in an order that is allowed."""
    below = [{"before": draw(st.sampled_from(LONG))}, WARNED, {"before": draw(st.sampled_from(SHORT))}]
    above = [{"at": "next_opening"}, {"after": draw(st.sampled_from(OVER))}]
    stands = [*_some(draw, below), DUE, *_some(draw, above)]
    steps = [{**one, "level": n, "role": "head", "action": "tell"} for n, one in enumerate(stands)]
    reminder = draw(st.sampled_from([None, *({"every": one, "role": "centre"} for one in OVER)]))
    ladders = {"standard": {"steps": steps, "reminder": reminder}, "short": {"steps": steps}}
    return pack(ladders=ladders, calendar="office", calendars={"office": OFFICE})


def _some(draw: st.DrawFn, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in steps if draw(st.booleans())]


def clock(starts: int, lasts: int) -> TargetClock:
    window = {"starts_at": hour(starts), "due_at": hour(starts + lasts)}
    target = Target.model_validate({"name": "answer", "revision": 1, "calendar": "office", **window})
    return TargetClock(1, target, "water", "ordinary", 0, None)


@given(packs(), st.integers(0, 400), st.integers(1, 400))
def test_no_step_stands_below_the_one_before_it_and_none_before_the_targets_time(
    policy: PolicyPack, starts: int, lasts: int
) -> None:
    watched = clock(starts, lasts)
    due = [rung.due_at for rung in islice(rungs(watched, policy), MOST)]

    assert all(one <= other for one, other in pairwise([watched.target.starts_at, *due]))


@given(packs(), st.integers(0, 400), st.integers(1, 400), st.integers(0, MOST))
def test_what_was_told_changes_no_later_step(policy: PolicyPack, starts: int, lasts: int, told: int) -> None:
    watched = clock(starts, lasts)
    every = list(islice(rungs(watched, policy), MOST + 4))

    assert list(islice(rungs(watched, policy, told), 4)) == every[told : told + 4]


@given(packs(), st.integers(0, 400), st.integers(1, 400))
def test_a_warning_stands_no_later_than_the_date_and_every_other_step_no_earlier(
    policy: PolicyPack, starts: int, lasts: int
) -> None:
    watched = clock(starts, lasts)

    for rung in islice(rungs(watched, policy), MOST):
        date = watched.target.due_at
        assert rung.due_at <= date if rung.step.is_warning else rung.due_at >= date
