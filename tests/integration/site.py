"""One service's real database, as many loops over it as a test starts, and a broker that is a list."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
from prometheus_client.registry import CollectorRegistry

from closedloop.stack import Stack
from schemas.envelope import Message, read_fact, text_header
from schemas.topics import COMPLAINTS, DEAD_LETTERS
from services.escalation.model import Case
from services.shared.broker.publisher import Publisher
from services.shared.database.server_time import Wall
from services.shared.database.store import Store
from services.shared.loop.gate import Gate
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.timers import Poller
from services.shared.loop.work import Work
from services.shared.machine.documents import Document, Input, Timer
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.process import http
from services.shared.timing.clock import Clock
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures
from tests.builders import TOWN, book

NO_TIME = timedelta(0)


class Broker:
    """Takes everything, or, once it is deaf, nothing any more."""

    def __init__(self) -> None:
        self.log: list[Message] = []
        self.deaf = False

    async def send(
        self, topic: str, value: bytes, key: bytes | None, *, headers: Sequence[tuple[str, bytes]]
    ) -> asyncio.Future[Any]:
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if not self.deaf:
            self.log.append(Message(topic, key, value, tuple(headers)))
            count = len(self.log)
            acknowledged.set_result(SimpleNamespace(topic=topic, partition=0, offset=count, timestamp=count))
        return acknowledged

    async def standing(self, messages: Collection[Message]) -> Collection[Message]:
        """Those of the messages that stand in the log."""
        appended = [(m.topic, m.key, m.value, m.headers) for m in self.log]
        return {m for m in messages if (m.topic, m.key_bytes, m.value, m.headers) in appended}

    @property
    def heard(self) -> list[Message]:
        """The messages as a reader hears them: what comes again under the same id is the same."""
        first: dict[str, Message] = {}
        for message in (m for m in self.log if not m.topic.startswith(DEAD_LETTERS.prefix)):
            same = first.setdefault(text_header(message.headers, "ce_id") or "", message)
            assert (same.topic, same.value) == (message.topic, message.value)
        return list(first.values())

    @property
    def facts(self) -> list[Any]:
        """The facts among them."""
        return [read_fact(m.headers, m.value)[0] for m in self.heard if m.topic == COMPLAINTS.name]


@dataclass
class Site:
    """One service's database, and as many processes over it as a test starts."""

    uri: str
    service: Service
    name: str = field(default_factory=lambda: f"test_{uuid.uuid4().hex[:10]}")

    def store(self, kind: Callable[..., Store] = Store) -> Store:
        return kind(self.uri, self.name, self.service.case)

    def loop(
        self, store: Store, broker: Broker | None = None, service: Service | None = None, later: timedelta = NO_TIME
    ) -> Loop:
        """A process whose clock may be later than the others'."""
        measures = Measures(self.service.name, (), CollectorRegistry())
        outbox = Outbox(Publisher(broker or Broker()))
        now = lambda: datetime.now(UTC) + later  # noqa: E731
        return Loop(service or self.service, store, outbox, book(TOWN), Clock(), measures, now)


@asynccontextmanager
async def running(*loops: Loop) -> AsyncIterator[None]:
    """These loops run until the end, as processes do until they are killed."""
    tasks = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def asking(loop: Loop) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the routes that every process has."""
    app = http.new_app("a process", Health())
    http.add_second_tries(app, loop.store, loop, lambda records: Work())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://process") as client:
        yield client


@asynccontextmanager
async def opened(uri: str, service: Service) -> AsyncIterator[Site]:
    """A service's database that is empty, and gone in the end."""
    site = Site(uri, service)
    await (store := site.store()).prepare()
    yield site
    await store.database.client.drop_database(store.database.name)


def heard(service: Service, records: Iterable[Origin]) -> list[Input[Any]]:
    """What a service reads of these records."""
    ours = (r for r in records if r.topic == COMPLAINTS.name or any(e.topic.member(r.topic) for e in service.edges))
    return [given for given in (read(service, record, Clock()) for record in ours) if given is not None]


def empty(id: str = "a", **fields: Any) -> Document:
    """A document without a case."""
    return Document(id, **fields)


async def only(store: Store, id: str = "a") -> Document:
    """The one document of this id."""
    return (await store.load([id]))[id]


async def caught_up() -> None:
    """No reader is behind."""


async def a_poller(loop: Loop, now: datetime | None = None, read: datetime | str | None = "all") -> Poller:
    """A poller at this time, the database server's own if none is given, whose partitions have been read that far."""
    asked = loop.store.now

    async def server() -> datetime:
        return now or await asked()

    wall = Wall(server)
    await wall.look()

    async def decided() -> dict[int, datetime]:
        until = wall.now() if read == "all" else read
        return {} if until is None else dict.fromkeys(range(COMPLAINTS.partitions), until)  # type: ignore[arg-type]

    return Poller(loop, loop.store, wall, Clock(), Gate(Clock(), decided, lambda: True), caught_up)


async def watched_for(stack: Stack, id: str, calendar: str | None = None) -> None:
    """Of a complaint of the running system only the answer is watched from now on: nine of its ten hours are over.

    No pack has a calendar that is nowhere: the rule that asks when the next rung is due fails.
    """
    store = Store(stack.endpoints.mongodb, "escalation", Case)
    now, document = await store.now(), await only(store, id)
    (watched,) = (w for w in document.case.plan.watched if w.target.name == "answer")
    dates = {"starts_at": now - timedelta(hours=9), "due_at": now + timedelta(hours=1), "calendar": calendar}
    changed = watched.model_copy(update={"target": watched.target.model_copy(update=dates)})
    plan = document.case.plan.model_copy(update={"watched": (changed,)})
    case = document.case.model_copy(update={"plan": plan})
    assert not await store.save([(replace(document, case=case), None if document.parked else Timer(now))], now)
    await store.close()
