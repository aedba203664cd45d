"""The plans of departments: orders read from their queues go in, replies that are due by now come out."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from closedloop.outsiders.post import Post, reply
from schemas.edges import Notice, Reply, VisitReport, WorkOrder
from schemas.envelope import parse, text_header, type_of
from schemas.legible import Headers

TAKEN_AWAY = ("withdrawn", "decided", "reported", "closed")
"""Orders in these states ask for nothing any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something a department will say, not before `at` (virtual); its id follows from what it is about."""

    at: datetime
    department: str
    body: Reply | VisitReport


Told = WorkOrder | Notice
"""What stands on a queue: an order, or a notice that asks for nothing."""

Decide = Callable[[Told], Iterable[Step]]
"""The steps of a queue's owner about a message; none for most messages."""


class Agenda:
    """Remembers what was read and what is to be done; reading or deciding the same again adds nothing."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self.orders: dict[str, WorkOrder] = {}
        """Each order as its last message has it: the list of what is open, and of what is done."""
        self._read: dict[tuple[str, str], int] = {}
        self._planned: set[tuple[str, str]] = set()
        self._dropped: dict[str, int] = {}
        self._heap: list[tuple[datetime, int, Step, str]] = []
        self._count = 0

    def hear(self, headers: Headers, value: bytes | None) -> None:
        """Take a message from a queue; a delivery that came before is dropped by its sequence."""
        told = _told(headers, value or b"")
        if told.complaint_id is None or told.why == "refused":
            return
        place = (told.department, told.complaint_id)
        sequence = int(text_header(headers, "ce_sequence") or 0)
        if sequence <= self._read.get(place, 0):
            return
        self._read[place] = sequence
        about = _about(told)
        if isinstance(told, WorkOrder):
            self.orders[about] = told
            if told.state in TAKEN_AWAY:
                self._dropped[about] = self._count
        for step in self._decide(told):
            self._plan(step, about)

    def due(self, now: datetime) -> list[Post]:
        """The replies that are due by now, the earliest first; each is handed out once."""
        found: list[Post] = []
        while self._heap and self._heap[0][0] <= now:
            at, number, step, about = heapq.heappop(self._heap)
            if number > self._dropped.get(about, 0):
                found.append(reply(at, step.department, step.body))
        return found

    def next_at(self) -> datetime | None:
        """When there is something to be sent."""
        return self._heap[0][0] if self._heap else None

    def _plan(self, step: Step, about: str) -> None:
        name = (step.department, step.body.id or "")
        if name not in self._planned:
            self._planned.add(name)
            self._count += 1
            heapq.heappush(self._heap, (step.at, self._count, step, about))


def _told(headers: Headers, value: bytes) -> Told:
    is_notice = text_header(headers, "ce_type") == type_of(Notice)
    return parse(Notice, value) if is_notice else parse(WorkOrder, value)


def _about(told: Told) -> str:
    """What the steps that follow from a message are about: they go with its order."""
    order = told.order_id if isinstance(told, WorkOrder) else None
    return order or f"{told.complaint_id}/{told.department}"
