"""One complaint judged again: what follows is what stands, and whatever differs is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from closedloop.casebook import CaseFile
from closedloop.replay.one_case import Compared, compare
from schemas.envelope import header
from schemas.facts import DeadlineApproaching, DeadlineBreached, Rung
from services.shared.clock import EPOCH, MILLISECOND, Clock
from services.shared.letters import Origin
from tests.builders import Town, hour
from tests.cases import file_of
from tests.story.test_chain_of_command import absent, staffed
from tests.story.test_working_time import a_town
from tests.story.unsteady import UnsteadyTown

MINUTE = timedelta(minutes=1)


def judged(file: CaseFile, now: datetime | None = None) -> Compared:
    return compare(file, Clock(), now or hour(1000), MINUTE)


def named(compared: Compared) -> list[tuple[str, str, str]]:
    return [(d.what, d.clock, d.kind) for d in compared.differences]


def kind(record: Origin) -> str:
    return (header(record.headers, "ce_type") or b"").decode()


def without(file: CaseFile, *indices: int) -> CaseFile:
    return _again(file, [r for n, r in enumerate(file.records) if n not in indices])


def changed(file: CaseFile, index: int, **fields: object) -> CaseFile:
    records = list(file.records)
    body = json.loads(records[index].value or b"{}") | fields
    records[index] = replace(records[index], value=json.dumps(body).encode())
    return _again(file, records)


def moved(file: CaseFile, index: int, to: float) -> CaseFile:
    """The same record, appended at another hour."""
    records = list(file.records)
    records[index] = replace(records[index], timestamp_ms=(hour(to) - EPOCH) // MILLISECOND)
    return _again(file, records)


def _again(file: CaseFile, records: list[Origin]) -> CaseFile:
    return CaseFile.of(file.id, records, {file.pack.hash: file.pack})


def place(file: CaseFile, type_: str, nth: int = 0) -> int:
    return [n for n, record in enumerate(file.records) if kind(record) == f"closedloop.{type_}.v1"][nth]


def a_late_answer(town: Town) -> CaseFile:
    complaint = town.complaint("water/leak")
    town.at(9)
    complaint.reply("water", "accepted")
    town.at(110)
    complaint.reply("water", "answered")
    town.at(1000)
    return file_of(complaint)


@cache
def late() -> CaseFile:
    return a_late_answer(Town())


def a_breach_taken_back(town: Town) -> CaseFile:
    complaint = town.complaint("water/leak")
    town.at(100.5)
    complaint.reply("water", "answered", stated_at=hour(99.75).isoformat())
    town.at(1000)
    return file_of(complaint)


def a_second_cycle(town: Town) -> CaseFile:
    complaint = town.complaint("nobody/knows")
    town.at(9)
    complaint.reply("centre", "assigned", assign_to="water")
    town.at(20)
    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "answered", handler="li")
    town.at(60)
    complaint.visit("not_solved")
    town.at(400)
    complaint.reply("water", "answered", handler="li")
    town.at(430)
    complaint.visit("solved")
    town.at(1000)
    return file_of(complaint)


def a_wait_and_a_later_date(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    for at, department, reply, more in (
        (20, "water", "waiting", {"reason": "customer"}),
        (50, "water", "resumed", {}),
        (60, "water", "waiting", {"reason": "parts", "note": "-"}),
        (65, "centre", "approved", {}),
        (90, "water", "progress", {}),
        (120, "water", "resumed", {}),
        (150, "water", "extension", {"until": hour(200).isoformat(), "note": "-"}),
        (152, "centre", "approved", {}),
        (220, "water", "answered", {}),
    ):
        town.at(at)
        complaint.reply(department, reply, **more)
    assert complaint.refusals() == []
    town.at(1000)
    return file_of(complaint)


def a_wait_to_its_cap(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    town.at(80)
    complaint.reply("water", "waiting", reason="customer")
    town.at(1000)
    return file_of(complaint)


def an_incident(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    for at, department, reply, more in (
        (1, "water", "promised", {"until": hour(5).isoformat()}),
        (3, "water", "incident", {"note": "it sinks"}),
        (4, "water", "progress", {}),
        (30, "water", "holding", {"note": "we ask"}),
        (40, "water", "returned", {"note": "not ours"}),
        (50, "centre", "assigned", {"assign_to": "power", "plan": "ordinary"}),
        (70, "power", "answered", {"handler": "li"}),
    ):
        town.at(at)
        complaint.reply(department, reply, **more)
    assert complaint.refusals() == []
    town.at(1000)
    return file_of(complaint)


LIVES = [a_late_answer, a_breach_taken_back, a_second_cycle, a_wait_and_a_later_date, a_wait_to_its_cap, an_incident]


def with_people(**changes: object) -> Town:
    return Town(policy=staffed(people={"wang": absent(0, 200, deputy="sun")}, **changes))


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize(
    "town", [Town, a_town, with_people], ids=["all of the time", "working time", "told to people by their names"]
)
def test_what_stands_on_the_topic_follows_from_what_the_others_said(
    life: Callable[[Town], CaseFile], town: Callable[[], Town]
) -> None:
    compared = judged(life(town()))

    assert compared.equal
    assert (compared.close, compared.people) == ((), ())
    assert compared.said > 0


def test_an_outage_after_which_everything_was_told_makes_no_difference() -> None:
    town = UnsteadyTown()
    complaint = town.complaint("power/outage")
    town.world.crash("escalation", uncommitted=5)
    town.at(120)
    town.recover()

    assert judged(file_of(complaint), hour(120)).equal


def answered_in_time(file: CaseFile) -> CaseFile:
    return changed(file, place(file, "complaint.answered"), judged_at=hour(99).isoformat())


BREACH, MET, MISSED = "deadline.breached", "deadline.met", "deadline.missed"
SPOILT: dict[str, tuple[Callable[[CaseFile], CaseFile], list[tuple[str, str, str]]]] = {
    "a breach is missing": (
        lambda f: without(f, place(f, BREACH)),
        [("missing", "1/answer/1", "DeadlineBreached")],
    ),
    "it is not told that a target was met": (
        lambda f: without(f, place(f, MET)),
        [("missing", "1/accept/1", "DeadlineMet")],
    ),
    "the answer is missing, so the ladder would have gone on": (
        lambda f: without(f, place(f, "complaint.answered")),
        [("missing", "1/answer/1", "ComplaintEscalated"), ("unexpected", "1/answer/1", "DeadlineMissed")],
    ),
    "another level was told": (
        lambda f: changed(f, place(f, BREACH), level=2),
        [("different", "1/answer/1", "DeadlineBreached")],
    ),
    "answered in time, and the breach stands": (
        answered_in_time,
        [("unexpected", "1/answer/1", "DeadlineBreached"), ("different", "1/answer/1", "DeadlineMet")],
    ),
    "a fact that no rule can take": (
        lambda f: changed(f, place(f, "complaint.answered"), judged_at="yesterday"),
        [("parked", "", ""), ("unexpected", "1/answer/1", "DeadlineMissed")],
    ),
    "how late it was is another": (
        lambda f: changed(f, place(f, MISSED), late="PT1H"),
        [("different", "1/answer/1", "DeadlineMissed")],
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_whatever_differs_is_named(spoilt: str) -> None:
    spoil, differences = SPOILT[spoilt]

    assert named(judged(spoil(late()), hour(130))) == differences


@cache
def waited() -> CaseFile:
    return a_wait_and_a_later_date(Town())


MOVED, CANCELLED = "deadline.moved", "deadline.cancelled"
SPOILT_WAIT: dict[str, tuple[Callable[[CaseFile], CaseFile], list[tuple[str, str, str]]]] = {
    "it is not told that a date moved": (
        lambda f: without(f, place(f, MOVED)),
        [("missing", "1/answer/1", "DeadlineMoved")],
    ),
    "it moved to another date": (
        lambda f: changed(f, place(f, MOVED), after=hour(151).isoformat()),
        [("different", "1/answer/1", "DeadlineMoved")],
    ),
    "it moved for another reason": (
        lambda f: changed(f, place(f, MOVED), why="ApprovalGranted"),
        [("different", "1/answer/1", "DeadlineMoved")],
    ),
    "the breach of a date that was moved in time stands": (
        lambda f: doubled_as(f, place(f, BREACH, -1), target="answer", revision=1),
        [("unexpected", "1/answer/1", "DeadlineBreached")],
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT_WAIT)
def test_whatever_differs_of_a_date_that_moved_is_named(spoilt: str) -> None:
    spoil, differences = SPOILT_WAIT[spoilt]

    assert named(judged(spoil(waited()))) == differences


def doubled_as(file: CaseFile, index: int, **fields: object) -> CaseFile:
    """The same fact once more, later, about something else."""
    record = file.records[index]
    headers = tuple((n, b"999" if n == "ce_sequence" else v) for n, v in record.headers)
    body = json.loads(record.value or b"{}") | fields
    return _again(file, [*file.records, replace(record, value=json.dumps(body).encode(), headers=headers)])


def test_that_a_date_was_cancelled_is_told() -> None:
    file = an_incident(Town())

    untold = without(file, place(file, CANCELLED))

    assert [kind for _, _, kind in named(judged(untold))] == ["DeadlineCancelled"]


def test_a_rung_on_the_centres_queue_names_the_department_that_is_late() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(200)
    file = file_of(complaint)
    reported = next(n for n, f in enumerate(file.facts) if isinstance(f, Rung) and f.queue == "centre")

    assert not judged(changed(file, reported, department="power"), hour(200)).equal


def test_whether_a_rung_was_told_late_is_not_compared() -> None:
    file = waited()

    assert judged(changed(file, place(file, BREACH), caught_up=True)).equal


def test_whom_a_rung_was_told_is_shown_where_it_differs_and_is_no_difference() -> None:
    file = a_late_answer(with_people())
    breach = next(n for n, f in enumerate(file.facts) if isinstance(f, DeadlineBreached) and f.target == "answer")

    compared = judged(changed(file, breach, person="wang", deputy_for=None))

    assert compared.equal
    assert [d.detail() for d in compared.people] == ["deputy_for None instead of wang, person wang instead of sun"]
    assert not judged(changed(file, breach, person="wang", level=3)).equal


def test_where_the_policy_knows_nobody_the_office_itself_is_compared() -> None:
    assert named(judged(changed(late(), place(late(), BREACH), role="mayor"))) == [
        ("different", "1/answer/1", "DeadlineBreached")
    ]


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


def test_what_is_different_says_in_what() -> None:
    (found,) = judged(changed(late(), place(late(), BREACH), level=2)).differences

    assert found.detail() == "level 2 instead of 1"


def test_a_verdict_that_was_told_twice_is_named() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(120)
    file = file_of(complaint)
    breach = file.records[place(file, BREACH)]
    headers = tuple((n, b"99" if n == "ce_sequence" else v) for n, v in breach.headers)

    doubled = _again(file, [*file.records, replace(breach, headers=headers)])

    assert named(judged(doubled)) == [("doubled", "1/answer/1", "DeadlineBreached")]


@pytest.mark.parametrize(
    ("returned_at", "equal"),
    [
        pytest.param(7.505, True, id="within the bound of its date: either is right"),
        pytest.param(7.6, False, id="long after its date: it should have been told"),
        pytest.param(7.4, True, id="before its date: it is not due"),
    ],
)
def test_a_rung_whose_clock_stopped_at_its_very_date_may_be_told_or_not(returned_at: float, equal: bool) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(7.4)
    complaint.reply("water", "returned", note="not ours")
    town.at(7.7)

    untold = moved(file_of(complaint), place(file_of(complaint), "complaint.returned"), returned_at)

    assert judged(untold, hour(7.7)).equal == equal


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

    assert compare(_again(real, fast), clock, hour(1000), MINUTE).equal
