"""Resident memory of every process, of a stack that rests and of one that works."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from closedloop.bench.closed import DRAIN_S
from closedloop.bench.driver import Driver
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import stand
from closedloop.bench.usage import Usage, memory
from closedloop.stack import Stack

RATE = 50.0


def measure(sizes: Sizes) -> dict[str, Any]:
    """Rest, work at half the floor rate, and what resting costs in CPU time."""
    with stand() as stack:
        time.sleep(2.0)
        rested = Usage.of(stack)
        time.sleep(sizes.idle_s)
        cores = {name: round(s / sizes.idle_s, 3) for name, s in Usage.of(stack).since(rested).items()}
        idle = memory(stack)
        loaded = asyncio.run(_loaded(stack, sizes.step_s))
    return {
        "idle_mib": {**idle, "total": round(sum(idle.values()))},
        "loaded_mib": {**loaded, "total": round(sum(loaded.values()))},
        "loaded_at_per_s": RATE,
        "idle_cpu_cores": cores,
    }


async def _loaded(stack: Stack, seconds: float) -> dict[str, float]:
    async with Driver(stack.endpoints.kafka) as driver:
        await driver.drive(RATE, seconds)
        found = memory(stack)
        await driver.drain(DRAIN_S)
        return found
