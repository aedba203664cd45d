"""Everybody outside in one cheap process: upstream at a given rate, departments that answer, a desk that visits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from closedloop.bench.stand import SOURCE, pack
from schemas.envelope import complaint_id
from schemas.topics import QUEUE, REPLIES, SUBMISSIONS, VISITS

TICK_S = 0.01
TEXT = "At the corner of the market street water has been standing since Tuesday and nobody has come to look. " * 4
CATEGORIES = ("water/leak", "power/billing", "transport/bus", "housing/heating", "environment/waste", "market/prices")

ORDERED, CLOSED = b'{"order":"work","state":"open"', b'{"order":"work","state":"closed"'
ASKED = b'{"order":"visit","state":"open"'
"""How work orders begin. Looking no further is what keeps the driver cheap: it shares the cores with what it drives."""


def submission(number: int, categories: Sequence[str] = CATEGORIES) -> bytes:
    """One complaint as an upstream system brings it, 0.6 kB."""
    return (
        f'{{"id":"{number}","channel":"app","category":"{categories[number % len(categories)]}","area":"district-4",'
        f'"subject":"Water in the street","text":"{TEXT}","customer":{{"id":"u{number}","phone":"13800138000"}}}}'
    ).encode()


def replies(complaint: str) -> tuple[bytes, bytes]:
    """What a department says to a work order: taken on, and answered, both by handler A."""
    return (
        f'{{"complaint_id":"{complaint}","reply":"accepted","handler":"A"}}'.encode(),
        f'{{"complaint_id":"{complaint}","reply":"answered","handler":"A","note":"The drain is open again."}}'.encode(),
    )


def report(complaint: str) -> bytes:
    """What the desk says of a visit by B: solved."""
    return f'{{"complaint_id":"{complaint}","attempt":1,"visitor":"B","outcome":"solved","satisfaction":5}}'.encode()


class Driver:
    """Sends complaints at a steady rate whatever becomes of them, and answers what arrives on the queues.

    A category's first word is its department; nobody here reads the queues of the others.
    """

    def __init__(self, kafka: str, categories: Sequence[str] = CATEGORIES) -> None:
        served = {category.partition("/")[0] for category in categories}
        queues = [QUEUE.of(name) for name, d in pack().departments.items() if d.kind == "desk" or name in served]
        self._consumer: Any = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
        self._partitions = [TopicPartition(queue, 0) for queue in queues]
        self._producer: Any = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=2)
        self._categories = categories
        self._waiting: dict[str, tuple[float, bytes]] = {}
        self.sent = 0
        self.closed: list[tuple[float, float]] = []
        """When each complaint was closed, and how many seconds after it should have been sent."""

    async def __aenter__(self) -> Driver:
        await self._producer.start()
        await self._consumer.start()
        self._consumer.assign(self._partitions)
        self._answering = asyncio.create_task(self._answer_for_ever())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._answering.cancel()
        await self._consumer.stop()
        await self._producer.stop()

    @property
    def in_flight(self) -> int:
        """Complaints sent and not yet closed."""
        return len(self._waiting)

    async def drive(self, rate: float, seconds: float) -> None:
        """Send `rate` complaints a second: one that is late is sent at once and its latency counts from its time."""
        begun, numbered = time.monotonic(), 0
        topic = SUBMISSIONS.of(SOURCE)
        while (passed := time.monotonic() - begun) < seconds:
            while numbered < int(passed * rate):
                id = complaint_id(SOURCE, str(self.sent))
                self._waiting[id] = (begun + numbered / rate, b"")
                await self._producer.send(topic, submission(self.sent, self._categories))
                self.sent += 1
                numbered += 1
            await asyncio.sleep(TICK_S)

    async def drain(self, within_s: float) -> bool:
        """Wait until nothing is in flight; False where that takes longer."""
        return await reached(lambda: not self._waiting, within_s)

    async def _answer_for_ever(self) -> None:
        while True:
            for partition, records in (await self._consumer.getmany(timeout_ms=1000)).items():
                department = QUEUE.member(partition.topic) or ""
                for record in records:
                    await self._answer(department, record.key.decode().partition("/")[0], record.value)

    async def _answer(self, department: str, id: str, order: bytes) -> None:
        begun, answered = self._waiting.get(id, (0.0, CLOSED))
        if order.startswith(CLOSED) and begun:
            del self._waiting[id]
            now = time.monotonic()
            self.closed.append((now, now - begun))
        elif order.startswith(ORDERED) and not answered:
            self._waiting[id] = (begun, ORDERED)
            for reply in replies(id):
                await self._producer.send(REPLIES.of(department), reply, id.encode())
        elif order.startswith(ASKED) and answered != ASKED:
            self._waiting[id] = (begun, ASKED)
            await self._producer.send(VISITS.of(department), report(id), id.encode())


async def reached(state: Callable[[], bool], within_s: float) -> bool:
    """Look every tick until something is so; False where it takes longer."""
    deadline = time.monotonic() + within_s
    while not state():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(TICK_S)
    return True
