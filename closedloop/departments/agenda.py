"""What departments have resolved to do: orders read from their queues go in, what is to be sent by now comes out."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from closedloop.departments.post import Post, reply
from schemas.edges import Notice, Reply, VisitReport, WorkOrder
from schemas.envelope import Headers, parse, text_header, type_of

TAKEN_AWAY = ("withdrawn", "closed")
"""Orders in these states ask for nothing any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something a department will say, not before `at` (virtual); its id follows from what it is about."""

    at: datetime
    department: str
    body: Reply | VisitReport


Decide = Callable[[WorkOrder], Iterable[Step]]
"""What the owner of a queue does about an order on it; nothing for most of them."""


class Agenda:
    """Remembers what was read and what is to be done; reading or deciding the same again adds nothing."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._read: dict[tuple[str, str], int] = {}
        self._planned: set[tuple[str, str]] = set()
        self._dropped: dict[tuple[str, str], int] = {}
        self._heap: list[tuple[datetime, int, Step]] = []
        self._count = 0

    def hear(self, headers: Headers, value: bytes | None) -> None:
        """Take an order from a queue; a delivery that came before is dropped by its sequence."""
        if text_header(headers, "ce_type") == type_of(Notice):
            return
        order = parse(WorkOrder, value or b"")
        if order.complaint_id is None or order.state == "refused":
            return
        place = (order.department, order.complaint_id)
        sequence = int(text_header(headers, "ce_sequence") or 0)
        if sequence <= self._read.get(place, 0):
            return
        self._read[place] = sequence
        if order.state in TAKEN_AWAY:
            self._dropped[place] = self._count
        for step in self._decide(order):
            self._plan(step)

    def due(self, now: datetime) -> list[Post]:
        """What is to be sent by now, the earliest first; it is handed out once."""
        found: list[Post] = []
        while self._heap and self._heap[0][0] <= now:
            at, number, step = heapq.heappop(self._heap)
            if number > self._dropped.get((step.department, step.body.complaint_id), 0):
                found.append(reply(at, step.department, step.body))
        return found

    def next_at(self) -> datetime | None:
        """When there is something to be sent."""
        return self._heap[0][0] if self._heap else None

    def _plan(self, step: Step) -> None:
        name = (step.department, step.body.id or "")
        if name not in self._planned:
            self._planned.add(name)
            self._count += 1
            heapq.heappush(self._heap, (step.at, self._count, step))
