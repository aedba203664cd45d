"""What processes have to say stands in the log once while nothing fails, and in order whatever dies or freezes."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from prometheus_client.registry import CollectorRegistry

from schemas.edges import Reply
from schemas.envelope import Message
from schemas.topics import REPLIES
from services.shared.broker.publisher import Publisher
from services.shared.database.stored import written
from services.shared.loop.leases import DEAD_S, Leases
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.sweeper import Sweeper
from services.shared.loop.work import Work
from services.shared.machine.documents import Document, Input, Outgoing
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import INTAKE, MONDAY, ROUTER, Town, book, hour
from tests.integration.site import heard
from tests.sampling import so_many
from tests.unit.shared.memory_store import Memory, MemoryStore
from tests.unit.shared.moved_time import now, run

pytestmark = pytest.mark.usefixtures("quiet")

COMPLAINTS, PROCESSES, LASTS_S = 12, 3, 20.0
QUIET_S = 40.0
"""After this, everything that was left has been said."""


@dataclass
class Place:
    """A database, a broker, and how long the way to them takes: long now and then, as under load."""

    chance: Random
    memory: Memory = field(default_factory=Memory)
    leases: dict[str, int] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    log: list[tuple[str, int]] = field(default_factory=list)
    away: tuple[float, float] = (0.0, 0.0)
    """From when until when the broker is away."""


@dataclass
class Way:
    """One process's way to database and broker; nothing passes while the process is frozen."""

    place: Place
    slowest_s: float
    frozen_until: float = 0.0

    async def passes(self) -> None:
        far = self.slowest_s if self.place.chance.random() < 0.1 else self.slowest_s / 20
        await asyncio.sleep(self.place.chance.uniform(0, far))
        await asyncio.sleep(max(0.0, self.frozen_until - now()))

    async def send(self, topic: str, value: bytes, key: bytes | None, *, headers: Any) -> asyncio.Future[Any]:
        """The broker takes everything in the order in which it comes, and acknowledges it later."""
        await self.passes()
        await self._reaches_the_broker()
        self.place.log.append(_named(headers))
        record = SimpleNamespace(topic=topic, partition=0, offset=len(self.place.log), timestamp=0)
        return asyncio.ensure_future(self._acknowledges(record))

    async def _reaches_the_broker(self) -> None:
        begins, ends = self.place.away
        if begins <= now() < ends:
            await asyncio.sleep(ends - now())
            await self.passes()

    async def standing(self, messages: Collection[Message]) -> set[Message]:
        """Those that stand in the log by now."""
        await self._reaches_the_broker()
        log = {*self.place.log}
        await self.passes()
        return {message for message in messages if _named(message.headers) in log}

    async def _acknowledges(self, record: Any) -> Any:
        await self.passes()
        return record

    async def enrol(self, name: str, heir_of: str | None = None) -> None:
        await self.passes()
        self.place.dead |= {known for known in self.place.leases if heir_of and known.startswith(heir_of)}
        self.place.leases[name] = 1

    async def renew(self, name: str) -> bool:
        await self.passes()
        if name in self.place.dead:
            return False
        self.place.leases[name] += 1
        return True

    async def leases(self) -> Mapping[str, int]:
        await self.passes()
        return {name: lease for name, lease in self.place.leases.items() if name not in self.place.dead}

    async def bury(self, name: str, lease: int | None = None) -> bool:
        await self.passes()
        if lease not in (None, self.place.leases[name]):
            return False
        self.place.dead.add(name)
        return True


def _named(headers: Any) -> tuple[str, int]:
    told = dict(headers)
    return told["ce_subject"].decode(), int(told["ce_sequence"])


