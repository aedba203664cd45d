"""Ours among its peers: all services over the real stack, complaints as cases, departments and the desk outside."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from closedloop.bench.armed import arm, id_of
from closedloop.bench.closed import repeated
from closedloop.bench.driver import ASKED, CLOSED, ORDERED, replies, report, submission
from closedloop.bench.peers.peer import DUE, Peer, Told
from closedloop.bench.stand import SOURCE, pack, parts, stand
from closedloop.stack import Stack
from schemas.envelope import complaint_id, type_of
from schemas.facts import DeadlineApproaching
from schemas.topics import COMPLAINTS, QUEUE, REPLIES, SUBMISSIONS, VISITS

STEPS = ((ORDERED, "ordered"), (ASKED, "visit"), (CLOSED, "closed"))
"""How a work order begins that says that a case has come so far."""
RUNG = type_of(DeadlineApproaching).encode()
DEPARTMENT = "water"
READY_S, RETRY_S = 120.0, 0.2


@contextmanager
def ours(directory: Path, say: Callable[[str], None]) -> Iterator[Peer]:
    """Broker, database and every service, each in its own process."""
    with stand() as stack:
        yield Ours(stack)


class Ours:
    """Complaints are enqueued as upstream systems do; whoever is outside reads and writes topics."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._kafka = stack, stack.endpoints.kafka
        self._numbers: dict[str, int] = {}
        self._hears_facts = False

    async def connect(self) -> None:
        # While the broker is killed, the clients would say so hundreds of times.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        self._producer: Any = AIOKafkaProducer(bootstrap_servers=self._kafka, linger_ms=2, acks="all")
        self._consumer: Any = AIOKafkaConsumer(bootstrap_servers=self._kafka, auto_offset_reset="earliest")
        await self._producer.start()
        await self._consumer.start()
        self._consumer.assign([TopicPartition(QUEUE.of(name), 0) for name in pack().departments if name != "centre"])

    async def disconnect(self) -> None:
        await self._consumer.stop()
        await self._producer.stop()

    async def open(self, number: int) -> None:
        self._numbers[complaint_id(SOURCE, f"{number}")] = number
        await self._send(SUBMISSIONS.of(SOURCE), submission(number))

    async def signal(self, told: Told, name: str) -> None:
        id, _, department = told.reference.partition("/")
        if name == "visited":
            await self._send(VISITS.of(department), report(id), id.encode())
        else:
            taken, answered = replies(id)
            await self._send(REPLIES.of(department), taken if name == "taken" else answered, id.encode())

    async def arm(self, dues: Mapping[int, float]) -> None:
        self._numbers |= {id_of(number): number for number in dues}
        await asyncio.to_thread(self._arm, dues)
        if not self._hears_facts:
            self._hears_facts = True
            self._consumer.assign([TopicPartition(COMPLAINTS.name, n) for n in range(COMPLAINTS.partitions)])
            await self._consumer.seek_to_end()

    async def told(self) -> list[Told]:
        polled = await self._consumer.getmany(timeout_ms=100)
        return list(self._news((partition.topic, record) for partition in polled for record in polled[partition]))

    async def twice(self) -> int:
        return int((await asyncio.to_thread(repeated, self._kafka))["copies"])

    def parts(self) -> Mapping[str, int]:
        return {name: self._stack.pid(name) for name in parts(self._stack)}

    def kill(self) -> None:
        for name in parts(self._stack):
            self._stack.kill(name)
        time.sleep(1.0)
        for name in parts(self._stack):
            self._stack.wait_ready(name, READY_S)

    def _arm(self, dues: Mapping[int, float]) -> None:
        moments = (datetime.fromtimestamp(due, UTC) for due in dues.values())
        arm(self._stack.endpoints.mongodb, dues, moments, DEPARTMENT, routed=True)

    async def _send(self, topic: str, value: bytes, key: bytes | None = None) -> None:
        while True:
            try:
                await self._producer.send_and_wait(topic, value, key)
                return
            except KafkaError:
                await asyncio.sleep(RETRY_S)

    def _news(self, records: Iterable[tuple[str, Any]]) -> Iterator[Told]:
        for topic, record in records:
            id, at = record.key.decode().partition("/")[0], record.timestamp / 1000
            if topic == COMPLAINTS.name:
                step = DUE if dict(record.headers)["ce_type"] == RUNG else ""
            else:
                step = next((name for begin, name in STEPS if record.value.startswith(begin)), "")
            if step and id in self._numbers:
                yield Told(step, self._numbers[id], at, f"{id}/{QUEUE.member(topic) or ''}")
