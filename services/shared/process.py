"""One process of a service: constructs the clients, starts the parts in order, and ends the process when one fails."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from fastapi import FastAPI, HTTPException

from schemas.envelope import Unreadable
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS, POLICIES
from services.shared import http, logs, provisioning
from services.shared.clock import Clock
from services.shared.failures import NotYet
from services.shared.health import Health, LagProbe
from services.shared.letters import Origin
from services.shared.loop import Loop, Work, patiently
from services.shared.machine import Document, Input, Service
from services.shared.measures import Measures
from services.shared.policies import PolicyBook
from services.shared.publisher import Elsewhere, Publisher, new_producer
from services.shared.reading import read, unreadable
from services.shared.settings import Settings
from services.shared.store import Store
from services.shared.sweeper import Sweeper
from services.shared.tally import Counts
from services.shared.timers import Poller
from services.shared.transport import Inlet
from services.shared.wall import Wall

STOP_S = 20.0
DECIDE_S = 10.0
CRASHED, MISCONFIGURED, STUCK = 70, 78, 75
FETCHES_IN_HAND = 8
"""How many fetched batches may wait for the loop: a backlog is not read into memory whole."""
LOOK_S = 0.05
PROGRESS_S = 0.05
TALLY_S = 10.0
TOPICS_LOOK_S = 15.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Role:
    """What this process does for its service, beside answering HTTP."""

    consumes: bool = True
    sweep_age_s: float = 2.0
    sweep_every_s: float = 1.0


class Process:
    """The composition root that all services share."""

    def __init__(self, service: Service, settings: Settings, role: Role, counts: Counts) -> None:
        self.service, self.settings, self.role = service, settings, role
        self.health, self.measures = Health(), Measures(service.name, counts)
        self.app: FastAPI = http.new_app(f"closedloop {service.name}", self.health)
        self.store = Store(settings.mongodb, service.name, service.case)
        self.wall = Wall(self.store.now)
        self.policies = PolicyBook(self.store, settings.policies)
        self.clock_known = asyncio.Event()
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self._tasks: set[asyncio.Task[Any]] = set()
        self._over: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.clock = Clock()
        self._room = asyncio.Semaphore(FETCHES_IN_HAND)
        self.loop: Loop
        self.inlet: Inlet

    async def run(self) -> int:
        """Run until told to stop or until a part fails; returns the exit code."""
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self.end, 0)
        for part in ("database", "policies", *(("kafka", "partitions") if self.role.consumes else ())):
            self.health.need(part, "not reached yet")
        server = http.Server(self.app, self.settings.host, self.settings.port)
        self.start("http", server.serve())
        self.start("start-up", self._start_up())
        code = await self._over
        self.health.need("process", "is stopping")
        stopped = await self._stop(5.0 if code else STOP_S)
        return code if stopped else STUCK

    async def decide(self, given: Input[Any]) -> Document:
        """Decide one command; returns its document once the decision is durable. 503 while the process is not ready."""
        if not self.clock_known.is_set():
            raise HTTPException(503, f"not ready: {self.health.missing or 'waiting for the clock'}")
        try:
            return await asyncio.wait_for(self.loop.ask(given), DECIDE_S)
        except TimeoutError as late:
            raise HTTPException(503, "the database does not answer: try again with the same key") from late

    async def case(self, id: str) -> Any:
        """What this service remembers of one subject; 404 where it knows nothing."""
        document = (await self.store.load([id])).get(id)
        if document is None or document.case is None:
            raise HTTPException(404, "nothing is known under this id here")
        return document.case

    def start(self, name: str, part: Coroutine[Any, Any, Any]) -> None:
        """Run a part beside the others; if it fails, the process ends."""
        task = asyncio.create_task(part, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._part_ended)

    def end(self, code: int) -> None:
        """Ask the process to stop; the first to ask decides the exit code."""
        if not self._over.done():
            self._over.set_result(code)

    def _part_ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, provisioning.Mismatch):
            log.error("refusing to start", problem=str(error))
            self.end(MISCONFIGURED)
        elif error is not None:
            log.error("a part failed, the process ends", part=task.get_name(), exc_info=error)
            self.end(CRASHED)

    async def _start_up(self) -> None:
        await patiently(self.store.prepare, self.measures)
        await patiently(self.wall.look, self.measures)
        self.health.have("database")
        self.start("policies", self._follow_policies())
        while not self.policies.known:
            self.health.need("policies", "no policy pack has been published")
            await asyncio.sleep(LOOK_S)
        self.health.have("policies")
        publisher: Publisher = Elsewhere()
        if self.role.consumes:
            topics = await self._topics()
            producer = new_producer(self.settings.kafka)
            await until_reached(producer.start, "producer")
            publisher = Publisher(producer)
        self.loop = Loop(self.service, self.store, publisher, self.policies, Clock(), self.measures, self.wall.now)
        http.add_second_tries(self.app, self.store, lambda: self.loop, self._read)
        if self.role.consumes:
            await self._consume(topics)
        self.start("clock", self._begin())

    async def _follow_policies(self) -> None:
        await patiently(self.policies.reload, self.measures)
        if self.role.consumes:
            await until_reached(lambda: self.policies.follow(self.settings.kafka), "policies")
        else:
            await self.policies.keep_reloading()

    async def _topics(self) -> list[str]:
        fixed = {t.name: t for t in (FACTS, POLICIES)} | {DEAD_LETTERS.of(self.service.name): DEAD_LETTERS}
        families = tuple(edge.topic for edge in self.service.edges)
        members: list[str] = await until_reached(
            lambda: asyncio.to_thread(provisioning.check, self.settings.kafka, fixed, families), "kafka"
        )
        self.health.have("kafka")
        return [FACTS.name, *members]

    async def _consume(self, topics: list[str]) -> None:
        self.inlet = Inlet(
            f"closedloop-{self.service.name}", self.settings.kafka, topics, self._feed, self.settings.instance
        )
        await self.inlet.start()
        self.start("consumer", self._watch_inlet())
        self.start("assignment", self._await_assignment())
        probe = LagProbe(self.inlet.app.conf.id, self.settings.kafka, self.inlet.owned, self.health, self.measures)
        self.start("lag", probe.run())
        self.start("topics", self._watch_topics(set(topics)))

    async def _await_assignment(self) -> None:
        while not self.inlet.owned():  # noqa: ASYNC110 - Faust has no event for it
            await asyncio.sleep(LOOK_S)
        self.health.have("partitions")

    async def _watch_inlet(self) -> None:
        await self.inlet.stopped()
        if not self._over.done():
            raise RuntimeError(f"the consumer stopped by itself: {self.inlet.crashed!r}")

    async def _watch_topics(self, subscribed: set[str]) -> None:
        """A new department or source brings new topics: begin again with them subscribed."""
        while True:
            await asyncio.sleep(TOPICS_LOOK_S)
            fresh = set(await self._topics()) - subscribed
            if fresh:
                log.info("new topics: starting again to subscribe them", topics=sorted(fresh))
                self.end(0)

    async def _begin(self) -> None:
        """Once the clock is known: decide, publish, fire."""
        if self.settings.clock == "record":
            self.clock = self.loop.clock = await patiently(self._the_clock, self.measures)
        self.clock_known.set()
        self.start("loop", self.loop.run())
        self.start("wall", self._keep_wall())
        if not self.role.consumes:
            return
        sweeper = Sweeper(self.loop, self.store, self.role.sweep_age_s, self.role.sweep_every_s)
        self.start("sweeper", sweeper.sweep_for_ever())
        self.start("clearing", sweeper.clear_for_ever())
        self.start("tally", self._keep_tally())
        if self.service.next_due is not None:
            self.start("timers", Poller(self.loop, self.store, self.wall, self.loop.clock, self._decided).run())
            self.start("progress", self._tell_progress())

    async def _the_clock(self) -> Clock:
        clock = await self.store.clock()
        if clock is None:
            raise NotYet("the clock record has not been written")
        return clock

    async def _feed(self, records: list[Origin], settled: Callable[[], None]) -> None:
        await self.clock_known.wait()
        await self._room.acquire()

        def done(documents: Mapping[str, Document]) -> None:
            self._room.release()
            settled()

        work = self._read(records)
        work.done = done
        self.measures.count(work.inputs)
        await self.loop.put(work)

    def _read(self, records: list[Origin]) -> Work:
        work = Work()
        for origin in records:
            try:
                given = read(self.service, origin, self.loop.clock)
            except Unreadable as problem:
                work.strays += unreadable(self.service, origin, problem, self.loop.clock, self.wall.now())
            else:
                work.inputs += [] if given is None else [given]
        return work

    async def _keep_wall(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            await patiently(self.wall.look, self.measures)
            self.measures.clock.set(self.clock.virtual(self.wall.now()).timestamp())

    async def _keep_tally(self) -> None:
        while True:
            for state, documents in (await patiently(self.store.tally, self.measures)).items():
                self.measures.tally.labels(self.service.name, state).set(documents)
            await asyncio.sleep(TALLY_S)

    async def _decided(self) -> Mapping[int, datetime]:
        told = await self.store.progress()
        return told | self.inlet.decided(FACTS.name)

    async def _tell_progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            decided, now = self.inlet.decided(FACTS.name), self.wall.now()
            await patiently(lambda d=decided, n=now: self.store.tell_progress(self.name, d, n), self.measures)  # type: ignore[misc]

    async def _stop(self, grace_s: float) -> bool:
        left = not hasattr(self, "inlet") or await self.inlet.stop(grace_s)
        if hasattr(self, "loop") and left:
            await asyncio.wait({asyncio.create_task(self.loop.drained())}, timeout=grace_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.wait({asyncio.create_task(self.store.close())}, timeout=2.0)
        return left


async def until_reached(attempt: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Repeat until the broker can be reached; what is configured wrongly is raised at once."""
    pause = 0.2
    while True:
        try:
            return await attempt()
        except provisioning.Mismatch:
            raise
        except Exception as error:  # each client has its own error for an absent broker
            log.warning("waiting for Kafka", what=what, problem=repr(error)[:200], pause_s=pause)
        await asyncio.sleep(pause)
        pause = min(2.0, pause * 2)


def run(table: Callable[[Settings], Service], role: Role, counts: Counts, routes: Callable[[Process], None]) -> None:
    """Run one process of a service until it ends, and exit with its code."""
    settings = Settings.from_environment()
    service = table(settings)
    logs.set_up(service.name, settings.log_level)

    async def until_over() -> int:
        process = Process(service, settings, role, counts)
        routes(process)
        return await process.run()

    code = asyncio.run(until_over())
    # Threads of a client that still waits for a broker would keep the process alive.
    os._exit(code)
