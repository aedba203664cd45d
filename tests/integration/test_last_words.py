"""What a dead process had said is found at the end of a real log, and nothing else is taken for it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer

from closedloop.stack import Stack
from schemas.envelope import Message
from schemas.topics import COMPLAINTS, QUEUE
from services.shared.broker import last_words
from services.shared.broker.last_words import LastWords
from services.shared.broker.publisher import Publisher, new_producer
from services.shared.machine.failures import Temporary

pytestmark = pytest.mark.stack


@pytest.fixture
async def producer(stack: Stack) -> AsyncIterator[AIOKafkaProducer]:
    producer = new_producer(stack.endpoints.kafka)
    await producer.start()
    yield producer
    await producer.stop()


def messages(count: int) -> list[Message]:
    """Of no known type: services make dead letters of them."""
    ids = [uuid.uuid4().hex for _ in range(count)]
    return [Message(COMPLAINTS.name, id, b"{}", (("ce_id", id.encode()), ("none", b""))) for id in ids]


async def append(producer: AIOKafkaProducer, some: list[Message]) -> None:
    await Publisher(producer).send(some)


async def test_what_stands_in_any_partition_is_found_and_what_does_not_is_not(
    stack: Stack, producer: AIOKafkaProducer
) -> None:
    said, unsaid = messages(20), messages(5)
    await append(producer, said)
    another = [replace(m, value=b"[]") for m in said] + [replace(m, topic=QUEUE.of("nowhere")) for m in said]

    assert set(await LastWords(stack.endpoints.kafka).standing([*said, *unsaid, *another])) == {*said}


async def test_what_is_further_back_than_is_read_counts_as_not_said(
    stack: Stack, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_words, "LAST", 1)
    (first, *_) = said = [replace(m, key="one") for m in messages(2)]
    await append(producer, said)

    assert first in await LastWords(stack.endpoints.kafka).standing(said)
    monkeypatch.setattr(last_words, "BACK_S", -60.0)
    assert first not in await LastWords(stack.endpoints.kafka).standing(said)


async def test_while_the_broker_is_away_nothing_is_known() -> None:
    with pytest.raises(Temporary):
        await LastWords("127.0.0.1:1").standing(messages(1))
