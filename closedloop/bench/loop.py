"""Events per CPU-second of a service's process against a bare loop with the same clients, and where the time goes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

import httpx
from kafka import KafkaConsumer, TopicPartition

from closedloop.bench.backlog import preload
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import pack, stand
from closedloop.bench.usage import cpu_seconds
from closedloop.provision import start_clock
from closedloop.stack import SERVICES, Endpoints, ServiceSpec, Stack
from schemas.topics import QUEUE

TARGET, DRAINED = 0.5, 0.8
WITHIN_S = 1_800.0
LOOK_S = 0.1
ROUTER = next(spec for spec in SERVICES if spec.name == "router")
PROFILED = ServiceSpec("router", (sys.executable, "-m", "closedloop.bench.profiled_process", "router"))
PREFETCH_S = 3.0


def measure(sizes: Sizes) -> dict[str, Any]:
    """Router and the bare loop take turns over the same backlog, each time on a broker and database of their own."""
    pairs = [_pair(sizes.backlog) for _ in range(sizes.repeats)]
    bare, router = (median(sizes.backlog / each[who]["cpu_s"] for each in pairs) for who in ("bare", "router"))
    return {
        "backlog": sizes.backlog,
        "events_per_cpu_s": {"bare": round(bare), "router": round(router)},
        "events_per_s": {
            who: round(median(sizes.backlog / each[who]["real_s"] for each in pairs)) for who in ("bare", "router")
        },
        "ratio": round(median(each["bare"]["cpu_s"] / each["router"]["cpu_s"] for each in pairs), 3),
        "target": TARGET,
    }


def backlog(sizes: Sizes) -> dict[str, Any]:
    """Router alone works off a short backlog, then one that is many times as long, each on data of its own."""
    short, long = (_alone(count) / count for count in (sizes.backlog, sizes.long_backlog))
    return {
        "backlog": sizes.long_backlog,
        "events_per_s": {"steady": round(1 / short), "backlog": round(1 / long)},
        "ratio": round(short / long, 3),
        "target": DRAINED,
    }


def stages(sizes: Sizes) -> dict[str, Any]:
    """Shares of router's CPU time by stage while it works off a backlog."""
    with stand((PROFILED,), {"CLOSEDLOOP_CLOCK": "record"}, partial(_fill, sizes.backlog)) as stack:
        url = f"{stack.endpoints.http['router']}/stages"

        def look() -> Mapping[str, float]:
            found: Mapping[str, float] = httpx.get(url, timeout=30).json()
            return found

        time.sleep(PREFETCH_S)
        before = look()
        _work_off(stack, sizes.backlog)
        spent = {stage: seconds - before.get(stage, 0.0) for stage, seconds in look().items()}
    whole = sum(spent.values())
    shares = {stage: round(seconds / whole, 3) for stage, seconds in sorted(spent.items(), key=lambda row: -row[1])}
    return {"backlog": sizes.backlog, "us_per_event": round(1e6 * whole / sizes.backlog, 1), "share": shares}


def _alone(count: int) -> float:
    with stand((ROUTER,), {"CLOSEDLOOP_CLOCK": "record"}, partial(_fill, count)) as stack:
        time.sleep(PREFETCH_S)
        return _work_off(stack, count)["real_s"]


def _pair(count: int) -> dict[str, dict[str, float]]:
    bare: list[dict[str, float]] = []

    def before(endpoints: Endpoints) -> None:
        _fill(count, endpoints)
        bare.append(_bare(endpoints, count))

    with stand((ROUTER,), {"CLOSEDLOOP_CLOCK": "record"}, before) as stack:
        time.sleep(PREFETCH_S)
        return {"bare": bare[0], "router": _work_off(stack, count)}


def _fill(count: int, endpoints: Endpoints) -> None:
    preload(endpoints.kafka, count)


def _bare(endpoints: Endpoints, count: int) -> dict[str, float]:
    argv = [sys.executable, "-m", "closedloop.bench.bare", endpoints.kafka, endpoints.mongodb, str(count)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    spent: dict[str, float] = json.loads(done.stdout)
    return spent


def _work_off(stack: Stack, count: int) -> dict[str, float]:
    """Let the waiting service begin; returns what it needed until the last message about the backlog was said."""
    queues = [TopicPartition(QUEUE.of(name), 0) for name in pack().departments]
    consumer = KafkaConsumer(bootstrap_servers=stack.endpoints.kafka)
    pid = stack.pid("router")
    cpu, real = cpu_seconds(pid), time.monotonic()
    start_clock(stack.endpoints.mongodb, datetime.now(UTC), 1.0)
    try:
        _await(lambda: sum(consumer.end_offsets(queues).values()) >= count)
        real = time.monotonic() - real
        # What is said is taken off the documents a moment later, and offsets are committed once a second.
        time.sleep(1.5)
        return {"cpu_s": cpu_seconds(pid) - cpu, "real_s": real}
    finally:
        consumer.close()


def _await(state: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not state():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the backlog was not worked off within {WITHIN_S:.0f} s")
        time.sleep(LOOK_S)
