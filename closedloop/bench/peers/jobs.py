"""What is measured of every peer, in this order, on one running system that began empty."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from closedloop.bench.closed import percentiles
from closedloop.bench.peers.driver import Driver
from closedloop.bench.peers.meter import DRIVER, Look, ms_each
from closedloop.bench.peers.peer import CLIENT

DRAIN_S, FIRED_S = 120.0, 1_800.0
LEAD_S = 3.0
"""How long before the first of them is due all timers are armed."""
TRIED = 1_000
EARLY_S = 0.5
"""Before a flood: what its preparation costs is told too."""


@dataclass(frozen=True, slots=True)
class Size:
    """Counts and seconds of one run."""

    name: str
    warm_s: float
    """How long a load runs before it is measured."""
    steady_per_s: float
    seconds: float
    due_per_s: float
    floods: tuple[int, ...]
    kill_s: float


REDUCED = Size("reduced", warm_s=5, steady_per_s=20, seconds=15, due_per_s=50, floods=(10_000,), kill_s=15)
FULL = Size("full", warm_s=10, steady_per_s=20, seconds=60, due_per_s=50, floods=(10_000, 100_000), kill_s=60)


async def warmed(driver: Driver, size: Size) -> None:
    """The first cases of all, which no figure counts: what is slow once is not measured."""
    await driver.at_rate(size.steady_per_s, size.warm_s)
    await driver.drained(DRAIN_S)


async def steady(driver: Driver, size: Size, in_flight: int) -> dict[str, Any]:
    """Cases at a rate that every peer can keep."""
    return await _cases(driver, size, driver.at_rate(size.steady_per_s, size.warm_s + size.seconds))


async def saturated(driver: Driver, size: Size, in_flight: int) -> dict[str, Any]:
    """As many cases as there is room for."""
    return {
        "in_flight": in_flight,
        **await _cases(driver, size, driver.full(in_flight, size.warm_s, size.warm_s + size.seconds)),
    }


async def lateness(driver: Driver, size: Size, in_flight: int) -> dict[str, Any]:
    """Timers due evenly; lateness is when it was told - when it was due."""
    count = int(size.due_per_s * size.seconds)
    dues = await _armed(driver, 10**8, count, 1 / size.due_per_s)
    return await _timers(driver, dues)


async def flood(driver: Driver, count: int, first: int) -> dict[str, Any]:
    """Timers that are all due at the same moment."""
    found = await _timers(driver, await _armed(driver, first, count, 0.0))
    seconds = found["late_s"]["max"]
    return {"seconds": seconds, "per_s": round(count / seconds) if seconds else None, **found}


async def floods(driver: Driver, size: Size, in_flight: int) -> dict[str, Any]:
    """One flood after the other, each with timers of its own."""
    return {f"{count}": await flood(driver, count, (n + 2) * 10**8) for n, count in enumerate(size.floods)}


async def killed(driver: Driver, size: Size, in_flight: int) -> dict[str, Any]:
    """SIGKILL for every process while cases come in; then all are started again, and the outside tries on."""
    twice, before = await driver.peer.twice(), len(driver.closed)
    driving = asyncio.create_task(driver.at_rate(size.steady_per_s, size.kill_s))
    await asyncio.sleep(size.kill_s / 3)
    at = time.monotonic()
    await asyncio.to_thread(driver.peer.kill)
    back = time.monotonic()
    await driving
    await driver.drained(DRAIN_S)
    after = [closed for closed, _ in driver.closed if closed > at]
    return {
        "cases": len(driver.closed) - before + driver.in_flight,
        "lost": driver.in_flight,
        "twice": await driver.peer.twice() - twice,
        "down_s": round(back - at, 1),
        "first_closed_after_s": round(min(after) - back, 1) if after else None,
    }


JOBS: Mapping[str, Callable[[Driver, Size, int], Awaitable[dict[str, Any]]]] = {
    "steady": steady,
    "saturated": saturated,
    "killed": killed,
    "lateness": lateness,
    "flood": floods,
}
"""Every job by name. The kill comes before timers are armed, for those are written past the front door of ours."""


async def _cases(driver: Driver, size: Size, load: Coroutine[Any, Any, None]) -> dict[str, Any]:
    driving = asyncio.create_task(load)
    await asyncio.sleep(size.warm_s)
    before, closed = Look.of(driver.peer.parts(), os.getpid()), len(driver.closed)
    await driving
    used, done = Look.of(driver.peer.parts(), os.getpid()), driver.closed[closed:]
    seconds, (spent, outside) = used.at - before.at, _apart(used.since(before))
    found = {
        "closed_per_s": round(len(done) / seconds, 1),
        "cpu_ms_per_case": ms_each(spent, len(done)),
        "driver_ms_per_case": round(1000 * outside / max(1, len(done)), 3),
        "latency_s": _middle_and_end([latency for _, latency in done]),
    }
    return found | {"drained": await driver.drained(DRAIN_S)}


async def _armed(driver: Driver, first: int, count: int, apart_s: float) -> dict[int, float]:
    """Arm so many, all of them before the first is due, however long that takes here: tried with a few first."""
    far, each_s = time.time() + 86_400, 0.0
    # The first trial opens connections and compiles; the second tells how long one takes.
    for trial in range(2):
        tried, begun = min(count, TRIED), time.monotonic()
        await driver.peer.arm({first + 10**7 + trial * TRIED + n: far for n in range(tried)})
        each_s = (time.monotonic() - begun) / tried
    begin = time.time() + LEAD_S + 1.5 * each_s * count
    dues = {first + n: begin + n * apart_s for n in range(count)}
    await driver.peer.arm(dues)
    return dues


async def _timers(driver: Driver, dues: Mapping[int, float]) -> dict[str, Any]:
    first = min(dues.values())
    armed_before_s = first - time.time()
    await asyncio.sleep(max(0.0, armed_before_s - EARLY_S))
    before = Look.of(driver.peer.parts(), os.getpid())
    whole = await driver.all_fired(dues, FIRED_S)
    spent, _ = _apart(Look.of(driver.peer.parts(), os.getpid()).since(before))
    late = sorted(driver.fired[number] - due for number, due in dues.items() if number in driver.fired)
    most = round(late[-1], 3) if whole else None
    return {
        "due": len(dues),
        "told": len(late),
        "armed_before_s": round(armed_before_s, 1),
        "late_s": {**_middle_and_end(late), "max": most},
        "early": sum(seconds < 0 for seconds in late),
        "cpu_ms_per_timer": ms_each(spent, len(late)),
    }


def _apart(spent_s: dict[str, float]) -> tuple[dict[str, float], float]:
    """What the peer itself used, by part, and what was used on its outside."""
    outside = sum(spent_s.pop(name, 0.0) for name in (DRIVER, CLIENT))
    return spent_s, outside


def _middle_and_end(seconds: list[float]) -> dict[str, float | None]:
    p50, p99 = percentiles(seconds) if seconds else (None, None)
    return {"p50": p50, "p99": p99}
