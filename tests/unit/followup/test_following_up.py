"""When an answer is checked and by whom, which timer waits, and how each outcome goes on."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from schemas.edges import VisitReport
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    Fact,
    VisitAttempted,
    VisitRequested,
    VisitScheduled,
)
from schemas.topics import VISITS
from services.followup.model import Case
from services.followup.rules import conclude_on_visit, next_due, request_on_due, schedule_on_answered
from services.followup.service import SERVICE
from services.shared.machine.documents import Due, Input
from services.shared.machine.letters import Origin, of_timer
from tests.builders import TOWN, hour, hours

ID = "a4bbfbc2-2a86-5240-922e-5abef0842dce"


def fact(kind: type[Fact], at: float, **fields: Any) -> Any:
    usual = {"complaint_id": ID, "at": hour(at), "department": "water", "plan": "ordinary", "policy": TOWN.hash}
    usual |= {"judged_at": hour(at), "desk": "visit-desk", "attempt": 1, "opens_at": hour(44), "due_at": hour(68)}
    usual |= {"visitor": "wang", "reason": "-", "handler": "li"}
    return kind.model_validate(usual | fields)


ANSWERED = fact(ComplaintAnswered, 20)
SCHEDULED = fact(VisitScheduled, 20)
REQUESTED = fact(VisitRequested, 44)
UNREACHED = fact(VisitAttempted, 50, outcome="unreachable")
SECOND = fact(VisitScheduled, 50, attempt=2, opens_at=hour(74), due_at=hour(98))
THIRD = fact(VisitScheduled, 80, attempt=3, opens_at=hour(104), due_at=hour(128))
REOPENED = fact(ComplaintReopened, 50, cycle=2, level=1)
CLOSED = fact(ComplaintClosed, 50, ending="solved")


def after(*facts: Fact) -> Case:
    case: Case = reduce(lambda known, fact: SERVICE.evolve[type(fact)](known, fact), facts, None)  # type: ignore[arg-type,return-value]
    return case


def report(outcome: str, attempt: int = 1, **fields: Any) -> Input[VisitReport]:
    body = {"complaint_id": ID, "attempt": attempt, "visitor": "wang", "outcome": outcome, **fields}
    origin = Origin(VISITS.of("visit-desk"), 0, 0, 0, None, b"")
    return Input(VisitReport.model_validate(body), ID, hour(50), "cause", origin, "visit-desk")


def heard(fact: Fact) -> Input[Any]:
    return Input(fact, ID, fact.at, "cause", of_timer(ID, fact.at), sequence=1)


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        pytest.param(ANSWERED, ("VisitScheduled", 1, 44, 68), id="the plan has a visit"),
        pytest.param(fact(ComplaintAnswered, 20, plan="plain"), ("ComplaintClosed", "answered"), id="it has none"),
    ],
)
def test_after_an_answer(answered: Any, said: tuple[Any, ...]) -> None:
    (found,) = schedule_on_answered(after(answered), heard(answered), TOWN)

    assert shown(found) == said


@pytest.mark.parametrize(
    ("history", "late"),
    [
        pytest.param([ANSWERED, SCHEDULED, REQUESTED, CLOSED], ANSWERED, id="the complaint is closed"),
        pytest.param([ANSWERED, SCHEDULED, REQUESTED, REOPENED], ANSWERED, id="its cycle is over"),
    ],
)
def test_an_answer_of_what_is_over_changes_nothing(history: list[Fact], late: Any) -> None:
    assert list(schedule_on_answered(after(*history, late), heard(late), TOWN)) == []


@pytest.mark.parametrize(
    ("history", "at"),
    [
        pytest.param([ANSWERED], None, id="nothing is scheduled"),
        pytest.param([ANSWERED, SCHEDULED], 44, id="scheduled: when the visit opens"),
        pytest.param([ANSWERED, SCHEDULED, REQUESTED], None, id="requested: the desk's turn"),
        pytest.param([ANSWERED, SCHEDULED, REQUESTED, UNREACHED], None, id="attempted"),
        pytest.param([ANSWERED, SCHEDULED, REQUESTED, UNREACHED, SECOND], 74, id="the next attempt"),
        pytest.param([ANSWERED, SCHEDULED, REQUESTED, REOPENED], None, id="reopened"),
        pytest.param([ANSWERED, SCHEDULED, CLOSED], None, id="closed"),
    ],
)
def test_the_timer_that_waits(history: list[Fact], at: float | None) -> None:
    found = next_due(after(*history), TOWN)

    assert (None if found is None else hours(found)) == at


def test_the_desk_is_asked_for_the_visit_that_was_scheduled() -> None:
    due = Input(Due(due_at=hour(44)), ID, hour(44), "timer", of_timer(ID, hour(44)))

    (requested,) = request_on_due(after(ANSWERED, SCHEDULED), due, TOWN)

    assert (requested.desk, requested.attempt, requested.cycle) == ("visit-desk", 1, 1)
    assert (hours(requested.at), hours(requested.opens_at), hours(requested.due_at)) == (44, 44, 68)


@pytest.mark.parametrize(
    ("history", "reported", "said"),
    [
        pytest.param([SCHEDULED, REQUESTED], report("solved"), ("ComplaintClosed", "solved"), id="solved"),
        pytest.param([SCHEDULED, REQUESTED], report("not_solved"), ("ComplaintReopened", 2, 1), id="not solved"),
        pytest.param(
            [SCHEDULED, REQUESTED], report("unreachable"), ("VisitScheduled", 2, 74, 98), id="unreachable: again"
        ),
        pytest.param(
            [THIRD, fact(VisitRequested, 104, attempt=3)],
            report("unreachable", 3),
            ("ComplaintClosed", "not_confirmed"),
            id="unreachable for the last time",
        ),
    ],
)
def test_after_a_visit(history: list[Fact], reported: Input[VisitReport], said: tuple[Any, ...]) -> None:
    attempted, found = conclude_on_visit(after(ANSWERED, *history), reported, TOWN)

    assert isinstance(attempted, VisitAttempted) and attempted.outcome == reported.body.outcome
    assert shown(found) == said


@pytest.mark.parametrize(
    ("handler", "visitor", "independent"),
    [("li", "wang", True), ("li", "li", False), ("Li", "lI", False), (None, "li", True), ("li", " li ", False)],
)
def test_who_may_visit(handler: str | None, visitor: str, independent: bool) -> None:
    case = after(fact(ComplaintAnswered, 20, handler=handler), SCHEDULED, REQUESTED)

    said = list(conclude_on_visit(case, report("solved", visitor=visitor), TOWN))

    assert [type(fact).__name__ for fact in said] == (
        ["VisitAttempted", "ComplaintClosed"] if independent else ["VisitRefused"]
    )


def test_the_next_cycles_answer_is_checked_from_the_first_attempt_on() -> None:
    again = fact(ComplaintAnswered, 60, cycle=2)
    case = after(ANSWERED, SCHEDULED, REQUESTED, UNREACHED, SECOND, REOPENED, again)

    (scheduled,) = schedule_on_answered(case, heard(again), TOWN)

    assert (scheduled.attempt, scheduled.cycle, hours(scheduled.opens_at)) == (1, 2, 84)


def shown(fact: Any) -> tuple[Any, ...]:
    return {
        "VisitScheduled": lambda: ("VisitScheduled", fact.attempt, hours(fact.opens_at), hours(fact.due_at)),
        "ComplaintClosed": lambda: ("ComplaintClosed", fact.ending),
        "ComplaintReopened": lambda: ("ComplaintReopened", fact.cycle, fact.level),
    }[type(fact).__name__]()