class Process:
    """One process of a service over the place."""

    def __init__(self, place: Place, number: int, slowest_s: float) -> None:
        self.way = Way(place, slowest_s)
        measures = Measures(ROUTER.name, (), CollectorRegistry())
        self.leases = Leases(self.way, f"process-{number}", measures, now)
        store = MemoryStore(place.memory, self.way.passes, ROUTER.case)
        outbox = Outbox(Publisher(self.way, self.leases.fresh), self.leases)
        self.loop = Loop(ROUTER, store, outbox, book(), Clock(), measures, lambda: hour(now() / 3600))
        self._sweeper = Sweeper(self.loop, store, 0.25, self.way)
        self._tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        await self.leases.enrol()
        parts = self.loop.run(), self.leases.run(), self._sweeper.sweep_for_ever(), self._sweeper.clear_for_ever()
        self._tasks = [asyncio.create_task(part) for part in parts]

    def kill(self) -> None:
        for task in self._tasks:
            task.cancel()

    def fails(self) -> BaseException | None:
        """What ended a part of it, if anything did."""
        done = (task for task in self._tasks if task.done() and not task.cancelled())
        return next((task.exception() for task in done), None)


@dataclass(frozen=True)
class Fault:
    """At which second which process dies and begins anew, or is frozen for so long."""

    at_s: float
    process: int
    frozen_s: float = 0.0


