"""However much is said of one complaint at once, its document stays as small as the database wants it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import bson
from prometheus_client import CollectorRegistry

from schemas.envelope import text_header
from schemas.sizes import MAX_VALUE_BYTES
from schemas.topics import REPLIES
from services.shared.broker.publisher import Publisher
from services.shared.database import stored
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.work import Work
from services.shared.machine.documents import Input, Parked
from services.shared.machine.letters import Origin
from services.shared.machine.parking import BYTES_FROM_OUTSIDE
from services.shared.machine.reading import read
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from services.shared.watching.measures import Measures
from tests.builders import ROUTER, Complaint, Town, book, hour
from tests.unit.shared.hosts import Place, Shown
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run

MOST = 16 * 1024 * 1024
LONG = "水" * 20_000
REPLIED = 100


class Measuring(MemoryStore):
    """Keeps how large the largest document was that was written."""

    largest = 0

    async def save(self, documents: Any, sweep_at: Any) -> set[str]:
        sizes = (len(bson.encode(stored.written(document, timer, sweep_at))) for document, timer in documents)
        self.largest = max(self.largest, *sizes)
        return await super().save(documents, sweep_at)


def measures() -> Measures:
    return Measures(ROUTER.name, (), CollectorRegistry())


def incident(complaint: Complaint, number: int) -> Input[Any]:
    record = {"symptom": LONG, "response": LONG}
    said = {"id": str(number), "complaint_id": complaint.id, "reply": "incident", "incident": record}
    body = json.dumps(said, ensure_ascii=False).encode()
    origin = Origin(REPLIES.of("water"), 0, number, (hour(1) - EPOCH) // MILLISECOND, None, body)
    return read(ROUTER, origin, Clock())  # type: ignore[return-value]


def test_a_hundred_long_replies_about_one_complaint_at_once_are_all_taken() -> None:
    complaint = Town().complaint("water/leak", text=LONG)

    async def decided() -> tuple[int, Counter[str | None]]:
        place = Place(Shown(), Random(0))
        store = Measuring(place.memory, case=ROUTER.case)
        store._memory.keep([(complaint.document("router"), None)])
        loop = Loop(ROUTER, store, Outbox(Publisher(place)), book(), Clock(), measures(), lambda: hour(1))
        running = asyncio.create_task(loop.run())
        await loop.finish(Work([incident(complaint, n) for n in range(REPLIED)]))
        await loop.drained()
        running.cancel()
        return store.largest, Counter(text_header(message.headers, "ce_type") for _, message in place.log)

    largest, told = run(decided())

    assert largest < MOST
    assert told["closedloop.incident.declared.v1"] == REPLIED


def padded(complaint: Complaint, number: int) -> Input[Any]:
    """A reply as large as one may be, by a field that nobody reads."""
    said = {"id": str(number), "complaint_id": complaint.id, "reply": "progress", "padding": ""}
    said["padding"] = "x" * (MAX_VALUE_BYTES - len(json.dumps(said)))
    origin = Origin(REPLIES.of("water"), 0, number, (hour(1) - EPOCH) // MILLISECOND, None, json.dumps(said).encode())
    return read(ROUTER, origin, Clock())  # type: ignore[return-value]


def test_a_hundred_of_the_largest_messages_behind_a_parked_case_wait_or_are_refused() -> None:
    complaint = Town().complaint("water/leak", text=LONG)
    parked = replace(complaint.document("router"), parked=Parked("a bug", hour(0)))

    async def decided() -> tuple[int, int, Counter[str]]:
        place = Place(Shown(), Random(0))
        store = Measuring(place.memory, case=ROUTER.case)
        store._memory.keep([(parked, None)])
        loop = Loop(ROUTER, store, Outbox(Publisher(place)), book(), Clock(), measures(), lambda: hour(1))
        running = asyncio.create_task(loop.run())
        await loop.finish(Work([padded(complaint, n) for n in range(REPLIED)]))
        await loop.drained()
        running.cancel()
        found = (await store.load([complaint.id]))[complaint.id].parked
        told = (dict(message.headers).get("dlq-reason", b"").decode() for _, message in place.log)
        return store.largest, len(found.waiting if found else ()), Counter(told)

    largest, waiting, told = run(decided())

    assert largest < MOST
    assert waiting == BYTES_FROM_OUTSIDE // (MAX_VALUE_BYTES)
    assert (told["parked"], told["crowded"]) == (waiting, REPLIED - waiting)
