"""Timers: how late they fire with many armed, how a flood is worked off, what waiting costs, how soon after a crash."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from closedloop.bench.armed import arm
from closedloop.bench.closed import percentiles
from closedloop.bench.driver import Driver, reached
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import stand
from closedloop.bench.usage import cpu_seconds, rss_mib
from closedloop.stack import SERVICES, Endpoints, Stack
from schemas.envelope import type_of
from schemas.facts import ComplaintReceived, ComplaintRouted, DeadlineApproaching
from schemas.topics import COMPLAINTS
from services.escalation.model import Case
from services.shared.database.store import Store

PER_S = 500
LEAD_S = 8.0
OTHERS_PER_S = 5.0
"""Complaints to another department meanwhile, each handled to its end: more than a city hands in."""
WITHIN_S = 600.0
LOOK_S = 0.2
ESCALATION = tuple(spec for spec in SERVICES if spec.name == "escalation")
TARGETS = {"p50_s": 0.05, "p99_s": 0.25, "max_s": 1.0, "flood_s": 60.0, "others_p99_s": 2.0, "idle_cores": 0.03}
RUNG, RECEIVED, ROUTED = map(type_of, (DeadlineApproaching, ComplaintReceived, ComplaintRouted))


def measure(sizes: Sizes) -> dict[str, Any]:
    """Escalation alone with many armed; then all services, and one department's flood."""
    far = datetime.now(UTC) + timedelta(days=30)

    def preload(endpoints: Endpoints) -> None:
        arm(endpoints.mongodb, range(sizes.armed), (far for _ in range(sizes.armed)), "power")

    with stand(ESCALATION, before=preload) as stack:
        time.sleep(2.0)
        found = {
            "armed": sizes.armed,
            "stored": asyncio.run(_stored(stack.endpoints.mongodb)),
            "idle": _idle(stack, sizes.idle_s),
            "steady": _steady(stack, sizes),
            "restart": _restart(stack, sizes.armed + 10**8),
        }
        found["rss_mib"] = round(rss_mib(stack.pid("escalation")), 1)
    return {**found, "flood": _flood(sizes), "targets": TARGETS}


async def _stored(mongodb: str) -> dict[str, float]:
    """Bytes of an armed case as escalation stores it, uncompressed and on disk, and of each of its index entries."""
    store = Store(mongodb, "escalation", Case)
    stats = await store.database.command("collStats", "cases")
    await store.close()
    count = max(1, stats["count"])
    indexes = {name: round(size / count, 1) for name, size in stats["indexSizes"].items()}
    return {"case": round(stats["avgObjSize"]), "on_disk": round(stats["storageSize"] / count), **indexes}


def _idle(stack: Stack, seconds: float) -> dict[str, float]:
    pid = stack.pid("escalation")
    used = cpu_seconds(pid)
    time.sleep(seconds)
    return {"cpu_cores": round((cpu_seconds(pid) - used) / seconds, 4), "rss_mib": round(rss_mib(pid), 1)}


def _steady(stack: Stack, sizes: Sizes) -> dict[str, Any]:
    """So many due each second, for a while, evenly; lateness is LogAppendTime - due."""
    count, first = int(PER_S * sizes.step_s), sizes.armed
    with Facts(stack.endpoints.kafka) as facts:
        begin = datetime.now(UTC) + timedelta(seconds=LEAD_S + count / 5_000)
        dates = (begin + timedelta(milliseconds=1000 * n / PER_S) for n in range(count))
        arm(stack.endpoints.mongodb, range(first, first + count), dates, "power")
        rungs = facts.until(RUNG, count)
    late = sorted(late_s(rung) for rung in rungs)
    p50, p99 = percentiles(late)
    return {
        "due_per_s": PER_S,
        "count": count,
        "p50_s": p50,
        "p99_s": p99,
        "max_s": round(late[-1], 3),
        "early": sum(s < 0 for s in late),
    }


