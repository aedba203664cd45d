"""Facts that wait for a service: real ones, encoded as intake says them, and what a service says about one of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from pydantic import BaseModel

from closedloop.bench.driver import CATEGORIES, TEXT
from closedloop.bench.stand import SOURCE, pack
from schemas import envelope
from schemas.envelope import MESSAGE_TYPES, Message
from schemas.facts import ComplaintReceived
from schemas.topics import COMPLAINTS
from services.router.service import SERVICE as ROUTER
from services.shared.machine.documents import Document
from services.shared.machine.fold import Around, fold
from services.shared.machine.letters import Origin
from services.shared.machine.policies import PolicyBook
from services.shared.machine.reading import read
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock

BEGAN = datetime(2026, 9, 14, 8, tzinfo=UTC)


def received(number: int, policy: str) -> Message:
    """One complaint's first fact, 1 kB."""
    id = envelope.complaint_id(SOURCE, f"backlog-{number}")
    fact = ComplaintReceived(
        complaint_id=id,
        at=BEGAN,
        reference="CL-ABCDEFGH",
        source=SOURCE,
        source_id=str(number),
        channel="app",
        language="en",
        category=CATEGORIES[number % len(CATEGORIES)],
        area="district-4",
        subject="Water in the street",
        text=TEXT,
        customer_ref="c-0123456789abcdef01234567",
        received_at=BEGAN,
        policy=policy,
    )
    return envelope.encode(
        fact, topic=COMPLAINTS.name, subject=id, service="intake", sequence=1, at=BEGAN, cause=f"app/{number}"
    )


def said_about(message: Message) -> list[BaseModel]:
    """What router says about such a fact: the routing and the work order."""
    policies = PolicyBook()
    policies.learn(pack().hash, pack(), 0)
    when = (BEGAN - EPOCH) // MILLISECOND
    origin = Origin(message.topic, 0, 0, when, message.key_bytes, message.value, message.headers)
    given = read(ROUTER, origin, Clock())
    assert given is not None
    folded = fold(ROUTER, Document(given.subject), [given], Around(policies, BEGAN))
    said = [item.message for item in folded.document.unsaid]
    return [MESSAGE_TYPES[dict(m.headers)["ce_type"].decode()].model_validate_json(m.value) for m in said]


def preload(kafka: str, count: int) -> None:
    """Put that many facts on the topic; returns when the broker has all of them."""
    asyncio.run(_preload(kafka, count))


async def _preload(kafka: str, count: int) -> None:
    policy = pack().hash
    producer: Any = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20, max_batch_size=256 * 1024)
    await producer.start()
    try:
        for number in range(count):
            m = received(number, policy)
            await producer.send(m.topic, m.value, m.key_bytes, headers=list(m.headers))
        await producer.flush()
    finally:
        await producer.stop()
