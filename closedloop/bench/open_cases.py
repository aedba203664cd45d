"""What a complaint costs while many others are open: the same rate beside some thousands of open cases and beside many.

The open cases are written as the services write them: complaints rehearsed in memory, each in the encoding of the
store. A rehearsed one stands for many, which differ in the complaint's id and its reference.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bson import encode
from bson.raw_bson import RawBSONDocument

from closedloop.bench.against import OUTSIDE
from closedloop.bench.closed import DRAIN_S, WARM_S, trial
from closedloop.bench.driver import Driver, replies, submission
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import SOURCE, pack, stand
from closedloop.outsiders.rehearsal import world_of
from closedloop.stack import Stack
from schemas.envelope import complaint_id
from schemas.references import candidates
from schemas.topics import QUEUE, REPLIES, SUBMISSIONS
from services.escalation.service import SERVICE as ESCALATION
from services.followup.service import SERVICE as FOLLOWUP
from services.intake.service import SERVICE as INTAKE
from services.router.service import SERVICE as ROUTER
from services.shared.broker.lag import LagMeter
from services.shared.database import stored
from services.shared.database.store import Store
from services.shared.loop.memory import World
from services.shared.machine.fold import Around, fold
from services.shared.machine.table import Service

SERVICES = {service.name: service for service in (INTAKE, ROUTER, ESCALATION, FOLLOWUP)}
FEW, RATE = 10_000, 50.0
REHEARSED, AGE = 100, timedelta(minutes=1)
CHUNK = 1_000
APART = 2**19
"""How far apart ids lie: two million fill all the numbers that references tell apart. In their order they are quickest
to write."""
TARGET = 1.15
KEPT = ("closed_per_s", "latency_s", "cpu_ms_per_closed", "rss_mib")


class Mould(NamedTuple):
    """A service's stored document of one rehearsed complaint, and the names in it that others have instead."""

    document: bytes
    id: bytes
    reference: bytes

    def cast(self, number: int) -> RawBSONDocument:
        """The same document of another complaint."""
        id = id_of(number)
        document = self.document.replace(self.id, id.encode())
        return RawBSONDocument(document.replace(self.reference, next(candidates(id)).encode()))


def measure(sizes: Sizes) -> dict[str, Any]:
    """One stack: a rate beside few open cases, then the same beside many."""
    with stand() as stack:
        found = asyncio.run(_beside(stack, (FEW, sizes.open), sizes.step_s))
    few, many = (_together(each["cpu_ms_per_closed"]) for each in found.values())
    figures = {f"beside {count}": {name: each[name] for name in KEPT} for count, each in found.items()}
    return {**figures, "ratio": round(many / few, 3), "target": TARGET}


async def _beside(stack: Stack, counts: Sequence[int], seconds: float) -> dict[int, dict[str, Any]]:
    kafka, found, there = stack.endpoints.kafka, dict[int, dict[str, Any]](), 0
    async with Driver(kafka) as driver, LagMeter(kafka) as lag:
        await driver.drive(RATE, WARM_S)
        for count in counts:
            await fill(stack.endpoints.mongodb, range(there, count))
            await driver.drain(DRAIN_S)
            there, found[count] = count, (await trial(stack, driver, lag, RATE, seconds)).as_json()
            await driver.drain(DRAIN_S)
    return found


async def fill(mongodb: str, numbers: Iterable[int]) -> None:
    """One open case for each of these numbers, in the databases of all services."""
    moulds, waiting = moulds_of(REHEARSED), iter(numbers)
    stores = {name: Store(mongodb, name, service.case) for name, service in SERVICES.items()}
    while chunk := [number for _, number in zip(range(CHUNK), waiting, strict=False)]:
        for name, store in stores.items():
            own = moulds[name]
            rows = [own[n % REHEARSED].cast(n) for n in chunk if n % REHEARSED in own]
            await store.database["cases"].insert_many(rows, ordered=False)
    for store in stores.values():
        await store.close()


def moulds_of(count: int) -> dict[str, dict[int, Mould]]:
    """So many complaints, each routed and accepted, every other one also answered: what is stored of it by then."""
    world = world_of(pack(), datetime.now(UTC) - AGE)
    for number in range(count):
        _open(world, number)
    world.advance(world.now + AGE)
    return {name: dict(_moulds(world, service, count)) for name, service in SERVICES.items()}


def _open(world: World, number: int) -> None:
    world.send(SUBMISSIONS.of(SOURCE), submission(number))
    department = next(name for record in world.log[::-1] if (name := QUEUE.member(record.topic)) is not None)
    id = complaint_id(SOURCE, str(number))
    for reply in replies(id)[: 1 + number % 2]:
        world.send(REPLIES.of(department), reply, id)


def _moulds(world: World, service: Service, count: int) -> Iterator[tuple[int, Mould]]:
    around = Around(world.policies, world.now)
    for number in range(count):
        id = complaint_id(SOURCE, str(number))
        document = world.documents.get((service.name, id))
        if document is not None:
            raw = stored.written(document, fold(service, document, (), around).timer, world.now)
            reference = world.documents[INTAKE.name, id].case.label
            yield number, Mould(encode(raw), id.encode(), reference.encode())


def id_of(number: int) -> str:
    """A complaint's id, among those of real ones; no two numbers have the same reference."""
    return str(uuid.UUID(bytes=(number * APART).to_bytes(5, "big") + number.to_bytes(11, "big")))


def _together(cpu_ms: Mapping[str, float]) -> float:
    return sum(ms for who, ms in cpu_ms.items() if who not in OUTSIDE)
