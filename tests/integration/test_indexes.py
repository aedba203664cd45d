"""A look into the database reads few index keys, and indexes of older versions are gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from closedloop.stack import Stack
from schemas.envelope import Message
from services.shared.database.store import Store
from services.shared.machine.documents import Outgoing, Parked, Timer
from tests.builders import ROUTER, hour
from tests.integration.site import empty, opened

pytestmark = pytest.mark.stack

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def store(stack: Stack) -> AsyncIterator[Store]:
    async with opened(stack.endpoints.mongodb, ROUTER) as site:
        yield site.store()


async def looks(store: Store) -> list[Any]:
    """What reading of the documents cost since somebody began to watch."""
    await store.database.command("profile", 0)
    return await store.database["system.profile"].find({"ns": f"{store.database.name}.cases"}).to_list()


async def test_the_census_reads_its_index_and_no_document(store: Store) -> None:
    await store.save([(empty(str(n)), Timer(hour(n), "water", ("answer",))) for n in range(200)], NOW)
    await store.save([(empty(str(n)), None) for n in range(200, 300)], NOW)
    await store.database.command("profile", 2)

    await store.census()

    (look,) = await looks(store)
    assert (look["keysExamined"], look["docsExamined"]) == (200, 0)


async def test_what_the_living_are_to_say_is_passed_over_in_the_index(store: Store) -> None:
    unsaid = (Outgoing(1, Message("somewhere", "a", b"{}", ())),)
    said_by = {"dead": 3, "one": 100, "two": 100, "me": 100}
    ids = [(f"{sayer}-{n}", sayer) for sayer, count in said_by.items() for n in range(count)]
    await store.save([(empty(id, unsaid=unsaid, sayer=sayer), None) for id, sayer in ids], NOW)
    await store.database.command("profile", 2)

    found = await store.unsaid(NOW + timedelta(seconds=1), 1_000, living=("one", "two", "me"), me="me")

    (look,) = await looks(store)
    assert {sayer for _, sayer in found} == {"dead"}
    assert look["docsExamined"] == 3 and look["keysExamined"] < 20


async def test_what_stands_still_is_counted_without_a_look_at_the_rest(store: Store) -> None:
    unsaid, parked = (Outgoing(1, Message("somewhere", "a", b"{}", ())),), Parked("a bug", NOW)
    await store.save([(empty(str(n)), None) for n in range(200)], NOW)
    await store.save([(empty("unsaid", unsaid=unsaid), None), (empty("parked", parked=parked), None)], NOW)
    await store.database.command("profile", 2)

    found = await store.tally()

    every = await looks(store)
    assert (found["parked"], found["unsaid"]) == (1, 1)
    assert sum(look["docsExamined"] for look in every) <= sum(found.values())


async def test_indexes_of_older_versions_are_removed_and_one_of_somebody_else_stays(store: Store) -> None:
    documents = store.database.get_collection("cases")
    made = {*(await documents.index_information())}
    for keys in ("saved_at", [("lane", 1), ("next_due", 1)], "stage", "sweep_at"):
        await documents.create_index(keys, partialFilterExpression={"next_due": {"$exists": True}})
    await documents.create_index("case.department")

    await store.prepare()

    assert {*(await documents.index_information())} == made | {"case.department_1"}
