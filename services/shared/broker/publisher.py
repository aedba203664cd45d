"""Sends messages: one after another per document, documents side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from aiokafka import AIOKafkaProducer

from schemas.envelope import Message
from services.shared.broker.appended import Appended, OwnRecords
from services.shared.broker.partition import Partitioner
from services.shared.machine.documents import Outgoing
from services.shared.machine.failures import Fatal

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


async def nameless() -> str | None:
    """The name of a process that has nobody beside it."""
    return None


class Publisher:
    """Sends the messages of this process, under the name that its lease has at that moment."""

    def __init__(
        self,
        producer: Producer,
        fresh: Callable[[], Awaitable[str | None]] = nameless,
        own: OwnRecords | None = None,
    ) -> None:
        self._producer, self._fresh, self._own = producer, fresh, own or OwnRecords()

    async def publish(
        self,
        outbox: Sequence[tuple[str, list[Outgoing]]],
        name: str | None,
        stands: Callable[[str, int], None],
    ) -> dict[str, int]:
        """Send all; each message only when the one before it in its document is acknowledged. Raises Fatal.

        `stands` is told the number of each message that the broker has acknowledged. What was taken on under another
        name than the process has now is left: others say it. Returns when the broker appended the first message of each
        document, in milliseconds since 1970.
        """
        appended: dict[str, int] = {}
        for wave in range(max((len(items) for _, items in outbox), default=0)):
            told = [(id, items[wave]) for id, items in outbox if len(items) > wave]
            times = await self._send([item.message for _, item in told], name)
            for (id, item), at in zip(told, times, strict=False):
                appended.setdefault(id, at)
                stands(id, item.sequence)
            if len(times) < len(told):
                break
        return appended

    async def send(self, messages: Iterable[Message]) -> None:
        """Send what is nobody else's to say, under whatever name. Raises Fatal."""
        left = list(messages)
        while left:
            left = left[len(await self._send(left, await self._fresh())) :]

    async def _send(self, messages: Sequence[Message], name: str | None) -> list[int]:
        """Send side by side and wait for every acknowledgement; a failed send ends the process (Fatal).

        Returns when the broker appended each, in milliseconds since 1970: of fewer than are given where the process has
        lost its name meanwhile.
        """
        sends = []
        try:
            for m in messages:
                # Each: the broker may be away, and the process frozen, between any two.
                if await self._fresh() != name:
                    break
                sends.append(await self._producer.send(m.topic, m.value, m.key_bytes, headers=list(m.headers)))
            taken = [await acknowledged for acknowledged in sends]
        except Exception as error:
            raise Fatal(f"a send failed: {error!r}") from error
        for record in taken:
            self._own.add(record)
        return [record.timestamp for record in taken]
