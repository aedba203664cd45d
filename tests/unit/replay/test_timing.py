"""One complaint judged again: what timing alone decides is shown, and is no difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closedloop.casebook import CaseFile
from closedloop.replay.one_case import compare
from schemas.facts import DeadlineApproaching, Rung
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from tests.builders import Town, hour
from tests.cases import file_of
from tests.unit.replay.judging import (
    BREACH,
    MET,
    MINUTE,
    again,
    changed,
    judged,
    late,
    moved,
    named,
    place,
    without,
)


def test_a_warning_at_the_very_moment_at_which_the_work_begins_to_wait_is_told_for_either_date() -> None:
    town = Town()
    complaint = town.complaint("patient/pump")
    town.at(75)
    complaint.reply("water", "waiting", reason="customer")
    town.at(200)
    file = file_of(complaint)
    warned = next(n for n, f in enumerate(file.facts) if isinstance(f, DeadlineApproaching) and f.target == "answer")

    other = judged(changed(file, warned, revision=2, target_due_at=hour(150).isoformat()), hour(200))

    assert judged(file, hour(200)).equal
    assert other.equal
    assert {d.clock for d in other.close} <= {"1/answer/1", "1/answer/2"}


def test_a_rung_at_the_very_moment_of_an_incident_may_be_told_on_either_level() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted")
    town.at(100)
    complaint.reply("water", "incident", note="it sinks")
    town.at(101)
    file = file_of(complaint)
    breach = place(file, BREACH)
    raised = changed(file, breach, level=3, role="mayor", queue="centre")

    assert judged(file, hour(101)).equal
    assert judged(raised, hour(101)).equal
    assert not judged(changed(file, breach, level=2), hour(101)).equal
    assert not judged(moved(raised, place(raised, "incident.declared"), 100.5), hour(101)).equal


@pytest.mark.parametrize(
    ("returned_at", "equal"),
    [
        pytest.param(7.505, True, id="within the bound of its date: either is right"),
        pytest.param(7.6, False, id="long after its date: it should have been told"),
    ],
)
def test_a_rung_whose_clock_stopped_at_its_very_date_may_be_told_or_not(returned_at: float, equal: bool) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(returned_at)
    complaint.reply("water", "returned", note="not ours")
    town.at(7.7)

    untold = without(file_of(complaint), place(file_of(complaint), "deadline.approaching"))

    assert judged(untold, hour(7.7)).equal == equal


@pytest.mark.parametrize("returned_at", [7.4, 7.505, 7.6])
def test_a_rung_that_fell_due_after_its_clock_had_stopped_is_as_if_never_told(returned_at: float) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(7.4)
    complaint.reply("water", "returned", note="not ours")
    town.at(7.7)

    untold = moved(file_of(complaint), place(file_of(complaint), "complaint.returned"), returned_at)

    assert judged(untold, hour(7.7)).equal


def test_however_close_the_answer_a_step_that_was_never_true_must_be_taken_back() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(7.505)
    complaint.reply("water", "accepted", stated_at=hour(7.495).isoformat())
    town.at(9)
    file = file_of(complaint)

    stands = without(file, place(file, "rungs.retracted"))

    assert named(judged(stands, hour(9))) == [("unexpected", "1/accept/1", "DeadlineApproaching")]
    assert judged(file, hour(9)).equal


def test_a_rung_at_the_very_moment_of_a_handover_may_name_either_department() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(75)
    complaint.reply("water", "returned", note="not ours")
    town.at(76)
    file = file_of(complaint)
    warned = place(file, "deadline.approaching", 1)

    first, second = judged(file, hour(76)), judged(changed(file, warned, department="centre", queue="centre"), hour(76))

    assert first.equal and second.equal
    assert [d.detail() for d in first.close] == ["department water instead of centre, queue water instead of centre"]
    assert not judged(changed(file, warned, department="power", queue="power"), hour(76)).equal
    assert not judged(changed(file, warned, department="centre", queue="centre", level=3), hour(76)).equal


@pytest.mark.parametrize(("returned_at", "other"), [(70, "water"), (80, "centre")])
def test_long_before_or_after_a_handover_a_rung_names_the_department_that_had_it(returned_at: int, other: str) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(returned_at)
    complaint.reply("water", "returned", note="not ours")
    town.at(80)
    file = file_of(complaint)
    (warned,) = [n for n, f in enumerate(file.facts) if isinstance(f, DeadlineApproaching) and f.due_at == hour(75)]

    assert judged(file, hour(80)).equal
    assert named(judged(changed(file, warned, department=other, queue=other), hour(80))) == [
        ("different", "1/answer/1", "DeadlineApproaching")
    ]


def a_breach_near_the_answer(town: Town, **reply: str) -> CaseFile:
    complaint = town.complaint("power/outage")
    town.at(100.005)
    complaint.reply("power", "answered", **reply)
    town.at(110)
    return file_of(complaint)


def test_however_close_the_answer_a_breach_that_was_none_must_be_taken_back() -> None:
    file = a_breach_near_the_answer(Town(), stated_at=hour(99.75).isoformat())

    stands = without(file, place(file, "breach.retracted"))

    assert named(judged(stands, hour(110))) == [("unexpected", "1/answer/1", "DeadlineBreached")]
    assert judged(file, hour(110)).equal


def test_however_close_the_answer_a_breach_that_was_one_must_be_told() -> None:
    file = a_breach_near_the_answer(Town())

    untold = without(file, place(file, BREACH))

    assert named(judged(untold, hour(110))) == [("missing", "1/answer/1", "DeadlineBreached")]


def test_what_was_due_before_a_clock_began_is_told_at_its_beginning_or_cancelled_with_it() -> None:
    town = Town()
    complaint = town.complaint("nobody/knows")
    town.at(2)
    complaint.reply("centre", "assigned", assign_to="housing")
    complaint.reply("housing", "returned", note="not ours")
    town.at(16)
    complaint.reply("centre", "assigned", assign_to="housing")
    town.at(16.005)
    complaint.reply("housing", "returned", note="still not ours")
    town.at(20)
    file = file_of(complaint)
    of_contact = [n for n, f in enumerate(file.facts) if isinstance(f, Rung) and f.target == "contact"]

    untold = judged(without(file, *of_contact), hour(20))

    assert untold.equal
    assert {(d.what, d.clock.split("/")[1]) for d in untold.close} == {("missing", "contact")}


@pytest.mark.parametrize("at", [5, 60, 105, 115])
def test_as_of_an_earlier_moment_nothing_later_is_judged(at: float) -> None:
    compared = judged(late(), hour(at))

    assert (compared.equal, compared.close) == (True, ())


def test_what_has_just_arrived_may_still_be_on_its_way() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(75)
    told = file_of(complaint)

    untold = without(told, place(told, "deadline.approaching"))

    assert judged(untold, hour(75.01)).equal
    assert len(judged(untold, hour(75.01)).close) == 1
    assert not judged(untold, hour(75.1)).equal


def test_what_follows_from_what_has_just_arrived_may_still_be_on_its_way() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(50)
    complaint.reply("power", "answered")
    told = file_of(complaint)

    untold = without(told, place(told, MET))

    assert judged(untold, hour(50.01)).equal
    assert named(judged(untold, hour(50.1))) == [("missing", "1/answer/1", "DeadlineMet")]


def test_where_time_is_bent_what_a_reader_may_be_late_is_bent_too() -> None:
    real = late()
    begin = real.records[0].timestamp_ms
    clock = Clock(hour(0), EPOCH + begin * MILLISECOND, 3600)
    fast = [replace(r, timestamp_ms=begin + (r.timestamp_ms - begin) // 3600) for r in real.records]

    assert compare(again(real, fast), clock, hour(1000), MINUTE).equal
