"""What a database knows of its broker: processes that begin together agree on its name, and on how far they read."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from closedloop.stack import Stack, StackError, StackSettings, provision
from schemas.topics import SERVICES, group_of
from services.router.model import Case
from services.shared.broker import groups
from services.shared.database.store import Store

pytestmark = pytest.mark.stack


async def test_of_processes_that_begin_together_the_first_one_names_the_database(stack: Stack) -> None:
    service = f"test_{uuid.uuid4().hex[:8]}"
    stores = [Store(stack.endpoints.mongodb, service, Case) for _ in range(8)]

    marks = await asyncio.gather(*(store.keep_first_mark("broker-1", f"name-{n}") for n, store in enumerate(stores)))

    assert len({mark["database"] for mark in marks}) == 1
    assert await stores[0].mark() == marks[0]
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_database_remembers_the_furthest_that_was_read_until_it_is_made_again(stack: Stack) -> None:
    store = Store(stack.endpoints.mongodb, f"test_{uuid.uuid4().hex[:8]}", Case)
    assert await store.reach() == {}
    await store.keep_first_mark("broker-1", "name")

    for reach in ({0: 7, 11: 3}, {0: 5}, {11: 4}):
        await store.keep_reach(reach)

    assert await store.reach() == {0: 7, 11: 4}
    assert (await store.mark() or {})["database"] == "name"
    await store.keep_mark("broker-1", "name")
    assert await store.reach() == {}
    await store.close()


def test_a_stack_with_other_data_refuses_a_broker_that_another_stack_has_exported(stack: Stack, tmp_path: Path) -> None:
    exported = {"KAFKA_BOOTSTRAP_SERVERS": stack.endpoints.kafka, "MONGODB_URI": ""}
    before = members(stack.endpoints.kafka)

    settings = StackSettings(data=tmp_path, env=exported, prepare=provision)
    with pytest.raises(StackError) as refused, Stack(settings) as other:
        other.start(print)

    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"the broker at {stack.endpoints.kafka} belongs to another database of ")
    assert "unset KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI" in said
    assert members(stack.endpoints.kafka) == before


def members(kafka: str) -> dict[str, set[str]]:
    """Who is in the group of each service."""

    def look(admin: KafkaAdminClient) -> dict[str, set[str]]:
        return {name: {m["member_id"] for m in groups.members(admin, group_of(name))} for name in SERVICES}

    return groups.asked(kafka, look)
