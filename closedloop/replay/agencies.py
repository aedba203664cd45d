"""The senders of a replay: upstream sends each request at its time, each department answers its work orders."""

from __future__ import annotations

from collections.abc import Iterator

from closedloop.outsiders.agenda import Decide, Step, Told
from closedloop.outsiders.post import Post, plain
from closedloop.replay.records import History, Request
from schemas.edges import Reply, Submission, WorkOrder
from schemas.envelope import complaint_id
from schemas.topics import SUBMISSIONS

UNSAID = "(the records do not say how)"


def submissions(history: History) -> list[Post]:
    """Each request as the upstream system would have sent it, at the time at which it was made."""
    topic = SUBMISSIONS.of(history.source)
    return [plain(request.opened_at, topic, _submission(request, history)) for request in history.requests]


def answers(history: History) -> Decide:
    """What a department does about a work order: it answers when its records say that it closed the request.

    An answer that the records date before the complaint is sent as it stands: the system has to refuse it.
    """
    ended = (request for request in history.requests if request.closed_at is not None)
    closed = {complaint_id(history.source, request.id): request for request in ended}

    def decide(order: Told) -> Iterator[Step]:
        request = closed.get(order.complaint_id or "")
        if request is not None and isinstance(order, WorkOrder) and order.order == "work" and order.why == "routed":
            yield _answer(order, request)

    return decide


def _answer(order: WorkOrder, request: Request) -> Step:
    assert request.closed_at is not None and order.complaint_id is not None
    reply = Reply(
        id=f"{request.id}-closed",
        complaint_id=order.complaint_id,
        cycle=order.cycle,
        reply="answered",
        stated_at=request.closed_at,
        note=request.note or UNSAID,
    )
    return Step(request.closed_at, order.department, reply)


def _submission(request: Request, history: History) -> Submission:
    return Submission(
        id=request.id,
        source=history.source,
        channel=request.channel,
        language=history.language,
        category=request.category or None,
        area=request.area,
        subject=request.subject,
        text=request.text,
        stated_at=request.opened_at,
        due_at=request.due_at,
    )
