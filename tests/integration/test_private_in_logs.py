"""Who complains stands in no log: neither in the database's, however slow it is, nor in that of a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pymongo import MongoClient

from closedloop.stack import Stack
from services.intake.service import SERVICE as INTAKE
from tests.integration.site import empty, opened

pytestmark = pytest.mark.stack

PHONE, NAME = "13800138000", "zhao-qian-sun-li"
SLOW = "sleep(300) || true"
"""Longer than what MongoDB takes for slow."""


async def test_contact_data_stand_in_no_log_of_the_database_however_slow_it_is(stack: Stack) -> None:
    log = stack.data / "logs" / "mongodb.log"
    contact = {"name": NAME, "phone": PHONE}
    async with opened(stack.endpoints.mongodb, INTAKE) as site:
        store = site.store()
        await store.save([(replace(empty(), contact=contact), None)], datetime.now(UTC))
        with MongoClient(stack.endpoints.mongodb) as client:
            cases = client[store.database.name]["cases"]
            assert cases.find_one({"contact.phone": PHONE, "$where": SLOW}) is not None
            cases.update_many({"$where": SLOW}, {"$set": {"contact": {**contact, "email": "a@b.example"}}})
        await store.close()

    found = log.read_text(errors="replace")
    assert "Waiting for connections" in found and not [word for word in (PHONE, NAME, "a@b.example") if word in found]
