"""Of records that are turned away together few stand between their notice and their dead letter."""

from __future__ import annotations

import asyncio
from itertools import accumulate
from random import Random

from prometheus_client import CollectorRegistry

from schemas.topics import DEAD_LETTERS, REPLIES
from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import TOGETHER, Loop
from services.shared.loop.outbox import Outbox
from services.shared.machine.letters import Origin
from services.shared.process.feeding import work_of
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import ROUTER, book, hour
from tests.unit.shared.hosts import Place, Shown
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run

COUNT = 10 * TOGETHER


def test_a_process_that_dies_at_work_has_few_notices_to_say_again() -> None:
    records = [Origin(REPLIES.of("water"), 0, offset, 0, None, b"?") for offset in range(COUNT)]

    async def said() -> list[str]:
        place = Place(Shown(), Random(0))
        measures = Measures(ROUTER.name, (), CollectorRegistry())
        store = MemoryStore(place.memory, case=ROUTER.case)
        loop = Loop(ROUTER, store, Outbox(Publisher(place)), book(), Clock(), measures, lambda: hour(1))
        running = asyncio.create_task(loop.run())
        await loop.finish(work_of(ROUTER, loop, records))
        running.cancel()
        return [message.topic for _, message in place.log]

    topics = run(said())
    waiting = [*accumulate(1 if DEAD_LETTERS.member(topic) is None else -1 for topic in topics)]

    assert len(topics) == 2 * COUNT and waiting[-1] == 0
    assert min(waiting) >= 0 and max(waiting) <= TOGETHER
