"""Hosts whose clocks go wrong, over one database and one broker, in an event loop in which nobody waits.

What really passes is the event loop's time. The database server shows a time of its own; hosts' clocks run wrongly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

from prometheus_client.registry import CollectorRegistry

from schemas.envelope import Message, read_fact, text_header
from schemas.facts import Rung
from services.escalation.rules.clocks import clocks
from services.escalation.rules.ladder import rungs
from services.shared.broker.publisher import Publisher
from services.shared.database.server_time import Wall
from services.shared.loop.gate import Gate
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.timers import LIMIT, Poller
from services.shared.machine.documents import Document, Timer
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION, MONDAY, Town, book, pack
from tests.unit.shared.memory_store import Memory, MemoryStore
from tests.unit.shared.moved_time import now

SLOWEST_S = 0.01
"""How long the way to a server takes at most."""
EVERY_S = 1.0
"""How often a process asks for the server's time, and tells how far it has read."""
BEGIN = MONDAY
"""What every right clock shows in the beginning."""
COUNT, APART_S = 6, 7.0
"""How many complaints are watched, and how many seconds one comes after the other."""
STEP: dict[str, Any] = {"level": 0, "role": "head", "queue": "owner", "action": "warn"}
QUICK = pack(
    routes=[{"category": ["*"], "department": "water", "plan": "quick"}],
    plans={"quick": {"targets": {"answer": "40s"}, "ladder": "quick"}},
    ladders={"quick": {"steps": [{"at_percent": percent, **STEP} for percent in (25, 50, 75, 100)]}},
    centre_ladder="quick",
)
"""A policy of which a life lasts seconds: four rungs, ten seconds one after the other."""


@dataclass(frozen=True)
class Shown:
    """A clock: set ahead by so many seconds at those moments (back where negative), and running too fast until one."""

    steps: tuple[tuple[float, float], ...] = ()
    ppm: float = 0.0
    slews_until: float = 1e9

    def ahead(self, passed: float) -> float:
        """How many seconds ahead it is of what has really passed."""
        slewed = min(passed, self.slews_until) * self.ppm / 1e6
        return slewed + sum(by for at, by in self.steps if at <= passed)

    def at(self, passed: float) -> datetime:
        """What it shows."""
        return BEGIN + timedelta(seconds=passed + self.ahead(passed))

    def last_step(self, until: float) -> float:
        """When it was set the last time."""
        return max((at for at, _ in self.steps if at <= until), default=0.0)

    def reaches(self, moment: datetime, until: float) -> float | None:
        """Since when it has shown that moment or a later one until then; None if then it does not."""
        if self.at(until) < moment:
            return None
        edges = sorted({0.0, *(at for at, _ in self.steps if at <= until)}, reverse=True)
        for edge in edges:
            before = edge - 1e-6
            if self.at(edge) < moment:
                return self._crossing(moment, edge, until)
            if before > 0 and self.at(before) < moment:
                return edge
            until = before
        return 0.0

    def _crossing(self, moment: datetime, low: float, high: float) -> float:
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if self.at(middle) >= moment else (middle, high)
        return high


@dataclass
class Place:
    """The database with its server's clock, the broker, and what was told there and when."""

    clock: Shown
    chance: Random
    memory: Memory = field(default_factory=Memory)
    log: list[tuple[float, Message]] = field(default_factory=list)

    async def passes(self) -> None:
        """The way to a server and back takes a while."""
        await asyncio.sleep(self.chance.uniform(0, SLOWEST_S))

    async def time(self) -> datetime:
        """The database server's time, as it is asked for."""
        await self.passes()
        shown = self.clock.at(now())
        await self.passes()
        return shown

    async def send(self, topic: str, value: bytes, key: bytes | None, *, headers: Any) -> asyncio.Future[Any]:
        """The broker takes everything."""
        await self.passes()
        self.log.append((now(), Message(topic, key, value, tuple(headers))))
        taken: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        at = int(Shown().at(now()).timestamp() * 1000)
        taken.set_result(SimpleNamespace(topic=topic, partition=0, offset=len(self.log), timestamp=at))
        return taken

    def told(self) -> Iterator[tuple[float, Rung]]:
        """The rungs as a reader hears them, and when each was told first: what comes again is known by its id."""
        first: dict[str, bytes] = {}
        for at, message in self.log:
            id = text_header(message.headers, "ce_id") or ""
            assert first.get(id, message.value) == message.value
            if id not in first:
                first[id] = message.value
                fact = read_fact(message.headers, message.value)[0]
                if isinstance(fact, Rung):
                    yield at, fact


class Host:
    """One process that watches: its loop, its poller, and what it does every second.

    It has settled all there is in the partitions it owns, as the broker says whenever it is asked.
    """

    def __init__(self, place: Place, name: str, owns: Sequence[int], runs: Shown, limit: int = LIMIT) -> None:
        self._place, self._name, self._owns = place, name, owns
        store = MemoryStore(place.memory, place.passes)
        self.wall = Wall(place.time, lambda: now() + runs.ahead(now()))
        measures = Measures(ESCALATION.name, (), CollectorRegistry())
        self.loop = Loop(ESCALATION, store, Outbox(Publisher(place)), book(QUICK), Clock(), measures, self.wall.now)
        gate = Gate(Clock(), self._decided, self._answers)
        self.poller = Poller(self.loop, store, self.wall, Clock(), gate, place.passes, limit)

    async def run(self) -> None:
        """As a process does that has looked at the wall once, for ever."""
        async with asyncio.TaskGroup() as parts:
            for part in (self.loop.run(), self.poller.run(), self._keep_up()):
                parts.create_task(part)

    async def _read(self) -> Mapping[int, datetime]:
        asked = self.wall.now()
        await self._place.passes()
        return dict.fromkeys(self._owns, asked)

    async def _decided(self) -> Mapping[int, datetime]:
        mine, all = await asyncio.gather(self._read(), self.loop.store.read_until())
        return all | mine

    def _answers(self) -> bool:
        return True

    async def _keep_up(self) -> None:
        while True:
            await self.wall.look()
            await self.loop.store.tell_read_until(self._name, await self._read(), self.wall.now())
            await asyncio.sleep(EVERY_S)


@cache
def armed(after_s: float = 0.0) -> tuple[tuple[Document, Timer], ...]:
    """Complaints that nobody answers, the first received so long after the beginning: what is stored of them."""
    found = []
    for n in range(COUNT):
        town = Town(policy=QUICK)
        town.at((after_s + n * APART_S) / 3600)
        document = town.complaint(id=str(n)).document(ESCALATION.name)
        due = ESCALATION.next_due and ESCALATION.next_due(document.case, QUICK)
        assert due is not None
        found.append((document, Timer(due)))
    return tuple(found)


def dates() -> dict[tuple[str, int], datetime]:
    """When each rung of each complaint is due."""
    found = {}
    for document, _ in armed():
        (clock,) = clocks(document.case)
        found |= {(document.id, rung.number): rung.due_at for rung in rungs(clock, QUICK)}
    return found


async def lives(hosts: Sequence[Host], seconds: float) -> None:
    """Everything runs for so long."""
    tasks = [asyncio.create_task(host.run()) for host in hosts]
    await asyncio.sleep(seconds)
    for task in tasks:
        assert not task.done(), task.exception()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
