"""Whoever loses the race for a document decides again: nothing of what was decided in vain is heard by anybody."""

from __future__ import annotations

import asyncio
import json
from random import Random
from typing import Any

from prometheus_client import CollectorRegistry

from schemas.envelope import text_header
from schemas.topics import COMPLAINTS, REPLIES
from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.work import Work
from services.shared.machine.documents import Document, Input
from services.shared.machine.fold import Around, fold
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from services.shared.watching.measures import Measures
from tests.builders import ROUTER, Complaint, Town, book, hour
from tests.unit.shared.hosts import Place, Shown
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run


class Overtaken(MemoryStore):
    """Before the first write of this process, another one has written what it knew."""

    def __init__(self, place: Place, known: Document) -> None:
        super().__init__(place.memory, case=ROUTER.case)
        self.known: list[Document] = [known]

    async def save(self, documents: Any, sweep_at: Any) -> set[str]:
        while self.known:
            self._memory.keep([(self.known.pop(), None)])
        return await super().save(documents, sweep_at)


def begun(complaint: Complaint) -> Input[Any]:
    record = complaint.town.on(COMPLAINTS.name)[0]
    return read(ROUTER, record, Clock())  # type: ignore[return-value]


def reply(complaint: Complaint) -> Input[Any]:
    body = json.dumps({"id": "1", "complaint_id": complaint.id, "reply": "accepted"}).encode()
    record = Origin(REPLIES.of("water"), 0, 0, (hour(1) - EPOCH) // MILLISECOND, None, body)
    return read(ROUTER, record, Clock())  # type: ignore[return-value]


def test_a_reply_that_came_before_its_complaint_is_not_refused_and_taken_both() -> None:
    complaint = Town().complaint("water/leak")
    inputs = [reply(complaint), begun(complaint)]
    around = Around(book(), hour(0))

    async def decided() -> list[str | None]:
        place = Place(Shown(), Random(0))
        store = Overtaken(place, fold(ROUTER, Document(complaint.id), inputs[1:], around).document)
        measures = Measures(ROUTER.name, (), CollectorRegistry())
        loop = Loop(ROUTER, store, Outbox(Publisher(place)), book(), Clock(), measures, lambda: hour(1))
        running = asyncio.create_task(loop.run())
        await loop.finish(Work(inputs))
        await loop.drained()
        running.cancel()
        return [text_header(message.headers, "ce_type") for _, message in place.log]

    told = run(decided())

    assert [kind for kind in told if kind != "closedloop.work.order.v1"] == [
        "closedloop.complaint.routed.v1",
        "closedloop.work.accepted.v1",
    ]
