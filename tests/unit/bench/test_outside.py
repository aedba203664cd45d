"""The benchmark's outsiders speak the real contract, and recognise the real orders by how they begin."""

from datetime import timedelta
from typing import Any

import pytest

from closedloop.bench import backlog, driver, stand
from closedloop.policies import load
from schemas.edges import Reply, Submission, VisitReport, WorkOrder
from schemas.envelope import complaint_id, read_fact
from schemas.facts import ComplaintReceived, ComplaintRouted
from schemas.policy import PolicyPack

COMPLAINT = complaint_id("app", "1")
AT = "2026-09-14T08:00:00Z"


def test_what_is_sent_is_a_complaint_with_a_route_for_every_number() -> None:
    complaints = [Submission.model_validate_json(driver.submission(number)) for number in range(12)]

    routed = [stand.pack().route(complaint.category, complaint.area) for complaint in complaints]

    assert all(routed)
    assert {route.department for route in routed if route} == {
        "water", "power", "transport", "housing", "environment", "market",
    }  # fmt: skip


def test_the_department_accepts_and_answers_and_somebody_else_visits() -> None:
    accepted, answered = (Reply.model_validate_json(reply) for reply in driver.replies(COMPLAINT))
    visit = VisitReport.model_validate_json(driver.report(COMPLAINT))

    assert (accepted.reply, answered.reply, visit.outcome) == ("accepted", "answered", "solved")
    assert visit.visitor != answered.handler


@pytest.mark.parametrize(
    ("order", "state", "beginning"),
    [("work", "open", driver.ORDERED), ("visit", "open", driver.ASKED), ("work", "closed", driver.CLOSED)],
)
def test_orders_are_known_by_how_they_begin(order: Any, state: Any, beginning: bytes) -> None:
    sent = WorkOrder(order=order, state=state, why="routed", at=AT, department="water")  # type: ignore[arg-type]

    assert sent.model_dump_json(exclude_none=True).encode().startswith(beginning)


def test_the_pack_is_the_demo_with_visits_after_a_second() -> None:
    def without_waiting(pack: PolicyPack) -> dict[str, Any]:
        content = pack.model_dump(exclude={"name", "version"})
        for plan in content["plans"].values():
            del plan["visit"]["opens_after"]
        return content

    assert without_waiting(stand.pack()) == without_waiting(load("demo"))
    assert {plan.visit.opens_after for plan in stand.pack().plans.values() if plan.visit} == {timedelta(seconds=1)}


def test_the_backlog_is_of_real_facts_about_which_router_says_two_things() -> None:
    message = backlog.received(7, stand.pack().hash)

    fact, service, sequence = read_fact(message.headers, message.value)

    assert isinstance(fact, ComplaintReceived)
    assert (fact.about, service, sequence) == (message.key, "intake", 1)
    assert [type(body) for body in backlog.said_about(message)] == [ComplaintRouted, WorkOrder]