class Life:
    """Some processes that share complaints, the replies that any of them reads, and the resulting log."""

    def __init__(
        self,
        seed: int,
        faults: Sequence[Fault],
        processes: int = PROCESSES,
        slowest_s: float = 0.4,
        away: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self.place, self._chance = Place(Random(seed), away=away), Random(seed)
        self._faults, self._slowest_s, self._count = sorted(faults, key=lambda f: f.at_s), slowest_s, processes
        town = Town(services=(INTAKE,))
        self._ids = [town.complaint("water/leak").id for _ in range(COMPLAINTS)]
        self._begins = [Work([given]) for given in heard(ROUTER, town.world.log)]
        run(self._lived())

    async def _lived(self) -> None:
        self._processes = [Process(self.place, n, self._slowest_s) for n in range(self._count)]
        for process in self._processes:
            await process.start()
        await asyncio.gather(*(self._delivered(work) for work in self._begins))
        self._ends_s = now() + LASTS_S
        replies = [self._replies(id) for id in self._ids]
        await asyncio.gather(self._befall(), *replies)
        await asyncio.sleep(QUIET_S)
        for process in self._processes:
            assert process.fails() is None, process.fails()
            process.kill()

    async def _replies(self, id: str) -> None:
        number = 0
        while now() < self._ends_s:
            await asyncio.sleep(self._chance.uniform(0, 1.0))
            number += 1
            await self._delivered(Work([reply(id, number)]))

    async def _delivered(self, work: Work) -> None:
        """A record is read by one process; by another where that one dies before it has decided."""
        while True:
            reader = self._chance.choice(self._processes)
            decided = asyncio.ensure_future(reader.loop.finish(work))
            while not decided.done() and reader in self._processes:
                await asyncio.wait({decided}, timeout=0.1)
            if decided.done():
                return
            decided.cancel()

    async def _befall(self) -> None:
        for n, fault in enumerate(self._faults, start=self._count):
            await asyncio.sleep(max(0.0, fault.at_s - now()))
            process = self._processes[fault.process]
            if fault.frozen_s:
                process.way.frozen_until = now() + fault.frozen_s
            else:
                process.kill()
                # It begins again in the same place every second time, else elsewhere.
                number = fault.process if n % 2 else n
                heir = self._processes[fault.process] = Process(self.place, number, self._slowest_s)
                await heir.start()

    def doubled(self) -> int:
        """How many records stand in the log a second time."""
        return sum(times - 1 for times in Counter(self.place.log).values())

    def assert_each_is_said_once_and_in_order(self) -> None:
        """As a reader hears it who drops what does not count on."""
        heard_of = defaultdict[str, list[int]](list)
        for id, number in self.place.log:
            if not heard_of[id] or number > heard_of[id][-1]:
                heard_of[id].append(number)
        for raw in self.place.memory.documents.values():
            assert heard_of[raw["_id"]] == list(range(1, raw["sequence"] + 1)), raw["_id"]
            assert not raw["unsaid"], raw["_id"]


def reply(id: str, number: int) -> Input[Any]:
    body = Reply.model_validate({"id": str(number), "complaint_id": id, "reply": "progress", "note": f"n{number}"})
    origin = Origin(
        REPLIES.of("water"), 0, number, int(hour(1).timestamp() * 1000), None, body.model_dump_json().encode()
    )
    given = read(ROUTER, origin, Clock())
    assert given is not None
    return given


FAULTS = st.lists(
    st.builds(
        Fault, st.floats(0.5, LASTS_S), st.integers(0, PROCESSES - 1), st.sampled_from([0.0, 0.0, 1.0, 5.0, 9.0, 15.0])
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("processes", "slowest_s"), so_many([(1, 2.0), (2, 0.4), (3, 0.01)], [*product([1, 2, 3], [0.01, 0.4, 2.0])])
)
def test_while_nothing_fails_nothing_stands_twice_in_the_log_however_slow_everything_is(
    processes: int, slowest_s: float
) -> None:
    life = Life(seed=7, faults=(), processes=processes, slowest_s=slowest_s)

    life.assert_each_is_said_once_and_in_order()
    assert life.doubled() == 0
    assert len(life.place.log) > 100


@settings(max_examples=so_many(3, 25), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**32), faults=FAULTS)
def test_whatever_dies_or_freezes_everything_is_said_in_order_and_little_of_it_twice(
    seed: int, faults: list[Fault]
) -> None:
    life = Life(seed, faults)

    life.assert_each_is_said_once_and_in_order()
    # What was on its way, or not yet taken off, when a process died.
    assert life.doubled() <= 2 * COMPLAINTS * len(faults)


def test_who_is_frozen_for_longer_than_its_lease_leaves_to_the_others_what_it_had_not_sent() -> None:
    life = Life(seed=3, faults=[Fault(5.0, 0, DEAD_S + 5)])

    life.assert_each_is_said_once_and_in_order()
    assert life.doubled() <= COMPLAINTS
    assert len(life.place.leases) == PROCESSES + 1, "it goes on under a new name"


@pytest.mark.parametrize("frozen_at_s", so_many([10.0, 12.85], [6.0, 10.0, 12.2, 12.85, 13.4, 13.85, 15.5]))
def test_who_is_frozen_while_the_broker_is_away_or_just_after_has_nothing_said_again(frozen_at_s: float) -> None:
    life = Life(seed=20, faults=[Fault(frozen_at_s, 0, DEAD_S + 3)], processes=2, slowest_s=0.2, away=(4.0, 12.0))

    life.assert_each_is_said_once_and_in_order()
    # The one message that it was handing over when it was frozen.
    assert life.doubled() <= 1
    assert len(life.place.log) > 10 * COMPLAINTS


@pytest.mark.parametrize("killed_at_s", so_many([12.75], [12.25, 12.75, 13.25]))
def test_who_dies_just_after_the_broker_has_come_back_has_nothing_said_again(killed_at_s: float) -> None:
    life = Life(seed=20, faults=[Fault(killed_at_s, 0)], processes=2, slowest_s=0.2, away=(4.0, 12.0))

    life.assert_each_is_said_once_and_in_order()
    assert life.doubled() == 0


def test_a_document_without_a_sayer_is_said_by_one_of_those_who_live() -> None:
    place = Place(Random(1))
    town = Town(services=(INTAKE, ROUTER))
    documents = [town.complaint("water/leak").document(ROUTER.name) for _ in range(COMPLAINTS)]

    async def lived() -> None:
        for document in documents:
            place.memory.documents[document.id] = written(unsaid_again(document), None, MONDAY)
        processes = [Process(place, n, 0.01) for n in range(PROCESSES)]
        await asyncio.gather(*(process.start() for process in processes))
        await asyncio.sleep(5)
        for process in processes:
            process.kill()

    run(lived())

    assert Counter(place.log) == Counter({(document.id, 1): 1 for document in documents})


def unsaid_again(document: Document) -> Document:
    headers = (("ce_subject", document.id.encode()), ("ce_sequence", b"1"), ("ce_type", b"t"), ("ce_id", b"x"))
    return replace(document, unsaid=(Outgoing(1, Message("topic", document.id, b"{}", headers)),))
