"""The expectation from the file and the outcome from the facts are counted independently."""

from dataclasses import replace
from datetime import datetime

import pytest

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.rehearsal import rehearse, world_of
from closedloop.policies import load
from closedloop.replay.agencies import answers, submissions
from closedloop.replay.expected import expected
from closedloop.replay.in_memory import in_memory
from closedloop.replay.outcome import Outcome, outcome, retractions
from closedloop.replay.records import Request
from closedloop.run import Progress
from tests.unit.replay.histories import HOUR, NOON, UNTIL, of, request


def played(*requests: Request, until: datetime = UNTIL) -> Outcome:
    world, history = world_of(load("nyc311"), NOON), of(*requests, until=until)
    rehearse(world, submissions(history), Agenda(answers(history)), until, lambda now: None)
    return outcome(world.facts(), until)


ONE_REQUEST = {
    "answered in time": (request(closed=2, due=8), {"answered": 1, "with_deadline": 1, "met": 1}),
    "answered to the minute": (request(closed=8, due=8), {"answered": 1, "with_deadline": 1, "met": 1}),
    "answered late": (
        request(closed=9, due=8),
        {"answered": 1, "with_deadline": 1, "missed": 1, "breached": 1, "answered_late": 1},
    ),
    "still open": (request(due=8), {"with_deadline": 1, "breached": 1, "still_open": 1}),
    "open and not yet due": (request(due=200), {"with_deadline": 1}),
    "answered without a deadline": (request(closed=2), {"answered": 1, "without_deadline": 1}),
    "answered before it was made": (request(closed=-2, due=8), {"with_deadline": 1, "breached": 1, "still_open": 1}),
}


@pytest.mark.parametrize(("given", "figures"), ONE_REQUEST.values(), ids=ONE_REQUEST)
def test_a_request_counts_the_same_in_the_file_and_in_the_facts(given: Request, figures: dict[str, int]) -> None:
    facts, file = played(given), expected(of(given))

    assert facts == file
    counted = {name: n for name, n in facts.as_json().items() if n and isinstance(n, int)}
    assert counted == {"accepted": 1, **figures}


def test_an_answer_dated_before_its_complaint_is_refused_with_that_reason() -> None:
    assert played(request(closed=-2)).refused == {"before_receipt": 1}


def test_breaches_are_counted_by_agency_the_worst_first() -> None:
    late = [request(9, 8, "1", "DOT"), request(9, 8, "2", "NYPD"), request(9, 8, "3", "NYPD")]

    assert list(played(*late).breached_by_agency.items()) == [("nypd", 2), ("dot", 1)]


def test_a_fact_that_stands_twice_on_the_topic_counts_once() -> None:
    world = world_of(load("nyc311"), NOON)
    late = of(request(closed=9, due=8))
    rehearse(world, submissions(late), Agenda(answers(late)), UNTIL, lambda now: None)

    assert outcome([*world.facts(), *world.facts()], UNTIL) == outcome(world.facts(), UNTIL)


def test_an_answer_that_is_late_on_the_way_takes_back_the_breach_that_was_told_meanwhile() -> None:
    in_time = of(request(closed=7, due=8))
    held_up = [replace(post, at=post.at + 9 * HOUR) for post in submissions(in_time)]
    world = world_of(load("nyc311"), NOON)
    rehearse(world, held_up, Agenda(answers(in_time)), UNTIL, lambda now: None)

    assert outcome(world.facts(), UNTIL) == expected(in_time)
    assert retractions(world.facts()) == 1


def test_the_replay_is_good_only_if_both_say_the_same() -> None:
    result = in_memory(of(request(closed=2, due=8), request(9, 8, "2")), load("nyc311"), Progress(quiet=True))

    other = replace(result, expected=replace(result.expected, met=0))

    assert (result.good, other.good) == (True, False)


def test_what_falls_due_after_the_history_ends_is_no_breach_of_it() -> None:
    soon = of(request(due=8), until=NOON + 7 * HOUR)
    world = world_of(load("nyc311"), NOON)
    rehearse(world, submissions(soon), Agenda(answers(soon)), UNTIL, lambda now: None)

    assert outcome(world.facts(), soon.until) == expected(soon)
    assert expected(soon).breached == 0
