"""The senders of a replay: upstream sends each request at its time, each agency answers its work orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from closedloop.outsiders.agenda import Decide, Step, Told
from closedloop.outsiders.post import Post, plain
from closedloop.replay.records import Request
from schemas.edges import Reply, Submission, WorkOrder
from schemas.envelope import complaint_id
from schemas.topics import SUBMISSIONS

SOURCE = "nyc311"
"""The upstream system, and so its topics, that a replay sends as."""


def submissions(requests: Iterable[Request]) -> list[Post]:
    """Each request as 311 would have sent it, at the time at which it was created."""
    return [plain(request.created_at, SUBMISSIONS.of(SOURCE), _submission(request)) for request in requests]


def answers(requests: Iterable[Request]) -> Decide:
    """What an agency does about a work order: it answers when its records say that it closed the request.

    An answer that the records date before the complaint is sent as it stands: the system has to refuse it.
    """
    closed = {complaint_id(SOURCE, request.id): request for request in requests if request.closed_at is not None}

    def decide(order: Told) -> Iterator[Step]:
        request = closed.get(order.complaint_id or "")
        if request is not None and isinstance(order, WorkOrder) and order.order == "work" and order.why == "routed":
            yield _answer(order, request)

    return decide


UNSAID = "(the records do not say how)"


def _answer(order: WorkOrder, request: Request) -> Step:
    assert request.closed_at is not None and order.complaint_id is not None
    reply = Reply(
        id=f"{request.id}-closed",
        complaint_id=order.complaint_id,
        cycle=order.cycle,
        reply="answered",
        stated_at=request.closed_at,
        note=request.resolution.strip() or UNSAID,
    )
    return Step(request.closed_at, order.department, reply)


def _submission(request: Request) -> Submission:
    return Submission(
        id=request.id,
        source=SOURCE,
        channel=request.channel,
        language="en",
        category=request.category,
        area=request.borough,
        subject=request.complaint_type,
        text=request.descriptor,
        stated_at=request.created_at,
        due_at=request.due_at,
    )
