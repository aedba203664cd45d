"""One complaint judged again: equal to its topic, or each difference is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from closedloop.casebook import CaseFile
from schemas.facts import DeadlineBreached, Rung
from tests.builders import Town, hour
from tests.cases import file_of
from tests.story.unsteady import UnsteadyTown
from tests.unit.replay.judging import (
    BREACH,
    CANCELLED,
    LIVES,
    MET,
    MISSED,
    MOVED,
    a_late_answer,
    a_wait_and_a_later_date,
    again,
    an_incident,
    changed,
    judged,
    late,
    named,
    place,
    with_people,
    without,
)
from tests.working_hours import a_town


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
    return again(file, [*file.records, replace(record, value=json.dumps(body).encode(), headers=headers)])


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

    doubled = again(file, [*file.records, replace(breach, headers=headers)])

    assert named(judged(doubled)) == [("doubled", "1/answer/1", "DeadlineBreached")]
