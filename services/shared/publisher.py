"""What documents have to say, sent: one after another per document, documents side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from aiokafka import AIOKafkaProducer

from schemas.envelope import Message
from services.shared.failures import Fatal
from services.shared.machine import Document, Outgoing
from services.shared.own import Appended, OwnRecords
from services.shared.partition import Partitioner

MAX_REQUEST_BYTES = 2 * 1024 * 1024


def new_producer(bootstrap: str) -> AIOKafkaProducer:
    """The process's one producer: idempotent, so that a retry inside it never doubles or reorders."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        enable_idempotence=True,
        acks="all",
        max_request_size=MAX_REQUEST_BYTES,
        partitioner=Partitioner(),
    )


class Producer(Protocol):
    """The part of aiokafka's producer that is used."""

    async def send(
        self, topic: str, value: bytes, key: bytes | None, *, headers: Sequence[tuple[str, bytes]]
    ) -> asyncio.Future[Appended]: ...


class Publisher:
    """Sends documents' `unsaid` in waves; remembers what is acknowledged until it is off the stored document."""

    grace = timedelta(seconds=2)
    """How long after a document's save its messages are this process's; from then on any sweeper says them."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._queued: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self.own = OwnRecords()

    def pending(self, document: Document) -> list[Outgoing]:
        """What this process has not yet taken on to publish of a document; taking it is the caller's promise."""
        known = self._queued.get(document.id, 0)
        fresh = [item for item in document.unsaid if item.sequence > known]
        if fresh:
            self._queued[document.id] = fresh[-1].sequence
        return fresh

    def still_unsaid(self, document: Document) -> tuple[Outgoing, ...]:
        """The document's `unsaid` without what the broker has acknowledged to this process."""
        said = self.acknowledged.get(document.id, 0)
        return tuple(item for item in document.unsaid if item.sequence > said) if said else document.unsaid

    def is_busy_with(self, id: str) -> bool:
        """Whether this process has messages of a document under way, or acknowledged and not yet taken off."""
        return id in self._queued

    def is_sending(self, id: str) -> bool:
        """Whether messages of a document still wait for their acknowledgement here."""
        return self._queued.get(id, 0) > self.acknowledged.get(id, 0)

    async def publish(self, outbox: Sequence[tuple[str, list[Outgoing]]]) -> dict[str, int]:
        """Send all; each message only when the one before it in its document is acknowledged. Raises Fatal.

        Returns when the broker appended the first message of each document, in milliseconds since 1970.
        """
        appended: dict[str, int] = {}
        for wave in range(max((len(items) for _, items in outbox), default=0)):
            told = [(id, items[wave].message) for id, items in outbox if len(items) > wave]
            times = await self.send([message for _, message in told])
            for (id, _), at in zip(told, times, strict=True):
                appended.setdefault(id, at)
        for id, items in outbox:
            if items:
                self.acknowledged[id] = max(items[-1].sequence, self.acknowledged.get(id, 0))
        return appended

    async def send(self, messages: Iterable[Message]) -> list[int]:
        """Send side by side and wait for every acknowledgement; a failed send ends the process (Fatal).

        Returns when the broker appended each, in milliseconds since 1970.
        """
        try:
            sends = [
                await self._producer.send(m.topic, m.value, m.key_bytes, headers=list(m.headers)) for m in messages
            ]
            taken = [await acknowledged for acknowledged in sends]
        except Exception as error:
            raise Fatal(f"a send failed: {error!r}") from error
        for record in taken:
            self.own.add(record)
        return [record.timestamp for record in taken]

    def forget(self, id: str, sequence: int) -> None:
        """Nothing up to this number stands in the stored document any more."""
        if self.acknowledged.get(id, sequence + 1) <= sequence:
            del self.acknowledged[id]
            if self._queued[id] <= sequence:
                del self._queued[id]


class Elsewhere(Publisher):
    """For a process without Kafka: what it saves is published by its service's other process."""

    grace = timedelta(0)

    def __init__(self) -> None:
        """Needs no producer."""
        self._queued, self.acknowledged, self.own = {}, {}, OwnRecords()

    def pending(self, document: Document) -> list[Outgoing]:
        """Nothing: the sweeper of the other process finds it in the document."""
        return []

    async def send(self, messages: Iterable[Message]) -> list[int]:
        """A command that is turned away hears so in its answer; nobody else needs a letter."""
        return []
