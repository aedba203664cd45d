"""What the database keeps of partitions that are not read on, for all processes of a service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from closedloop.stack import Stack
from schemas.topics import REPLIES
from services.shared.database.stops import Stopbook
from services.shared.machine.stopping import Stop
from tests.builders import ROUTER
from tests.integration.site import Site, opened

pytestmark = pytest.mark.stack

WATER = REPLIES.of("water")
STOP = Stop(WATER, 0, 7, datetime(2026, 9, 14, 8, 30, tzinfo=UTC), "unreadable")


@pytest.fixture
async def site(stack: Stack) -> AsyncIterator[Site]:
    async with opened(stack.endpoints.mongodb, ROUTER) as found:
        yield found


async def test_a_stop_is_known_to_every_process_until_one_of_them_is_told_to_go_on(site: Site) -> None:
    here, there = Stopbook(site.store()), Stopbook(site.store())

    await here.keep(STOP)
    assert await there.all() == {STOP.place: STOP}
    await there.go_on(STOP, 12)

    assert await here.all() == {STOP.place: replace(STOP, read_until=12)}


async def test_whoever_is_told_of_an_older_stop_does_not_end_a_newer_one(site: Site) -> None:
    book, later = Stopbook(site.store()), replace(STOP, offset=30)

    await book.keep(STOP)
    await book.keep(later)
    await book.go_on(STOP, 12)

    assert await book.all() == {STOP.place: later}


async def test_beside_another_broker_nothing_has_stopped(site: Site) -> None:
    store = site.store()
    await Stopbook(store).keep(STOP)

    await store.keep_mark("another cluster", "this one")

    assert await Stopbook(store).all() == {}
