"""The clocks of escalation: the facts that begin, end and cancel one, and its verdict."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from schemas.facts import (
    BreachRetracted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMet,
    Fact,
    Target,
    VisitAttempted,
    VisitRequested,
    WorkAccepted,
)
from services.escalation.model import Case
from services.escalation.rules import climb_on_due, judge_on_fact, next_due
from services.escalation.rules.clocks import clocks
from services.escalation.service import SERVICE
from services.shared.machine.documents import Due, Input
from services.shared.machine.letters import of_timer
from tests.builders import TOWN, hour, hours

ID = "a4bbfbc2-2a86-5240-922e-5abef0842dce"


def target(name: str, due: float, starts: float = 0, revision: int = 1) -> Target:
    return Target(name=name, starts_at=hour(starts), due_at=hour(due), revision=revision)


def fact(kind: type[Fact], at: float, **fields: Any) -> Any:
    usual = {"complaint_id": ID, "at": hour(at), "department": "water", "policy": TOWN.hash, "reason": "-", "level": 0}
    usual |= {"plan": "ordinary", "by": "policy", "judged_at": hour(at), "desk": "visit-desk", "visitor": "wang"}
    return kind.model_validate(usual | fields)


ROUTED = fact(ComplaintRouted, 0, targets=(target("accept", 10), target("answer", 100)))
UNROUTABLE = fact(ComplaintUnroutable, 0, department="centre", targets=(target("assign", 4),))
ASSIGNED = fact(ComplaintRouted, 3, by="centre", targets=(target("accept", 13, 3), target("answer", 100)))
RETURNED = fact(ComplaintReturned, 5, owner="centre", targets=(target("answer", 100), target("assign", 9, 5)))
ACCEPTED = fact(WorkAccepted, 6)
ANSWERED = fact(ComplaintAnswered, 50)
REQUESTED = fact(VisitRequested, 74, attempt=1, opens_at=hour(74), due_at=hour(98))
VISITED = fact(VisitAttempted, 80, attempt=1, outcome="not_solved")
REOPENED = fact(ComplaintReopened, 80, cycle=2, level=1)
ROUTED_AGAIN = fact(ComplaintRouted, 80, cycle=2, level=1, targets=(target("answer", 180, 80, 2),))
CLOSED = fact(ComplaintClosed, 80, ending="solved")


def rung(kind: type[Fact], number: int, due: float, queue: str = "water", **more: Any) -> Any:
    fields = {"target": "answer", "revision": 1, "rung": number, "due_at": hour(due), "target_due_at": hour(100)}
    return fact(kind, due, role="head", action="tell", queue=queue, **(fields | more))


def after(*facts: Fact) -> Case:
    case: Case = reduce(lambda known, fact: SERVICE.evolve[type(fact)](known, fact), facts, None)  # type: ignore[arg-type,return-value]
    return case


def watched(case: Case) -> dict[str, tuple[str, float | None]]:
    return {c.key: (c.department, None if c.done_at is None else hours(c.done_at)) for c in clocks(case)}


def due(at: float) -> Input[Due]:
    return Input(Due(due_at=hour(at)), ID, hour(at), "timer", of_timer(ID, hour(at)))


def heard(fact: Fact) -> Input[Fact]:
    return Input(fact, ID, fact.at, "cause", of_timer(ID, fact.at), sequence=1)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param([UNROUTABLE], {"1/assign/1": ("centre", None)}, id="the centre has to assign"),
        pytest.param(
            [UNROUTABLE, ASSIGNED],
            {"1/accept/1": ("water", None), "1/answer/1": ("water", None)},
            id="assigned: what the centre had to do is gone",
        ),
        pytest.param(
            [ROUTED, RETURNED],
            {"1/answer/1": ("centre", None), "1/assign/1": ("centre", None)},
            id="returned: accepting is cancelled, answering goes on",
        ),
        pytest.param(
            [ROUTED, ACCEPTED],
            {"1/accept/1": ("water", 6), "1/answer/1": ("water", None)},
            id="accepted",
        ),
        pytest.param(
            [ROUTED, ACCEPTED, ANSWERED],
            {"1/accept/1": ("water", 6), "1/answer/1": ("water", 50)},
            id="answered: the first time counts for each",
        ),
        pytest.param(
            [ROUTED, ANSWERED, REQUESTED],
            {"1/accept/1": ("water", 50), "1/answer/1": ("water", 50), "1/visit/1": ("visit-desk", None)},
            id="a visit is asked for",
        ),
        pytest.param(
            [ROUTED, ANSWERED, REQUESTED, VISITED],
            {"1/accept/1": ("water", 50), "1/answer/1": ("water", 50), "1/visit/1": ("visit-desk", 80)},
            id="visited",
        ),
        pytest.param([ROUTED, ANSWERED, REQUESTED, VISITED, REOPENED], {}, id="reopened: the plan follows"),
        pytest.param(
            [ROUTED, ANSWERED, REQUESTED, VISITED, REOPENED, ROUTED_AGAIN],
            {"2/answer/2": ("water", None)},
            id="the next cycle",
        ),
        pytest.param(
            [UNROUTABLE, ASSIGNED, ANSWERED, REQUESTED, VISITED, REOPENED, ROUTED_AGAIN],
            {"2/answer/2": ("water", None)},
            id="the next cycle knows nothing of what was assigned before",
        ),
        pytest.param([ROUTED, ANSWERED, REQUESTED, VISITED, CLOSED], {}, id="closed"),
    ],
)
def test_what_is_watched_after(history: list[Fact], expected: dict[str, tuple[str, float | None]]) -> None:
    assert watched(after(*history)) == expected


@pytest.mark.parametrize(
    ("history", "at"),
    [
        pytest.param([ROUTED], 7.5, id="the earliest rung of all clocks"),
        pytest.param([ROUTED, ACCEPTED], 75, id="a clock that is done rings no more"),
        pytest.param([ROUTED, ACCEPTED, rung(DeadlineApproaching, 1, 75)], 100, id="the rung after those told"),
        pytest.param([ROUTED, ANSWERED], None, id="nothing runs"),
        pytest.param([ROUTED, ANSWERED, REQUESTED], 92, id="the visit"),
        pytest.param([ROUTED, ANSWERED, REQUESTED, VISITED, CLOSED], None, id="closed"),
    ],
)
def test_the_next_rung_is_due(history: list[Fact], at: float | None) -> None:
    found = next_due(after(*history), TOWN)

    assert (None if found is None else hours(found)) == at


def test_rungs_that_are_due_at_once_are_all_told_in_order_each_at_its_own_time() -> None:
    case = after(ROUTED, ACCEPTED)

    told = list(climb_on_due(case, due(126), TOWN))

    assert [(type(f).__name__, hours(f.at)) for f in told] == [
        ("DeadlineApproaching", 75),
        ("DeadlineBreached", 100),
        ("ComplaintEscalated", 125),
    ]


def test_nothing_is_told_before_its_time() -> None:
    assert list(climb_on_due(after(ROUTED), due(7.4), TOWN)) == []


BREACHED = [rung(DeadlineApproaching, 1, 75), rung(DeadlineBreached, 2, 100), rung(DeadlineBreached, 3, 125, "centre")]


@pytest.mark.parametrize(
    ("told", "answered_at", "said"),
    [
        pytest.param([], 60, ["DeadlineMet"], id="in time, before any warning"),
        pytest.param(BREACHED[:1], 80, ["DeadlineMet"], id="in time, after the warning"),
        pytest.param(BREACHED, 100, ["BreachRetracted", "DeadlineMet"], id="in time, though the breach was told"),
        pytest.param(BREACHED, 126, ["DeadlineMissed"], id="late, all told"),
        pytest.param(
            [], 101, ["DeadlineApproaching", "DeadlineBreached", "DeadlineMissed"], id="late, nothing told yet"
        ),
        pytest.param(
            BREACHED[:1], 126, ["DeadlineBreached", "ComplaintEscalated", "DeadlineMissed"], id="the rest untold"
        ),
    ],
)
def test_the_verdict_of_an_answer(told: list[Fact], answered_at: float, said: list[str]) -> None:
    answered = fact(ComplaintAnswered, 130, judged_at=hour(answered_at))
    case = after(ROUTED, ACCEPTED, fact_met("accept"), *told, answered)

    verdict = [f for f in judge_on_fact(case, heard(answered), TOWN) if f.target == "answer"]

    assert [type(f).__name__ for f in verdict] == said


def test_a_verdict_is_given_once() -> None:
    case = after(ROUTED, ACCEPTED, ANSWERED)
    first = list(judge_on_fact(case, heard(ANSWERED), TOWN))

    settled = reduce(lambda known, f: SERVICE.evolve[type(f)](known, f), first, case)

    assert len(first) == 2
    assert list(judge_on_fact(settled, heard(ANSWERED), TOWN)) == []


def test_a_retraction_names_the_rungs_and_the_queues_it_takes_back() -> None:
    answered = fact(ComplaintAnswered, 130, judged_at=hour(99))
    case = after(ROUTED, ACCEPTED, fact_met("accept"), *BREACHED, answered)

    taken_back = next(f for f in judge_on_fact(case, heard(answered), TOWN) if isinstance(f, BreachRetracted))

    assert (taken_back.rungs, taken_back.queues) == ((1, 2, 3), ("water", "centre"))


@pytest.mark.parametrize(
    ("told", "breached"),
    [
        pytest.param(BREACHED[:1], False, id="a warning is no breach"),
        pytest.param(BREACHED[:2], True, id="at the deadline"),
        pytest.param([*BREACHED[:2], "retracted"], False, id="taken back"),
    ],
)
def test_whether_a_breach_stands(told: list[Any], breached: bool) -> None:
    retracted = {"target": "answer", "revision": 1, "target_due_at": hour(100), "met_at": hour(99)}
    facts = [
        fact(BreachRetracted, 101, rungs=(1,), queues=("water",), **retracted) if f == "retracted" else f for f in told
    ]

    assert after(ROUTED, *facts).told["1/answer/1"].breached is breached


def test_each_queue_is_remembered_once() -> None:
    told = after(ROUTED, *BREACHED).told["1/answer/1"]

    assert (told.rungs, told.queues, told.breached) == ((1, 2, 3), ("water", "centre"), True)


def fact_met(name: str) -> Any:
    return fact(DeadlineMet, 6, target=name, revision=1, target_due_at=hour(10), met_at=hour(6))
