"""Who gets a complaint, and by when: the plan of each routing, and which dates keep their revision."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from schemas.edges import Reply
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    Target,
)
from schemas.topics import REPLIES
from services.router.model import Case
from services.router.rules import judge_on_reply, route_on_received, route_on_reopened
from services.router.service import SERVICE
from services.shared.machine.documents import Input
from services.shared.machine.letters import Origin
from tests.builders import TOWN, hour, hours

ID = "a4bbfbc2-2a86-5240-922e-5abef0842dce"


def target(name: str, due: float, starts: float = 0, revision: int = 1) -> Target:
    return Target(name=name, starts_at=hour(starts), due_at=hour(due), revision=revision)


def fact(kind: type[Fact], at: float, **fields: Any) -> Any:
    usual = {"complaint_id": ID, "at": hour(at), "department": "water", "policy": TOWN.hash, "reason": "-"}
    usual |= {"plan": "ordinary", "by": "policy", "judged_at": hour(at), "reference": "CL-AAAAAAAA", "source": "app"}
    usual |= {"source_id": "7", "channel": "app", "language": "zh", "subject": "it leaks", "text": ""}
    usual |= {"customer_ref": "c-1", "received_at": hour(0), "category": "water/leak"}
    return kind.model_validate(usual | fields)


RECEIVED = fact(ComplaintReceived, 0.5)
ROUTED = fact(ComplaintRouted, 0.5, targets=(target("accept", 10.5, 0.5), target("answer", 100)))
UNROUTABLE = fact(ComplaintUnroutable, 0.5, department="centre", targets=(target("assign", 4.5, 0.5),))
RETURNED = fact(ComplaintReturned, 5, owner="centre", targets=(target("answer", 100), target("assign", 9, 5)))
ANSWERED = fact(ComplaintAnswered, 20, note="sealed")
REOPENED = fact(ComplaintReopened, 45, cycle=2, level=1)
ROUTED_AGAIN = fact(ComplaintRouted, 45, cycle=2, level=1, targets=(target("answer", 145, 45, 2),))
CLOSED = fact(ComplaintClosed, 45, ending="solved")


def after(*facts: Fact) -> Case:
    case: Case = reduce(lambda known, fact: SERVICE.evolve[type(fact)](known, fact), facts, None)  # type: ignore[arg-type,return-value]
    return case


def plan(routed: Any) -> list[tuple[str, float, float, int]]:
    return [(t.name, hours(t.starts_at), hours(t.due_at), t.revision) for t in routed.targets]


def on_received(**received: Any) -> Any:
    heard = fact(ComplaintReceived, 0.5, **received)
    (said,) = route_on_received(after(heard), given(heard, 0.5), TOWN)
    return said


def given(body: Any, at: float, member: str = "") -> Input[Any]:
    return Input(body, ID, hour(at), "cause", Origin(REPLIES.of("water"), 0, 0, 0, None, b""), member)


def assigned(case: Case, at: float, department: str = "power") -> Any:
    reply = Reply(complaint_id=ID, cycle=case.loop.cycle, reply="assigned", assign_to=department)
    (said,) = judge_on_reply(case, given(reply, at, "centre"), TOWN)
    return said


@pytest.mark.parametrize(
    ("category", "department", "plan_name"),
    [("water/leak", "water", "ordinary"), ("power/outage", "power", "plain"), ("housing/x", "housing", "thorough")],
)
def test_the_first_route_that_fits_names_department_and_plan(category: str, department: str, plan_name: str) -> None:
    routed = on_received(category=category)

    assert (routed.department, routed.plan, routed.by, routed.level) == (department, plan_name, "policy", 0)


@pytest.mark.parametrize(
    ("received", "targets"),
    [
        pytest.param(
            {},
            [("accept", 0.5, 10.5, 1), ("answer", 0, 100, 1)],
            id="accepting counts from the routing, answering from the receipt",
        ),
        pytest.param(
            {"category": "stated/x", "due_at": hour(33)}, [("answer", 0, 33, 1)], id="the date that came along"
        ),
        pytest.param({"category": "stated/x"}, [], id="no date came along"),
        pytest.param(
            {"due_at": hour(33)}, [("accept", 0.5, 10.5, 1), ("answer", 0, 100, 1)], id="a plan's own date wins"
        ),
        pytest.param({"category": "other"}, [("assign", 0.5, 4.5, 1)], id="nothing fits"),
    ],
)
def test_the_dates_of_a_new_complaint(received: dict[str, Any], targets: list[Any]) -> None:
    assert plan(on_received(**received)) == targets


def test_what_nothing_fits_says_why() -> None:
    said = on_received(category=None, area="老城")

    assert isinstance(said, ComplaintUnroutable)
    assert said.reason == "no route for category -, area 老城"


@pytest.mark.parametrize("length", [1, 200])
def test_the_longest_category_and_area_still_fit_into_the_reason(length: int) -> None:
    assert len(on_received(category="类" * length, area="区" * length).reason) <= 200


@pytest.mark.parametrize(
    ("history", "targets"),
    [
        pytest.param(
            [RECEIVED, UNROUTABLE], [("answer", 0, 100, 1)], id="unroutable: answering counts from the receipt"
        ),
        pytest.param(
            [RECEIVED, ROUTED, RETURNED],
            [("accept", 7, 17, 2), ("answer", 0, 100, 1)],
            id="returned: accepting counts anew, answering goes on",
        ),
        pytest.param([RECEIVED, ROUTED], [("accept", 7, 17, 2), ("answer", 0, 100, 1)], id="moved"),
        pytest.param(
            [RECEIVED, ROUTED, ANSWERED, REOPENED, ROUTED_AGAIN],
            [("accept", 7, 17, 2), ("answer", 45, 145, 2)],
            id="in the next cycle answering counts from the reopening",
        ),
    ],
)
def test_the_dates_of_what_the_centre_assigns(history: list[Fact], targets: list[Any]) -> None:
    routed = assigned(after(*history), 7)

    assert plan(routed) == targets
    assert (routed.by, routed.department) == ("centre", "power")


def test_what_a_department_gets_from_the_centre_without_a_plan_goes_by_the_plan_of_its_first_route() -> None:
    assert assigned(after(RECEIVED, UNROUTABLE), 7, "housing").plan == "thorough"


def test_what_had_a_plan_keeps_it_wherever_it_goes() -> None:
    assert assigned(after(RECEIVED, ROUTED, RETURNED), 7, "housing").plan == "ordinary"


def test_a_reopened_complaint_goes_to_the_department_that_answered_with_new_dates_one_level_up() -> None:
    (routed,) = route_on_reopened(after(RECEIVED, ROUTED, ANSWERED, REOPENED), given(REOPENED, 45), TOWN)

    assert (routed.department, routed.cycle, routed.level, routed.by) == ("water", 2, 1, "policy")
    assert plan(routed) == [("accept", 45, 55, 2), ("answer", 45, 145, 2)]


def test_a_date_that_came_along_does_not_count_in_the_next_cycle() -> None:
    received = fact(ComplaintReceived, 0.5, category="stated/x", due_at=hour(33))
    routed = fact(ComplaintRouted, 0.5, plan="stated", targets=(target("answer", 33),))

    (again,) = route_on_reopened(after(received, routed, ANSWERED, REOPENED), given(REOPENED, 45), TOWN)

    assert plan(again) == []


def test_the_shortest_return_leaves_the_centre_its_own_date_and_the_answers() -> None:
    reply = Reply(complaint_id=ID, reply="returned", note="x")

    (returned,) = judge_on_reply(after(RECEIVED, ROUTED), given(reply, 20, "water"), TOWN)

    assert plan(returned) == [("answer", 0, 100, 1), ("assign", 20, 24, 1)]
    assert returned.owner == "centre"


@pytest.mark.parametrize(
    ("history", "department", "previous", "answered"),
    [
        pytest.param([RECEIVED], "", None, False, id="received"),
        pytest.param([RECEIVED, ROUTED], "water", None, False, id="routed"),
        pytest.param([RECEIVED, UNROUTABLE], "centre", None, False, id="unroutable"),
        pytest.param([RECEIVED, ROUTED, RETURNED], "centre", "water", False, id="returned"),
        pytest.param(
            [RECEIVED, ROUTED, RETURNED, fact(ComplaintRouted, 7, department="power", targets=())],
            "power",
            "centre",
            False,
            id="assigned anew",
        ),
        pytest.param([RECEIVED, ROUTED, ANSWERED], "water", None, True, id="answered"),
        pytest.param([RECEIVED, ROUTED, ANSWERED, REOPENED], "water", None, True, id="reopened, not yet routed"),
        pytest.param([RECEIVED, ROUTED, ANSWERED, REOPENED, ROUTED_AGAIN], "water", None, False, id="the next cycle"),
    ],
)
def test_who_has_it_after(history: list[Fact], department: str, previous: str | None, answered: bool) -> None:
    found = after(*history).plan

    assert (found.department, found.previous, found.answered) == (department, previous, answered)


def test_a_closed_complaint_has_ended_in_its_last_cycle() -> None:
    loop = after(RECEIVED, ROUTED, ANSWERED, REOPENED, CLOSED).loop

    assert (loop.ended, loop.cycle, loop.level) == (True, 2, 1)
