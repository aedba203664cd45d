"""What documents have to say, sent: one after another per document, documents side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from aiokafka import AIOKafkaProducer

from schemas.envelope import Message
from services.shared.broker.appended import Appended, OwnRecords
from services.shared.broker.partition import Partitioner
from services.shared.loop.leases import Alone
from services.shared.machine.documents import Document, Outgoing
from services.shared.machine.failures import Fatal

MAX_REQUEST_BYTES = 2 * 1024 * 1024
COPIES_S = 45.0
"""How long, at least, a copy of a document is reckoned with that holds what has been taken off meanwhile."""


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
    """Sends documents' `unsaid` in waves; remembers what is acknowledged until no copy is about that still holds it."""

    grace = timedelta(seconds=2)
    """How long after a document's save nobody else looks at its messages."""

    def __init__(self, producer: Producer, leases: Alone | None = None) -> None:
        self._producer = producer
        self.leases = leases or Alone()
        self.own = OwnRecords()
        self._begin()

    def _begin(self) -> None:
        self._name = self.leases.name
        self._queued: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self._taken_off = Lately()

    def taken_up(self, document: Document, at_once: bool = False) -> Document:
        """The document without what this process has said of it; its sayer is who is to say the rest.

        What is added to what another process is to say, that one says too. If it is dead, a sweeper takes the document
        over once it has looked what stands in the log; `at_once` does so without a look, for who cannot wait.
        """
        unsaid, name = self.still_unsaid(document), self.leases.name
        is_mine = not unsaid or self.leases.is_mine(document.sayer)
        is_mine = is_mine or (at_once and self.leases.falls_to_me(document.sayer, document.id))
        if unsaid is document.unsaid and (document.sayer == name or not is_mine):
            return document
        return replace(document, unsaid=unsaid, sayer=name if is_mine else document.sayer)

    def is_theirs(self, document: Document) -> bool:
        """Whether another process is to say what the document has to say."""
        return document.sayer != self.leases.name

    def pending(self, document: Document) -> list[Outgoing]:
        """What this process has not yet taken on to publish of a document; taking it is the caller's promise."""
        if self.is_theirs(document):
            return []
        self._go_on_as(self.leases.name)
        known = max(self._queued.get(document.id, 0), self._said(document))
        fresh = [item for item in document.unsaid if item.sequence > known]
        if fresh:
            self._queued[document.id] = fresh[-1].sequence
        return fresh

    def still_unsaid(self, document: Document) -> tuple[Outgoing, ...]:
        """The document's `unsaid` without what the broker has acknowledged to this process."""
        said = self._said(document)
        if not document.unsaid or document.unsaid[0].sequence > said:
            return document.unsaid
        return tuple(item for item in document.unsaid if item.sequence > said)

    def _go_on_as(self, name: str | None) -> None:
        """Under another name nothing is on its way here but what is acknowledged: the rest may be taken on again."""
        if name != self._name:
            self._name, self._queued = name, dict(self.acknowledged)

    def _said(self, document: Document) -> int:
        # Of one that cannot be read the count may have begun anew: no number of before counts for it.
        before = 0 if document.damage else self._taken_off.of(document.id)
        return max(before, self.acknowledged.get(document.id, 0))

    def said(self, id: str) -> int:
        """Up to which number the broker has lately acknowledged what a document had to say, or 0."""
        return max(self._taken_off.of(id), self.acknowledged.get(id, 0))

    def is_busy_with(self, id: str) -> bool:
        """Whether this process has messages of a document under way, or acknowledged and not yet taken off."""
        return id in self._queued

    def is_sending(self, id: str) -> bool:
        """Whether messages of a document still wait for their acknowledgement here."""
        self._go_on_as(self.leases.name)
        return self._queued.get(id, 0) > self.acknowledged.get(id, 0)

    async def publish(self, outbox: Sequence[tuple[str, list[Outgoing]]], name: str | None = None) -> dict[str, int]:
        """Send all; each message only when the one before it in its document is acknowledged. Raises Fatal.

        What was taken on under another name than the process has now is left: others say it. Returns when the broker
        appended the first message of each document, in milliseconds since 1970.
        """
        appended: dict[str, int] = {}
        for wave in range(max((len(items) for _, items in outbox), default=0)):
            told = [(id, items[wave]) for id, items in outbox if len(items) > wave]
            times = await self._send([item.message for _, item in told], name)
            for (id, item), at in zip(told, times, strict=False):
                appended.setdefault(id, at)
                self.stands(id, item.sequence)
            if len(times) < len(told):
                break
        return appended

    def stands(self, id: str, sequence: int) -> None:
        """Everything up to this number of what a document has to say stands in the log."""
        self.acknowledged[id] = max(sequence, self.acknowledged.get(id, 0))

    async def send(self, messages: Iterable[Message]) -> None:
        """Send what is nobody else's to say, under whatever name. Raises Fatal."""
        left = list(messages)
        while left:
            left = left[len(await self._send(left, await self.leases.fresh())) :]

    async def _send(self, messages: Sequence[Message], name: str | None) -> list[int]:
        """Send side by side and wait for every acknowledgement; a failed send ends the process (Fatal).

        Returns when the broker appended each, in milliseconds since 1970: of fewer than are given where the process has
        lost its name meanwhile.
        """
        sends = []
        try:
            for m in messages:
                # Each: the broker may be away, and the process frozen, between any two.
                if await self.leases.fresh() != name:
                    break
                sends.append(await self._producer.send(m.topic, m.value, m.key_bytes, headers=list(m.headers)))
            taken = [await acknowledged for acknowledged in sends]
        except Exception as error:
            raise Fatal(f"a send failed: {error!r}") from error
        for record in taken:
            self.own.add(record)
        return [record.timestamp for record in taken]

    def forget(self, id: str, sequence: int) -> None:
        """Nothing up to this number stands in the stored document any more; older copies are about for a while."""
        if self.acknowledged.get(id, sequence + 1) <= sequence:
            self._taken_off.add(id, self.acknowledged.pop(id))
            if self._queued.get(id, 0) <= sequence:
                self._queued.pop(id, None)


class Elsewhere(Publisher):
    """For a process without Kafka: what it saves is published by its service's other process."""

    grace = timedelta(0)

    def __init__(self) -> None:
        """Needs no producer."""
        self.leases, self.own = Alone(), OwnRecords()
        self._begin()

    def taken_up(self, document: Document, at_once: bool = False) -> Document:
        """The document; where nothing waits to be said no process is named for what follows."""
        return document if document.unsaid or document.sayer is None else replace(document, sayer=None)

    def pending(self, document: Document) -> list[Outgoing]:
        """Nothing: the sweeper of the other process finds it in the document."""
        return []

    async def send(self, messages: Iterable[Message]) -> None:
        """A command that is turned away hears so in its answer; nobody else needs a letter."""


class Lately:
    """The highest number of each document that was told within the last while; later it is not known any more."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic, self._began = monotonic, monotonic()
        self._new: dict[str, int] = {}
        self._old: dict[str, int] = {}

    def add(self, id: str, number: int) -> None:
        """It is known for as long as a copy may be about, and no more than twice as long."""
        if (now := self._monotonic()) - self._began > COPIES_S:
            self._old, self._new, self._began = self._new, {}, now
        self._new[id] = max(number, self.of(id))

    def of(self, id: str) -> int:
        """0 where nothing is known."""
        return max(self._new.get(id, 0), self._old.get(id, 0))
