"""Processes of one service that begin at the same moment agree on the name of their database."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from closedloop.stack import Stack
from services.router.model import Case
from services.shared.store import Store

pytestmark = pytest.mark.stack


async def test_of_processes_that_begin_together_the_first_one_names_the_database(stack: Stack) -> None:
    service = f"test_{uuid.uuid4().hex[:8]}"
    stores = [Store(stack.endpoints.mongodb, service, Case) for _ in range(8)]

    marks = await asyncio.gather(*(store.keep_first_mark("broker-1", f"name-{n}") for n, store in enumerate(stores)))

    assert len({mark["database"] for mark in marks}) == 1
    assert await stores[0].mark() == marks[0]
    await asyncio.gather(*(store.close() for store in stores))
