"""One process of a service: constructs the clients, starts the parts in order, and ends the process when one fails."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI

from schemas.refusals import because
from services.shared.broker.appended import OwnRecords
from services.shared.broker.last_words import LastWords
from services.shared.broker.outlet import Outlet
from services.shared.broker.pacing import Readers
from services.shared.broker.publisher import Publisher
from services.shared.database.registry import Leasebook
from services.shared.database.server_time import Wall
from services.shared.database.store import Store
from services.shared.loop.gate import Gate
from services.shared.loop.giving_up import GivingUp, forget_for_ever
from services.shared.loop.leases import Leases
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Elsewhere, Outbox
from services.shared.loop.policy_feed import PolicyFeed
from services.shared.loop.retry import patiently, until_reached
from services.shared.loop.sweeper import Sweeper
from services.shared.loop.timer_gauges import Census, Levels
from services.shared.loop.timers import Poller
from services.shared.machine.documents import Document, Input
from services.shared.machine.failures import NotYet, Temporary
from services.shared.machine.policies import PolicyBook
from services.shared.machine.table import Service
from services.shared.process import http
from services.shared.process.belonging import UNFINISHED, make_sure, recognise
from services.shared.process.feeding import Feeding, topics_of, work_of
from services.shared.process.parts import Parts
from services.shared.process.problems import Refusal
from services.shared.process.settings import Settings
from services.shared.timing.clock import Clock
from services.shared.watching import logs
from services.shared.watching.fact_counters import counts
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures

STOP_S = 20.0
CRASH_STOP_S = 5.0
DECIDE_S = 10.0
RESIGN_S = 2.0
MOST_ALIKE = 10
STUCK = 75
LOOK_S = 0.05
LOOKS_PER_TALLY = 10
GARBAGE = 200_000
"""After how many new objects the collector looks; at Python's 700 it takes a sixth of a busy service's time."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Role:
    """The parts that this process runs for its service, beside answering HTTP."""

    consumes: bool = True
    sweep_every_s: float = 0.25


