"""Durable accepts per second over HTTP, against a bare endpoint with the same body model under the same server."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from statistics import median
from typing import Any

from closedloop.bench.closed import percentiles
from closedloop.bench.poster import post
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import stand
from closedloop.bench.usage import cpu_seconds
from closedloop.stack import SERVICES, ServiceSpec, Stack

IN_FLIGHT = (16, 64)
BARE = ServiceSpec("bare-http", (sys.executable, "-m", "closedloop.bench.bare_http"))
DOORS = ("bare-http", "intake-http")
# The loop process publishes what is accepted, as it does in life, and brings the policy pack.
INTAKE = tuple(spec for spec in SERVICES if spec.name in ("intake-http", "intake"))


def measure(sizes: Sizes) -> dict[str, Any]:
    """Both doors take turns in one run, at each number of requests in flight."""
    with stand((*INTAKE, BARE)) as stack:
        asyncio.run(_posts(stack, 1, 1.0, "warm"))
        return {str(n): _at(stack, n, sizes) for n in IN_FLIGHT}


def _at(stack: Stack, connections: int, sizes: Sizes) -> dict[str, Any]:
    rounds = [
        asyncio.run(_posts(stack, connections, sizes.accept_s, f"{connections}-{n}")) for n in range(sizes.repeats)
    ]
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for name in ("per_s", "per_cpu_s", "p50_s", "p99_s"):
        found[name] = {door: round(median(each[door][name] for each in rounds), 4) for door in DOORS}
    for name in ("per_s", "per_cpu_s"):
        ratios = [each["intake-http"][name] / each["bare-http"][name] for each in rounds]
        found[name]["ratio"] = round(median(ratios), 3)
    return found


async def _posts(stack: Stack, connections: int, seconds: float, keys: str) -> dict[str, dict[str, float]]:
    return {door: await _through(stack, door, connections, seconds, keys) for door in DOORS}


async def _through(stack: Stack, door: str, connections: int, seconds: float, keys: str) -> dict[str, float]:
    used = cpu_seconds(stack.pid(door))
    posted = await post(stack.endpoints.http[door], "/v1/complaints", connections, seconds, keys)
    used = cpu_seconds(stack.pid(door)) - used
    if posted.refused:
        raise RuntimeError(f"{door} refused {len(posted.refused)} complaints, one of them with {posted.refused[0]}")
    taken, (p50, p99) = len(posted.seconds), percentiles(posted.seconds)
    return {"per_s": taken / seconds, "per_cpu_s": taken / used, "p50_s": p50, "p99_s": p99}