def _restart(stack: Stack, first: int) -> dict[str, float]:
    """Killed; some fall due meanwhile. Seconds from ready again to the first of them on the topic."""
    with Facts(stack.endpoints.kafka) as facts:
        due = datetime.now(UTC) + timedelta(seconds=1)
        arm(stack.endpoints.mongodb, range(first, first + 100), (due for _ in range(100)), "power")
        stack.kill("escalation")
        time.sleep(1.5)
        stack.wait_ready("escalation", 60)
        ready = time.time()
        rungs = facts.until(RUNG, 100)
    firsts = min(rung.timestamp for rung in rungs) / 1000
    return {
        "first_after_ready_s": round(firsts - ready, 3),
        "last_after_ready_s": round(max(r.timestamp for r in rungs) / 1000 - ready, 3),
    }


def _flood(sizes: Sizes) -> dict[str, Any]:
    """All of one department's timers due in the same second, while another department's complaints come in."""
    with stand() as stack:
        begin = datetime.now(UTC) + timedelta(seconds=LEAD_S + sizes.flood / 2_500)
        arm(stack.endpoints.mongodb, range(sizes.flood), (begin for _ in range(sizes.flood)), "water", routed=True)
        with Facts(stack.endpoints.kafka) as facts:
            found = asyncio.run(_among_others(stack, facts, sizes.flood, begin))
    return found


async def _among_others(stack: Stack, facts: Facts, count: int, begin: datetime) -> dict[str, Any]:
    driver = Driver(stack.endpoints.kafka, categories=("power/billing",))
    async with driver:
        sending = asyncio.create_task(driver.drive(OTHERS_PER_S, WITHIN_S))
        rungs = await asyncio.to_thread(facts.until, RUNG, count)
        sending.cancel()
        await reached(lambda: False, 2.0)
        everything = await asyncio.to_thread(facts.rest)
    last = max(rung.timestamp for rung in rungs) / 1000 - begin.timestamp()
    said = Counter(rung.key for rung in everything if _type(rung) == RUNG)
    waits = sorted(_routing_s(everything))
    return {
        "due": count,
        "seconds": round(last, 1),
        "per_s": round(count / last),
        "doubled": sum(n - 1 for n in said.values()),
        "others": len(waits),
        "others_p99_s": percentiles(waits)[1],
    }


class Facts:
    """The topic of the facts from now on, as an outsider reads it: once it is there, for who reads along takes part."""

    def __init__(self, kafka: str) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=kafka)
        self._partitions = [TopicPartition(COMPLAINTS.name, n) for n in range(COMPLAINTS.partitions)]
        self._consumer.assign(self._partitions)
        self._consumer.seek_to_end()
        self._begin: int = sum(self._consumer.position(partition) for partition in self._partitions)
        self.seen: list[Any] = []

    def __enter__(self) -> Facts:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def until(self, kind: str, count: int) -> list[Any]:
        """The facts of a kind, once there are so many. Raises TimeoutError after ten minutes."""
        deadline, found = time.monotonic() + WITHIN_S, [fact for fact in self.seen if _type(fact) == kind]
        while len(found) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} of {count} {kind} within {WITHIN_S:.0f} s")
            if self._unread() < count - len(found):
                time.sleep(LOOK_S)
            else:
                found += [fact for fact in self._poll() if _type(fact) == kind]
        return found

    def rest(self) -> list[Any]:
        """Everything since the beginning, with what has come meanwhile."""
        while self._poll():
            pass
        return self.seen

    def _unread(self) -> int:
        ends: int = sum(self._consumer.end_offsets(self._partitions).values())
        return ends - self._begin - len(self.seen)

    def _poll(self) -> list[Any]:
        fresh = [record for records in self._consumer.poll(timeout_ms=500).values() for record in records]
        self.seen += fresh
        return fresh


def late_s(rung: Any) -> float:
    """Seconds from a rung's due date until the broker appended it."""
    due = datetime.fromisoformat(json.loads(rung.value)["due_at"])
    return round(float(rung.timestamp) / 1000 - due.timestamp(), 4)


def _routing_s(facts: Iterable[Any]) -> Iterator[float]:
    received: dict[bytes, int] = {}
    for fact in facts:
        if _type(fact) == RECEIVED:
            received[fact.key] = fact.timestamp
        elif _type(fact) == ROUTED and fact.key in received:
            yield (fact.timestamp - received.pop(fact.key)) / 1000


def _type(fact: Any) -> str:
    return str(dict(fact.headers)["ce_type"].decode())