class Process:
    """The composition root that all services share."""

    def __init__(self, service: Service, settings: Settings, role: Role, levels: Levels = ()) -> None:
        self.service, self.settings, self.role, self.levels = service, settings, role, levels
        self.health, self.measures = Health(), Measures(service.name, counts(service.every_line))
        self.app: FastAPI = http.new_app(f"closedloop {service.name}", self.health)
        self.store = Store(settings.mongodb, service.name, service.case, service.case_of)
        self.wall = Wall(self.store.now)
        self.policies = PolicyBook(settings.policies)
        self.clock = Clock()
        self._own = OwnRecords()
        self._go = asyncio.Event()
        self._parts = Parts()
        self._loop: Loop | None = None
        self._feeding: Feeding | None = None
        self._leases: Leases | None = None

    async def run(self) -> int:
        """Run until told to stop or until a part fails; returns the exit code."""
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self._parts.end, 0)
        for part in ("database", "policies", *(("kafka", "partitions") if self.role.consumes else ())):
            self.health.need(part, "not reached yet")
        self._parts.start("http", http.Server(self.app, self.settings.host, self.settings.port).serve())
        self._parts.start("start-up", self._start_up())
        code = await self._parts.over
        self.health.need("process", "is stopping")
        return code if await self._stop(CRASH_STOP_S if code else STOP_S) else STUCK

    @property
    def ready_loop(self) -> Loop:
        """The loop, once it can decide; before that callers are asked to come again (503)."""
        if self._loop is None or not self._go.is_set():
            raise Refusal(503, because("not_ready", parts=", ".join(self.health.missing) or "clock"))
        return self._loop

    async def decide(self, given: Input[Any]) -> Document:
        """Decide one command; returns its document once the decision is durable. 503 while the process is not ready."""
        try:
            return _readable(await asyncio.wait_for(self.ready_loop.ask(given), DECIDE_S))
        except TimeoutError as late:
            raise Refusal(503, because("no_database.key")) from late

    async def case(self, id: str) -> Any:
        """The document of one subject; 404 if there is none, 503 while the database is away."""
        try:
            document = (await asyncio.wait_for(self.store.load([id]), DECIDE_S)).get(id)
        except (TimeoutError, Temporary) as late:
            raise Refusal(503, because("no_database")) from late
        if document is None or _readable(document).case is None:
            raise Refusal(404, because("not_found"))
        return document.case

    async def named(self, label: str, beginning: str = "") -> list[Document]:
        """The documents with this label, or whose ids begin so; 503 while that cannot be read."""
        try:
            return await asyncio.wait_for(self._look_up(label, beginning), DECIDE_S)
        except (TimeoutError, Temporary) as late:
            raise Refusal(503, because("no_database")) from late

    async def _look_up(self, label: str, beginning: str) -> list[Document]:
        labelled = (await self.store.labelled([label])).values()
        ids = [*labelled, *(await self.store.beginning(beginning, MOST_ALIKE) if beginning else ())]
        return [_readable(document) for document in (await self.store.load(ids)).values() if document.case is not None]

    async def _start_up(self) -> None:
        await patiently(self.store.prepare, self.measures)
        await patiently(self.wall.look, self.measures)
        self.health.have("database")
        await self._await_policies()
        loop = self._loop = await self._new_loop()
        if self.role.consumes:
            # For operators: not where the public is let in.
            http.add_second_tries(self.app, self.store, loop, lambda records: work_of(self.service, loop, records))
            self._feeding = await self._feed(loop)
        else:
            await patiently(self._vouched_for, self.measures)
        await self._await_clock(loop)
        settle_garbage()
        if self._leases is not None:
            await patiently(self._leases.enrol, self.measures)
            self._parts.start("lease", self._leases.run())
        self._go.set()
        self._parts.start("loop", loop.run())
        self._parts.start("upkeep", self._keep_up())
        if self._feeding is not None:
            self._start_finishing(loop, self._feeding)

    async def _await_policies(self) -> None:
        feed = PolicyFeed(self.policies, self.store)
        await patiently(feed.reload, self.measures)
        follow = (
            until_reached(lambda: feed.follow(self.settings.kafka), "policies")
            if self.role.consumes
            else feed.keep_reloading()
        )
        self._parts.start("policies", follow)
        while not self.policies.known:
            self.health.need("policies", "no policy pack has been published")
            await asyncio.sleep(LOOK_S)
        self.health.have("policies")

    async def _new_loop(self) -> Loop:
        outbox: Outbox = Elsewhere()
        if self.role.consumes:
            producer = Outlet(self.settings.kafka)
            await until_reached(producer.start, "producer")
            self._leases = Leases(Leasebook(self.store), self.settings.instance or _host(), self.measures)
            outbox = Outbox(Publisher(producer, self._leases.fresh, self._own), self._leases)
        return Loop(self.service, self.store, outbox, self.policies, self.clock, self.measures, self.wall.now)

    async def _vouched_for(self) -> None:
        """Returns once a process that reads has made sure that broker and database belong together."""
        mark = await self.store.mark()
        if mark is None or mark["database"] == UNFINISHED:
            self.health.need("database", "no process that reads has made sure that it belongs to its broker")
            raise NotYet("nobody has made sure that broker and database belong together")
        self.health.have("database")

    async def _feed(self, loop: Loop) -> Feeding:
        known = await recognise(self.store, self.service.name, self.settings.kafka, self.measures)
        topics = await topics_of(self.service, self.settings.kafka)
        await make_sure(self.store, self.service, self.settings.kafka, self.measures, known)
        self.health.have("kafka")
        feeding = Feeding(loop, self.store, self.settings, topics, self._own, self._go)
        http.add_stops(self.app, feeding.stopping)
        await feeding.join()
        for name, part in feeding.parts(self.health, _host()):
            self._parts.start(name, part)
        self._parts.start("topics", self._begin_again_for_new_topics(feeding))
        return feeding

    async def _begin_again_for_new_topics(self, feeding: Feeding) -> None:
        await feeding.wait_for_new_topics()
        self._parts.end(0)

    async def _await_clock(self, loop: Loop) -> None:
        """Time stands still for a service until the one clock record is there, where there is to be one."""

        async def known() -> Clock:
            if (clock := await self.store.clock()) is None:
                raise NotYet("the clock record has not been written")
            return clock

        if self.settings.clock == "record":
            self.clock = loop.clock = await patiently(known, self.measures)

    def _start_finishing(self, loop: Loop, feeding: Feeding) -> None:
        """The tasks after a save: publish messages, take off acknowledged ones, fire due timers."""
        sweeper = Sweeper(loop, self.store, self.role.sweep_every_s, LastWords(self.settings.kafka))
        self._parts.start("sweeper", sweeper.sweep_for_ever())
        self._parts.start("clearing", sweeper.clear_for_ever())
        if self.service.has_timers:
            readers = Readers(self.settings.kafka)
            gate = Gate(self.clock, feeding.read_until, lambda: feeding.inlet.answers)
            poller = Poller(loop, self.store, self.wall, self.clock, gate, readers.caught_up)
            self._parts.start("timers", poller.run())
        self._parts.start("forgetting", forget_for_ever(loop, self.store))
        if self.service.waits:
            self._parts.start("giving up", GivingUp(loop, self.store, feeding.read_until).run())
        if self.levels:
            self._parts.start("census", Census(self.store, self.levels, self.measures).run())

    async def _keep_up(self) -> None:
        """Every second the shared real time; at every tenth look the tally of documents and the unofficial holidays."""
        looks = 0
        while True:
            await patiently(self.wall.look, self.measures)
            self.measures.clock.set(self.clock.virtual(self.wall.now()).timestamp())
            if looks % LOOKS_PER_TALLY == 0:
                self.measures.count_documents(await patiently(self.store.tally, self.measures))
                # Not when a pack is learnt: the year ahead moves on without one.
                self.measures.show_unofficial(self.policies.unofficial_years(self.clock.virtual(self.wall.now())))
            looks += 1
            await asyncio.sleep(1.0)

    async def _stop(self, grace_s: float) -> bool:
        left = self._feeding is None or await self._feeding.inlet.stop(grace_s)
        if self._loop is not None and left:
            await asyncio.wait({asyncio.create_task(self._loop.drained())}, timeout=grace_s)
        if self._leases is not None:
            await asyncio.wait({asyncio.create_task(self._leases.resign())}, timeout=RESIGN_S)
        self._parts.cancel()
        await asyncio.wait({asyncio.create_task(self.store.close())}, timeout=2.0)
        return left


def _host() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _readable(document: Document) -> Document:
    if document.damage is not None:
        raise Refusal(503, because("damaged"))
    return document


def settle_garbage() -> None:
    """Let the garbage collector run seldom: objects of the start stay for good, and batches make no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def run(
    table: Callable[[Settings], Service],
    role: Role,
    routes: Callable[[Process], None],
    levels: Levels = (),
) -> None:
    """Run one process of a service until it ends, and exit with its code."""
    settings = Settings.from_environment()
    service = table(settings)
    logs.set_up(service.name, settings.log_level)

    async def until_over() -> None:
        process = Process(service, settings, role, levels)
        routes(process)
        code = await process.run()
        sys.stdout.flush()
        # Not once asyncio.run has returned: it waits for a handler that hangs, and for threads that wait for a broker.
        os._exit(code)

    asyncio.run(until_over())
