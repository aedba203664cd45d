"""A process that only reads beside a running system: it hears everything, and nobody waits for it or notices it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from pymongo import MongoClient

from closedloop import rebuild
from closedloop.outsiders.lag import Lag
from closedloop.stack import SERVICES, Endpoints, Stack, StackSettings, provision
from closedloop.stack.http_ready import answers
from closedloop.stack.secret import PSEUDONYM_KEY
from schemas.envelope import header
from schemas.topics import COMPLAINTS, DEAD_LETTERS, group_of
from services.shared.broker.lag import LagMeter
from services.shared.broker.pacing import Readers
from services.shared.broker.provisioning import apply
from tests import chronicle
from tests.conftest import OWN_CLUSTERS, SECRET
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

HELD = replace(chronicle.SPEC, name="chronicle-held", env={**chronicle.SPEC.env, chronicle.HELD: "yes"})
DOWN_S = 120
"""Longer than it takes a busy machine to read the log."""
LETTERS = DEAD_LETTERS.of(chronicle.NAME)


def prepared(endpoints: Endpoints) -> None:
    provision(endpoints)
    apply(endpoints.kafka, {LETTERS: DEAD_LETTERS})


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """The real services, one that only reads, and one more that never becomes ready."""
    data, env = tmp_path_factory.mktemp("reading"), OWN_CLUSTERS | {PSEUDONYM_KEY: SECRET}
    services = (*SERVICES, chronicle.SPEC, HELD)
    with Stack(StackSettings(data=data, services=services, env=env, prepare=prepared)) as stack:
        stack.start(print)
        stack.wait_ready(chronicle.NAME, 150)
        yield (found := Outside(stack))
        found.close()


def noted(outside: Outside) -> dict[str, Any]:
    """What the service has noted, by complaint."""
    with MongoClient(outside.stack.endpoints.mongodb) as client:
        return {raw["_id"]: raw["case"] for raw in client[f"closedloop_{chronicle.NAME}"].cases.find()}


def has_noted_all(outside: Outside, complaint: str) -> bool:
    said = [type(fact).__name__ for fact in outside.facts(complaint)]
    return bool(noted(outside).get(complaint, {}).get("happened") == said)


def test_a_stack_becomes_ready_without_a_service_that_only_reads(outside: Outside) -> None:
    assert not answers(f"{outside.stack.endpoints.http[HELD.name]}/readyz")


def test_it_hears_every_fact_once_although_it_is_killed_and_says_nothing(outside: Outside) -> None:
    complaints = [outside.complaint(uuid4().hex) for _ in range(3)]
    outside.stack.kill(chronicle.NAME, signal.SIGKILL)
    for complaint in complaints:
        outside.reply("water", complaint, "answered", id=uuid4().hex)

    for complaint in complaints:
        eventually(lambda id=complaint: outside.facts(id, "VisitScheduled") and has_noted_all(outside, id), within=60)  # type: ignore[misc]
    assert outside.records(LETTERS) == []
    sources = {header(record.headers, "ce_source") for record in outside.records(COMPLAINTS.name)}
    assert f"/closedloop/{chronicle.NAME}".encode() not in sources


def test_while_it_stands_still_everybody_else_goes_on_and_it_reads_what_it_has_missed(outside: Outside) -> None:
    outside.stack.kill(chronicle.NAME, signal.SIGSTOP)

    try:
        complaint = outside.complaint(uuid4().hex)
        outside.reply("water", complaint, "answered", id=uuid4().hex)
        eventually(lambda: outside.facts(complaint, "VisitScheduled"), within=30)
        with closing(Lag(outside.stack.endpoints.kafka)) as lag:
            eventually(lambda: lag.look() == 0, within=30)
        left, slowest = asyncio.run(behind(outside.stack.endpoints.kafka))
    finally:
        outside.stack.kill(chronicle.NAME, signal.SIGCONT)

    assert left > 0 and slowest == 0
    eventually(lambda: has_noted_all(outside, complaint), within=60)


async def behind(kafka: str) -> tuple[int, int]:
    """How many facts it has not read, and how many the slowest of those who are waited for."""
    async with LagMeter(kafka) as meter:
        every = [TopicPartition(COMPLAINTS.name, n) for n in range(COMPLAINTS.partitions)]
        places = (await meter.of_partitions(group_of(chronicle.NAME), every)).values()
        readers = Readers(kafka)
        slowest = await readers.slowest()
        await readers._meter.close()
    return sum(at.left for at in places), slowest.left


@pytest.mark.soak
def test_what_it_knew_is_made_again_from_the_log(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = outside.complaint(uuid4().hex)
    eventually(lambda: has_noted_all(outside, complaint), within=60)
    before = noted(outside)
    monkeypatch.setattr(rebuild, "TABLES", {chronicle.NAME: chronicle.SERVICE})

    with MongoClient(outside.stack.endpoints.mongodb) as client:
        outside.stack.suspend(chronicle.NAME, DOWN_S)
        client.drop_database(f"closedloop_{chronicle.NAME}")
    result = made_again(outside.stack.endpoints)

    assert result.documents == len(before) and result.to_say == 0
    assert noted(outside) == before
    outside.stack.wait_ready(chronicle.NAME, 300)
    outside.reply("water", complaint, "answered", id=uuid4().hex)
    eventually(lambda: outside.facts(complaint, "VisitScheduled") and has_noted_all(outside, complaint), within=60)


def made_again(endpoints: Endpoints) -> rebuild.Result:
    return rebuild.rebuild(chronicle.NAME, endpoints.kafka, endpoints.mongodb, lambda line: None)
