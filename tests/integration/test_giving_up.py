"""What waits for its case in a real database: found when it is over, told even if a process dies, and nothing left."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from closedloop.stack import Stack
from schemas.envelope import text_header
from schemas.topics import DEAD_LETTERS, QUEUE, REPLIES
from services.shared.broker.partition import partition_of
from services.shared.database.store import Store
from services.shared.loop.giving_up import EMPTY_FOR, GivingUp, forget
from services.shared.loop.loop import Loop
from services.shared.loop.sweeper import Sweeper
from services.shared.machine.early import SKEW, WAIT
from services.shared.machine.letters import Origin
from services.shared.process.feeding import work_of
from services.shared.timing.clock import EPOCH, MILLISECOND
from tests.builders import ROUTER
from tests.integration.site import Broker, Site, opened, running
from tests.unit.shared.memory_store import Memory, MemoryStore

pytestmark = pytest.mark.stack

NOBODY = "00000000-0000-5000-8000-000000000000"
ARRIVED = datetime.now(UTC).replace(microsecond=0)
OVER = ARRIVED + WAIT + SKEW


@pytest.fixture
async def router(stack: Stack) -> AsyncIterator[Site]:
    async with opened(stack.endpoints.mongodb, ROUTER) as site:
        yield site


@pytest.fixture(params=["mongodb", "memory"])
def store(request: pytest.FixtureRequest, router: Site) -> Store:
    """The real store, and the one that unit tests put in its place."""
    return router.store() if request.param == "mongodb" else MemoryStore(Memory(), case=ROUTER.case)


def reply(offset: int = 0) -> Origin:
    body = json.dumps({"id": f"r-{offset}", "complaint_id": NOBODY, "reply": "accepted"}).encode()
    return Origin(REPLIES.of("water"), 0, offset, (ARRIVED - EPOCH) // MILLISECOND, None, body)


def giving_up(loop: Loop, store: Store, read_until: datetime) -> GivingUp:
    async def decided() -> dict[int, datetime]:
        return {partition_of(NOBODY): read_until}

    return GivingUp(loop, store, decided)


async def test_what_waits_is_given_up_once_the_facts_are_read_so_far_and_not_before(router: Site, store: Store) -> None:
    broker = Broker()
    loop = router.loop(store, broker)
    async with running(loop):
        await loop.finish(work_of(ROUTER, loop, [reply(0), reply(1)]))

        waiting = (await store.load([NOBODY]))[NOBODY].early
        looked = [await giving_up(loop, store, at).look() for at in (OVER - MILLISECOND, OVER, OVER)]
        await loop.drained()

    assert [origin.offset for origin in waiting] == [0, 1]
    assert looked == [0, 1, 0]
    assert [m.topic for m in broker.log] == 2 * [DEAD_LETTERS.of("router"), QUEUE.of("water")]


async def test_a_process_that_dies_as_it_gives_up_leaves_what_it_had_to_say_to_the_next(
    router: Site, store: Store
) -> None:
    deaf, broker = Broker(), Broker()
    deaf.deaf = True
    dying, next = router.loop(store, deaf), router.loop(store, broker, later=timedelta(minutes=1))
    async with running(dying):
        await dying.finish(work_of(ROUTER, dying, [reply()]))
        await giving_up(dying, store, OVER).look()

    async with running(next):
        await Sweeper(next, store, 1.0, broker).sweep()
        await next.drained()

    assert [m.topic for m in broker.log] == [DEAD_LETTERS.of("router"), QUEUE.of("water")]


async def test_a_document_in_which_nothing_is_left_is_removed_and_takes_what_comes_anew(
    router: Site, store: Store
) -> None:
    broker = Broker()
    loop = router.loop(store, broker)
    much_later = router.loop(store, broker, later=2 * EMPTY_FOR)
    async with running(loop, much_later):
        await loop.finish(work_of(ROUTER, loop, [reply()]))
        await giving_up(loop, store, OVER).look()
        await loop.drained()
        await forget(loop, store)
        stays = await store.load([NOBODY])
        await store.clear({NOBODY: stays[NOBODY].sequence})
        await forget(much_later, store)
        gone = await store.load([NOBODY])
        await loop.finish(work_of(ROUTER, loop, [reply(7)]))
        anew = (await store.load([NOBODY]))[NOBODY]

    assert set(stays) == {NOBODY} and gone == {}
    assert [origin.offset for origin in anew.early] == [7]
    assert len({text_header(m.headers, "ce_id") for m in broker.log}) == len(broker.log) == 2
