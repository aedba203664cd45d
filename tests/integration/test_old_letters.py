"""What a process knows of the dead letters before it, on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client.registry import CollectorRegistry

from closedloop.stack import Stack
from schemas.envelope import Message
from schemas.topics import DEAD_LETTERS, QUEUE, REPLIES
from services.shared.broker import provisioning
from services.shared.broker.publisher import Publisher, new_producer
from services.shared.loop.old_letters import Letters
from services.shared.machine.letters import Origin, dead_letter
from services.shared.timing.clock import EPOCH, MILLISECOND
from services.shared.watching.measures import Measures

pytestmark = pytest.mark.stack

NOW = datetime.now(UTC)
RECORDS = [
    Origin(REPLIES.of("water"), 0, offset, (NOW - EPOCH) // MILLISECOND + offset, None, b"{") for offset in range(4)
]
NOTICE = Message(QUEUE.of("water"), None, b"{}", ())


@pytest.fixture
def service(stack: Stack) -> str:
    """A name of which no service writes letters."""
    name = f"t-{uuid4().hex[:8]}"
    provisioning.apply(stack.endpoints.kafka, {DEAD_LETTERS.of(name): DEAD_LETTERS})
    return name


@pytest.fixture
async def said(stack: Stack) -> AsyncIterator[Publisher]:
    producer: AIOKafkaProducer = new_producer(stack.endpoints.kafka)
    await producer.start()
    yield Publisher(producer)
    await producer.stop()


def a_process(stack: Stack, service: str) -> Letters:
    return Letters(stack.endpoints.kafka, service, Measures(service, registry=CollectorRegistry()))


def letter(service: str, record: Origin, reason: str = "unreadable") -> Message:
    return dead_letter(service, record, reason, "nobody can read it", NOW)


async def test_a_record_that_was_turned_away_is_passed_over_and_one_that_is_parked_is_not(
    stack: Stack, service: str, said: Publisher
) -> None:
    await said.send([letter(service, RECORDS[1]), letter(service, RECORDS[2], "parked")])

    left = await a_process(stack, service).open_ones(RECORDS, generation=1)

    assert [record.offset for record in left] == [0, 2, 3]


async def test_what_another_process_has_turned_away_is_known_once_partitions_are_dealt_out_anew(
    stack: Stack, service: str, said: Publisher
) -> None:
    letters = a_process(stack, service)
    before = await letters.open_ones(RECORDS, generation=1)
    await said.send([letter(service, RECORDS[1])])

    same, anew = [await letters.open_ones(RECORDS, generation) for generation in (1, 2)]

    assert before == same == RECORDS
    assert anew == [RECORDS[0], *RECORDS[2:]]


async def test_what_is_older_than_all_that_was_looked_at_is_looked_up(
    stack: Stack, service: str, said: Publisher
) -> None:
    letters = a_process(stack, service)
    await said.send([letter(service, RECORDS[0])])
    later = [replace(record, timestamp_ms=record.timestamp_ms + 3_600_000, offset=9) for record in RECORDS[:1]]

    assert await letters.open_ones(later, generation=1) == later
    assert await letters.open_ones(RECORDS, generation=1) == RECORDS[1:]


async def test_a_letter_is_written_unless_another_process_has_been_faster(
    stack: Stack, service: str, said: Publisher
) -> None:
    letters = a_process(stack, service)
    await letters.open_ones(RECORDS, generation=1)
    await said.send([letter(service, RECORDS[1])])
    mine = [letter(service, RECORDS[1]), NOTICE, letter(service, RECORDS[2]), NOTICE]

    assert await letters.unsaid(mine) == mine[2:]
