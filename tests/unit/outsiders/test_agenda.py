"""What a department owes to an order it has read, however often it reads it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from closedloop.outsiders.agenda import Agenda, Step
from closedloop.outsiders.post import Post
from schemas.edges import Notice, Reply, WorkOrder
from schemas.envelope import text_header, type_of

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
COMPLAINT = "220e7789-ad34-56f5-92ca-355207666167"


def answering_in_two_hours(order: WorkOrder) -> Iterator[Step]:
    if order.why in ("routed", "reopened") and order.complaint_id:
        reply = Reply(id=f"answer-{order.cycle}", complaint_id=order.complaint_id, cycle=order.cycle, reply="answered")
        yield Step(order.at + 2 * HOUR, order.department, reply)


def hear(agenda: Agenda, sequence: int, why: str = "routed", state: str = "open", cycle: int = 1) -> None:
    body = {"order": "work", "state": state, "why": why, "at": NOON, "department": "water", "cycle": cycle}
    order = WorkOrder.model_validate({**body, "complaint_id": COMPLAINT})
    agenda.hear([("ce_sequence", str(sequence).encode())], order.model_dump_json().encode())


def ids(posts: list[Post]) -> list[str | None]:
    return [text_header(post.headers, "ce_id") for post in posts]


def test_nothing_is_said_before_its_time_and_everything_once() -> None:
    agenda = Agenda(answering_in_two_hours)
    hear(agenda, 3)

    said = [agenda.due(NOON + hours * HOUR) for hours in (1, 2, 3)]

    assert [ids(posts) for posts in said] == [[], ["answer-1"], []]


def test_an_order_that_is_delivered_twice_is_worked_on_once() -> None:
    agenda = Agenda(answering_in_two_hours)

    for sequence in (3, 3, 2):
        hear(agenda, sequence)

    assert ids(agenda.due(NOON + 2 * HOUR)) == ["answer-1"]


def test_an_order_that_is_told_again_for_another_reason_is_worked_on_once() -> None:
    agenda = Agenda(answering_in_two_hours)

    hear(agenda, 3)
    hear(agenda, 7)

    assert ids(agenda.due(NOON + 2 * HOUR)) == ["answer-1"]


def test_an_order_that_is_withdrawn_is_not_worked_on() -> None:
    agenda = Agenda(answering_in_two_hours)
    hear(agenda, 3)

    hear(agenda, 5, why="assigned", state="withdrawn")

    assert agenda.due(NOON + 2 * HOUR) == []


def test_what_comes_back_after_it_was_withdrawn_is_worked_on() -> None:
    agenda = Agenda(answering_in_two_hours)
    hear(agenda, 3)
    hear(agenda, 5, why="assigned", state="withdrawn")

    hear(agenda, 9, why="reopened", cycle=2)

    assert ids(agenda.due(NOON + 2 * HOUR)) == ["answer-2"]


def test_a_refusal_asks_for_nothing() -> None:
    agenda = Agenda(answering_in_two_hours)

    notice = Notice(why="refused", at=NOON, department="water", complaint_id=COMPLAINT, reply_id="w-1")
    agenda.hear([("ce_type", type_of(Notice).encode())], notice.model_dump_json().encode())

    assert agenda.next_at() is None


def test_it_is_known_when_there_is_something_to_say() -> None:
    agenda = Agenda(answering_in_two_hours)
    hear(agenda, 3)

    assert agenda.next_at() == NOON + 2 * HOUR
