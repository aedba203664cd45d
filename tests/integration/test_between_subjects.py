"""A service with two tables beside a running system: its subjects tell each other things, each once."""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import TopicPartition
from pymongo import MongoClient

from closedloop import rebuild
from closedloop.stack import SERVICES, Endpoints, Stack, StackSettings, provision
from closedloop.stack.secret import PSEUDONYM_KEY
from schemas.base import ToAnother
from schemas.envelope import complaint_id, read_fact, text_header
from schemas.topics import COMPLAINTS, DEAD_LETTERS, SUBMISSIONS, group_of
from services.shared.broker.lag import LagMeter
from services.shared.broker.provisioning import apply
from tests import matters
from tests.conftest import OWN_CLUSTERS, SECRET
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

MANY = 45
DOWN_S = 120
"""Longer than it takes a busy machine to read the log."""
SECOND = replace(matters.SPEC, name=f"{matters.NAME}-2")
BOTH = (matters.SPEC.name, SECOND.name)


def prepared(endpoints: Endpoints) -> None:
    provision(endpoints)
    apply(endpoints.kafka, {DEAD_LETTERS.of(matters.NAME): DEAD_LETTERS})


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """The real services, and two processes of one with two tables."""
    data, env = tmp_path_factory.mktemp("between"), OWN_CLUSTERS | {PSEUDONYM_KEY: SECRET}
    services = (*SERVICES, matters.SPEC, SECOND)
    with matters.known(), Stack(StackSettings(data=data, services=services, env=env, prepare=prepared)) as stack:
        stack.start(print)
        for name in BOTH:
            stack.wait_ready(name, 150)
        yield (found := Outside(stack))
        found.close()


def cases(outside: Outside) -> dict[str, Any]:
    """What the service knows of each of its subjects."""
    with MongoClient(outside.stack.endpoints.mongodb) as client:
        return {raw["_id"]: raw["case"] for raw in client[f"closedloop_{matters.NAME}"].cases.find()}


def come(outside: Outside, area: str, many: int) -> list[str]:
    """So many complaints of one area have joined its matter."""
    numbers = [uuid4().hex for _ in range(many)]
    for number in numbers:
        outside.sends(SUBMISSIONS.of("app"), {"id": number, "subject": "x", "category": "water/leak", "area": area})
    ids = [complaint_id("app", number) for number in numbers]
    joined = lambda: cases(outside).get(matters.KIND + area, {}).get("members", ())  # noqa: E731
    eventually(lambda: {*ids} <= {*joined()}, within=90)
    return ids


def told(outside: Outside, area: str) -> int:
    return int(cases(outside)[matters.KIND + area].get("told", 0))


def all_have_heard(outside: Outside, area: str) -> bool:
    known = cases(outside)
    matter = known[matters.KIND + area]
    heard = [known[id].get("heard") for id in matter["members"]]
    return bool(matter.get("told") == len(heard) and heard == [[n] for n in range(1, len(heard) + 1)])


def to_others(outside: Outside) -> dict[tuple[str, int], set[ToAnother]]:
    """By sender and number what was said to others."""
    found = defaultdict[tuple[str, int], set[ToAnother]](set)
    for record in outside.records(COMPLAINTS.name):
        said = read_fact(record.headers, record.value)[0]
        if isinstance(said, ToAnother):
            found[text_header(record.headers, "ce_subject") or "", said.number].add(said)
    return found


def test_a_matter_tells_each_of_its_complaints_once_although_processes_are_killed_meanwhile(outside: Outside) -> None:
    ids = come(outside, "north", MANY)
    outside.reply("water", ids[0], "answered", id=uuid4().hex)
    eventually(lambda: told(outside, "north"), within=60, every=0.01)

    for name in BOTH:
        outside.stack.kill(name, signal.SIGKILL)

    eventually(lambda: all_have_heard(outside, "north"), within=90)
    assert sorted(cases(outside)["matter/north"]["members"]) == sorted(ids)
    assert {len(contents) for contents in to_others(outside).values()} == {1}
    assert outside.records(DEAD_LETTERS.of(matters.NAME)) == []
    eventually(lambda: asyncio.run(behind(outside.stack.endpoints.kafka)) == 0, within=30)


async def behind(kafka: str) -> int:
    async with LagMeter(kafka) as meter:
        every = [TopicPartition(COMPLAINTS.name, n) for n in range(COMPLAINTS.partitions)]
        places = (await meter.of_partitions(group_of(matters.NAME), every)).values()
    return sum(at.left for at in places)


@pytest.mark.soak
def test_what_all_subjects_knew_is_made_again_from_the_log(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = come(outside, "south", 5)
    outside.reply("water", ids[0], "answered", id=uuid4().hex)
    eventually(lambda: all_have_heard(outside, "south"), within=60)
    before = cases(outside)
    monkeypatch.setattr(rebuild, "TABLES", {matters.NAME: matters.SERVICE})

    for name in BOTH:
        outside.stack.suspend(name, DOWN_S)
    with MongoClient(outside.stack.endpoints.mongodb) as client:
        client.drop_database(f"closedloop_{matters.NAME}")
    result = made_again(outside.stack.endpoints)

    assert (result.documents, result.to_say) == (len(before), 0)
    assert cases(outside) == before
    for name in BOTH:
        outside.stack.wait_ready(name, 300)
    come(outside, "south", 1)
    eventually(lambda: all_have_heard(outside, "south"), within=90)


def made_again(endpoints: Endpoints) -> rebuild.Result:
    return rebuild.rebuild(matters.NAME, endpoints.kafka, endpoints.mongodb, lambda line: None)


def test_operators_try_a_parked_matter_again_by_its_id(outside: Outside) -> None:
    come(outside, "west", 1)
    outside.sends(COMPLAINTS.name, b"{", [("ce_type", b"closedloop.matter.asked.v1")], key=b"matter/west")
    url = outside.stack.endpoints.http[matters.NAME]
    eventually(lambda: [p["id"] for p in httpx.get(f"{url}/parked", timeout=60).json()] == ["matter/west"], within=30)

    tried = httpx.post(f"{url}/parked/matter/west/release", timeout=60)

    assert (tried.status_code, tried.json()["id"], tried.json()["taken"]) == (200, "matter/west", False)
