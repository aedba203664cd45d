"""The records' way into a process: which topics it reads, what it owns of them, how a fetch becomes work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from schemas.envelope import Unreadable
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS, POLICIES, Topic, group_of
from services.shared.broker import provisioning
from services.shared.broker.ahead import Ahead
from services.shared.broker.appended import OwnRecords
from services.shared.broker.coverage import Coverage
from services.shared.broker.probe import Probe
from services.shared.broker.succession import succeed
from services.shared.broker.transport import Inlet
from services.shared.database.stops import Stopbook
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.loop.old_letters import Letters
from services.shared.loop.retry import patiently, until_reached
from services.shared.loop.stopping import Stopping
from services.shared.loop.work import Work
from services.shared.machine.documents import Document
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read, unreadable
from services.shared.machine.stopping import may_stop
from services.shared.machine.table import Service
from services.shared.process.settings import Settings
from services.shared.watching.health import Health

FETCHES_IN_HAND = 8
"""How many fetched batches may wait for the loop: a backlog is not read into memory whole."""
PROGRESS_S = 1.0
"""How often the other processes hear how far this one is: its own timers do not wait for that."""
log = structlog.get_logger()


def work_of(service: Service, loop: Loop, records: list[Origin]) -> Work:
    """The inputs in these records, and dead letters for records that cannot be read."""
    work = Work(patient=True)
    for origin in records:
        try:
            given = read(service, origin, loop.clock)
        except Unreadable as problem:
            work.strays += unreadable(service, origin, problem, loop.clock, loop.real_now())
        else:
            work.inputs += [] if given is None else [given]
    return work


async def topics_of(service: Service, kafka: str) -> list[str]:
    """The topics that this service reads and that exist; waits for the broker. Raises provisioning.Mismatch."""
    fixed = {t.name: t for t in (FACTS, POLICIES)} | {DEAD_LETTERS.of(service.name): DEAD_LETTERS}
    families = tuple(edge.topic for edge in service.every_edge)
    members = await until_reached(lambda: asyncio.to_thread(provisioning.check, kafka, fixed, families), "kafka")
    return [FACTS.name, *members]


class Feeding:
    """Joins the group and feeds the loop once `go` is set; its `parts` run for as long as the process."""

    def __init__(
        self, loop: Loop, store: Store, settings: Settings, topics: list[str], own: OwnRecords, go: asyncio.Event
    ) -> None:
        self._loop, self._store, self._settings, self._go = loop, store, settings, go
        self.stopping = Stopping(loop, store, Stopbook(store), Ahead(settings.kafka), settings.most_in_a_row)
        self._room = asyncio.Semaphore(FETCHES_IN_HAND)
        group = group_of(loop.service.name)
        self._letters = loop.letters = Letters(settings.kafka, loop.service.name, loop.measures)
        self.inlet = Inlet(group, settings.kafka, topics, self._feed, settings.instance, own)

    async def join(self) -> None:
        """Join the group, waiting for the broker; whoever had this process's name before makes room."""
        await patiently(self.stopping.look, self._loop.measures)
        if (name := self._settings.instance) is not None:
            ours = partial(succeed, self._settings.kafka, self.inlet.group, name, self.inlet.topics)
            if await until_reached(lambda: asyncio.to_thread(ours), "group"):
                log.info("a predecessor that read other topics was taken out of the group")
        await self.inlet.start()

    def parts(self, health: Health, process: str) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
        """The tasks that run while records are read: the process ends when one of them fails."""
        measures, families = self._loop.measures, (edge.topic for edge in self._loop.service.every_edge)
        self.coverage = Coverage(self.inlet, families, health, measures, time.monotonic, self._differing)
        yield "consumer", self._watch()
        yield "reach", self._remember_reach()
        yield "stops", self.stopping.run(self.inlet.held, health)
        yield "probe", Probe(self._settings.kafka, self.inlet, self.coverage, health, measures).run()
        if self._loop.service.has_timers or self._loop.service.waits:
            yield "progress", self._tell_progress(process)

    async def read_until(self) -> Mapping[int, datetime]:
        """Up to which append time each partition of the facts is settled, by anybody; our own word is the freshest."""
        mine, all = await asyncio.gather(self._read_here(), self._store.read_until())
        return {**all, **mine}

    async def _read_here(self) -> Mapping[int, datetime]:
        return await self.inlet.read_until(FACTS.name, self._loop.real_now())

    async def wait_for_new_topics(self) -> None:
        """Returns when a new department or source has brought topics that are not subscribed."""
        fresh = await self.coverage.new_topics
        log.info("new topics: starting again to subscribe them", topics=fresh)

    async def _feed(self, records: list[Origin], settled: Callable[[], None]) -> list[Origin]:
        await self._go.wait()
        records = await self._letters.open_ones(records, self.inlet.generation)
        if records and may_stop(records[0].topic):
            return await self.stopping.feed(records, settled, self._work_of, self._put)
        work = self._work_of(records)
        work.done = lambda documents: settled()
        await self._put(work)
        return []

    def _work_of(self, records: list[Origin]) -> Work:
        return work_of(self._loop.service, self._loop, records)

    async def _put(self, work: Work) -> None:
        await self._room.acquire()
        decided = work.done

        def done(documents: dict[str, Document]) -> None:
            self._room.release()
            decided(documents)

        work.done = done
        self._loop.measures.count(work.inputs)
        await self._loop.put(work)

    async def _differing(self, topics: Mapping[str, Topic]) -> Mapping[str, str]:
        return await asyncio.to_thread(provisioning.differing, self._settings.kafka, topics)

    async def _watch(self) -> None:
        await self.inlet.stopped()
        raise RuntimeError(f"the consumer stopped by itself: {self.inlet.crashed!r}")

    async def _remember_reach(self) -> None:
        """How far the database has read the facts: beside a log that ends before that, nobody starts on it."""
        await self._go.wait()
        kept: Mapping[int, int] = {}
        while True:
            await asyncio.sleep(PROGRESS_S)
            if (reach := self.inlet.settled(FACTS.name)) != kept:
                await patiently(partial(self._store.keep_reach, reach), self._loop.measures)
                kept = reach

    async def _tell_progress(self, process: str) -> None:
        await self._go.wait()
        while True:
            await asyncio.sleep(PROGRESS_S)
            read = await self._read_here()
            tell = partial(self._store.tell_read_until, process, read, self._loop.real_now())
            await patiently(tell, self._loop.measures)
