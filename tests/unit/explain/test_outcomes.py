"""The end of a clock is explained as escalation told it, with its breach and its rungs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from closedloop.explain import explain
from closedloop.explain.explanation import Dated
from closedloop.explain.steps import Step
from schemas.facts import DeadlineMissed
from schemas.policy import PolicyPack
from tests.builders import TOWN, Complaint, Town, hour, hours, pack
from tests.cases import explained, file_of, the
from tests.offices import absent, staffed
from tests.unit.explain.lives import clock, consented, patient, paused, resumed, returned_while_it_waits

HOUR = timedelta(hours=1)


def answered(at: float = 60, **reply: object) -> Complaint:
    complaint = patient()
    complaint.town.at(at)
    complaint.reply("water", "answered", **reply)
    return complaint


def moved_too_late() -> Complaint:
    stricter = TOWN.plans["ordinary"].model_dump() | {"targets": {"answer": "150h"}}
    plans = {name: plan.model_dump() for name, plan in TOWN.plans.items()} | {"ordinary": stricter}
    complaint = patient(pack(plans=plans))
    complaint.town.at(110)
    complaint.reply("centre", "assigned", assign_to="power", plan="ordinary")
    return complaint


def cancelled_too_late() -> Complaint:
    complaint = Town().complaint("water/leak")
    complaint.town.at(20)
    complaint.reply("water", "returned", note="not ours")
    return complaint


def paused_just_in_time() -> Complaint:
    complaint = patient()
    complaint.town.at(100.5)
    complaint.reply("water", "waiting", reason="customer", stated_at=hour(99.9).isoformat())
    return complaint


def consented_after_the_breach_was_told() -> Complaint:
    complaint = patient()
    complaint.town.at(60)
    complaint.reply("water", "extension", until=hour(150).isoformat(), note="-")
    complaint.town.at(100.2)
    complaint.reply("centre", "approved", stated_at=hour(99.5).isoformat())
    return complaint


def answered_after_the_pause() -> Complaint:
    complaint = paused()
    complaint.town.at(90)
    complaint.reply("water", "answered")
    return complaint


Row = tuple[Callable[[], Complaint], str, int, str, str | None, bool, str | None]
ENDS: dict[str, Row] = {
    "met": (answered, "answer", 1, "met", "DeadlineMet", False, None),
    "missed": (lambda: answered(103), "answer", 1, "missed", "DeadlineMissed", True, None),
    "met, and the breach is taken back": (
        lambda: answered(100.5, stated_at=hour(99.75).isoformat()),
        "answer",
        1,
        "met",
        "DeadlineMet",
        False,
        "met",
    ),
    "moved": (paused, "answer", 1, "moved", "DeadlineMoved", False, None),
    "moved, and the breach stands": (moved_too_late, "answer", 1, "moved", "DeadlineMoved", True, None),
    "moved by a pause, and the breach is taken back": (
        paused_just_in_time,
        "answer",
        1,
        "moved",
        "DeadlineMoved",
        False,
        "moved",
    ),
    "moved by consent, and the breach is taken back": (
        consented_after_the_breach_was_told,
        "answer",
        1,
        "moved",
        "DeadlineMoved",
        False,
        "moved",
    ),
    "cancelled": (returned_while_it_waits, "resume", 1, "cancelled", "DeadlineCancelled", False, None),
    "cancelled, and the breach stands": (cancelled_too_late, "accept", 1, "cancelled", "DeadlineCancelled", True, None),
    "over by itself at its cap": (answered_after_the_pause, "resume", 1, "ended", "DeadlineCancelled", False, None),
    "running": (patient, "answer", 1, "running", None, False, None),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_clock_ended_as_escalation_says(end: str) -> None:
    life, target, revision, state, said, stands, taken_back = ENDS[end]

    verdict = clock(life(), target, revision).verdict

    assert (verdict.state, verdict.said) == (state, said)
    assert (verdict.stands, verdict.taken_back_because) == (stands, taken_back)


def test_a_clock_that_was_moved_names_the_date_that_took_its_place() -> None:
    found = clock(paused(), "answer", 1).verdict

    assert (found.by, hours(found.at), found.to_revision) == ("WorkPaused", 20, 2)
    assert found.moved_to is not None and hours(found.moved_to) == 150


def test_how_late_it_was_is_what_escalation_said() -> None:
    complaint = resumed()
    complaint.town.at(135)
    complaint.reply("water", "answered")

    found = the(complaint, "answer").verdict

    (missed,) = [fact for fact in complaint.facts("DeadlineMissed") if fact.target == "answer"]
    assert (-found.left, -found.left_wall) == (missed.late, missed.late_wall) == (5 * HOUR, 5 * HOUR)


def test_should_escalation_say_otherwise_that_is_what_is_shown() -> None:
    complaint = answered(103)
    file = file_of(complaint)
    facts = [f.model_copy(update={"late": HOUR}) if isinstance(f, DeadlineMissed) else f for f in file.facts]

    (found,) = explain(facts, file.pack, complaint.town.world.now, "answer").targets

    assert (-found.verdict.left, -found.verdict.left_wall) == (HOUR, 3 * HOUR)


def test_a_pause_at_its_cap_is_over_and_nobody_is_late() -> None:
    complaint = paused()
    complaint.town.at(90)

    found = the(complaint, "resume").verdict

    assert (found.state, found.open, hours(found.at), found.stands) == ("ended", False, 70, False)


def ladder(policy: PolicyPack, until: float = 200) -> tuple[Step, ...]:
    complaint = Town(policy=policy).complaint("water/leak")
    complaint.reply("water", "accepted")
    complaint.town.at(until)
    return the(complaint, "answer").steps


def named(steps: tuple[Step, ...]) -> list[tuple[str, str | None, str | None]]:
    """Of each step the office, who was or will be told, and for whom they stand in."""
    people = [(step.whom.person, step.whom.deputy_for) for step in steps]
    found = [(person and person.name, absent and absent.name) for person, absent in people]
    return [(step.whom.role, *names) for step, names in zip(steps, found, strict=True)]


@pytest.mark.parametrize("until", [0, 80, 200], ids=["ahead", "in part ahead", "told"])
def test_each_step_names_who_was_told_or_will_be(until: float) -> None:
    assert named(ladder(staffed(people={"wang": absent(90, 110, deputy="sun")}), until))[:4] == [
        ("handler", "li", None),
        ("head", "sun", "wang"),
        ("director", "zhao", None),
        ("mayor", "chen", None),
    ]


@pytest.mark.parametrize("until", [0, 110, 200], ids=["ahead", "in part ahead", "told"])
def test_who_was_told_before_is_passed_over_for_the_next_above(until: float) -> None:
    assert named(ladder(staffed(offices={"director": "wang"}), until))[1:3] == [
        ("head", "wang", None),
        ("mayor", "chen", None),
    ]


@pytest.mark.parametrize("until", [0, 120], ids=["ahead", "told"])
def test_a_step_names_who_gets_a_copy(until: float) -> None:
    steps = [step.model_dump() for step in TOWN.ladders["standard"].steps]
    steps[1]["copies"] = ["director"]
    ladders = {name: found.model_dump() for name, found in TOWN.ladders.items()} | {"standard": {"steps": steps}}

    found = ladder(staffed(ladders=ladders), until)

    assert [[one.name for one in step.whom.copies] for step in found] == [[], ["zhao"], [], []]


@pytest.mark.parametrize("until", [0, 200], ids=["ahead", "told"])
def test_the_top_of_the_chain_says_that_it_is_the_top(until: float) -> None:
    assert [step.whom.top for step in ladder(staffed(), until)][:4] == [False, False, False, True]


def test_what_was_told_late_says_so() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "accepted")
    complaint.town.nobody_looks_until(110)

    assert [(step.state, step.caught_up) for step in the(complaint, "answer").steps][:3] == [
        ("told", True),
        ("told", True),
        ("ahead", False),
    ]


def test_a_step_so_long_after_the_date_has_no_share() -> None:
    steps = [step.model_dump() for step in TOWN.ladders["standard"].steps[:2]]
    late = {"after": "120h", "level": 2, "role": "director", "action": "criticise"}
    ladders = {name: found.model_dump() for name, found in TOWN.ladders.items()}

    found = ladder(pack(ladders=ladders | {"standard": {"steps": [*steps, late]}}), 0)

    assert [(step.percent, step.after, hours(step.due_at)) for step in found][:3] == [
        (75, None, 75),
        (100, None, 100),
        (None, timedelta(days=5), 220),
    ]


def test_a_warning_that_was_told_for_the_date_before_is_not_told_again() -> None:
    complaint = patient()
    complaint.town.at(80)
    complaint.reply("water", "waiting", reason="customer")

    assert states(clock(complaint, "answer", 1)) == ["told", "cancelled", "cancelled", "cancelled"]
    assert states(clock(complaint, "answer", 2))[:2] == ["told_before", "ahead"]
    complaint.town.at(300)
    assert states(clock(complaint, "answer", 2)) == ["told_before", *["told"] * 7, "ahead"]


def states(found: Dated) -> list[str]:
    return [step.state for step in found.steps]


def test_a_moved_clock_and_its_successor_stand_side_by_side() -> None:
    found = explained(consented(), target="answer").targets

    assert [(d.revision, hours(d.due_at), d.verdict.state) for d in found] == [(1, 100, "moved"), (2, 150, "running")]
