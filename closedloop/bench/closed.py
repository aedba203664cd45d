"""Complaints closed per second, end to end: submitted, routed, accepted, answered, visited, closed."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from closedloop.bench.driver import Driver
from closedloop.bench.lag import behind
from closedloop.bench.sizes import Sizes
from closedloop.bench.stand import stand
from closedloop.bench.usage import Usage, memory
from closedloop.outsiders.facts import Facts
from closedloop.stack import Stack
from services.shared.broker.lag import LagMeter

FLOOR, GOAL = 100.0, 300.0
STEP = 1.25
WARM_S = 5.0
DRAIN_S = 120.0
GROWTH = 0.03
"""Sustained is a rate of which less than this share stays in flight over the second half."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rate did for a while."""

    rate: float
    seconds: float
    closed_per_second: float
    in_flight: tuple[int, int, int]
    """At the start, in the middle and at the end."""
    latency: tuple[float, float]
    """Seconds from when a complaint should have been sent to its closing, p50 and p99; one second is the pack's."""
    lag: tuple[dict[str, int], ...]
    cpu_s: dict[str, float]
    rss_mib: dict[str, float]

    @property
    def sustained(self) -> bool:
        """Whether it could have gone on: as many are closed as are sent, and what is in flight does not grow."""
        growth = (self.in_flight[2] - self.in_flight[1]) / (self.seconds / 2)
        return growth < GROWTH * self.rate and self.closed_per_second > (1 - GROWTH) * self.rate

    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        closed = self.closed_per_second * self.seconds
        return {
            "rate_per_s": self.rate,
            "seconds": self.seconds,
            "sustained": self.sustained,
            "closed_per_s": round(self.closed_per_second, 1),
            "latency_s": dict(zip(("p50", "p99"), self.latency, strict=True)),
            "in_flight": thirds(self.in_flight),
            "lag": {name: thirds(tuple(look[name] for look in self.lag)) for name in self.lag[0]},
            "cpu_cores": {name: round(s / self.seconds, 3) for name, s in self.cpu_s.items()},
            "cpu_ms_per_closed": {name: round(1000 * s / closed, 2) for name, s in self.cpu_s.items()}
            if closed
            else {},
            "rss_mib": self.rss_mib,
        }


def measure(sizes: Sizes) -> dict[str, Any]:
    """The floor for a sustained time, then the highest rate that is sustained."""
    with stand() as stack:
        floor, trials = asyncio.run(_search(stack, sizes))
        copies = repeated(stack.endpoints.kafka)
    best = max((t for t in [floor, *trials] if t.sustained), key=lambda t: t.rate, default=None)
    return {
        "floor": floor.as_json(),
        "highest_sustained_per_s": best.rate if best else 0.0,
        "goal_per_s": GOAL,
        "highest": best.as_json() if best else {},
        "facts_twice": copies,
        "search": [{"rate_per_s": t.rate, "sustained": t.sustained, "p99_s": t.latency[1]} for t in trials],
    }


async def _search(stack: Stack, sizes: Sizes) -> tuple[Trial, list[Trial]]:
    async with Driver(stack.endpoints.kafka) as driver, LagMeter(stack.endpoints.kafka) as lag:
        await driver.drive(20, WARM_S)
        await driver.drain(DRAIN_S)
        floor = await trial(stack, driver, lag, FLOOR, sizes.floor_s)
        trials = [floor]
        while (rate := next_rate(trials)) is not None and await driver.drain(DRAIN_S):
            trials.append(await trial(stack, driver, lag, rate, sizes.step_s))
    return floor, trials[1:]


def next_rate(trials: list[Trial]) -> float | None:
    """Up while it holds, down while it does not, then once half-way between; None when that is known."""
    held = [t.rate for t in trials if t.sustained]
    failed = [t.rate for t in trials if not t.sustained]
    if not failed:
        return round(max(held) * STEP)
    if not held:
        return round(min(failed) / STEP)
    low, high = max(held), min(failed)
    return round((low + high) / 2) if high / low > 1.13 else None


async def trial(stack: Stack, driver: Driver, lag: LagMeter, rate: float, seconds: float) -> Trial:
    """Drive one rate: a few seconds to get going, then the seconds that count."""
    driving = asyncio.create_task(driver.drive(rate, WARM_S + seconds))
    await asyncio.sleep(WARM_S)
    looks, in_flight = [await behind(lag)], [driver.in_flight]
    begun, used, closed = time.monotonic(), Usage.of(stack), len(driver.closed)
    for _ in range(2):
        await asyncio.sleep(seconds / 2)
        in_flight.append(driver.in_flight)
        looks.append(await behind(lag))
    passed = time.monotonic() - begun
    spent, done = Usage.of(stack).since(used), driver.closed[closed:]
    resident = memory(stack)
    await driving
    return Trial(
        rate=rate,
        seconds=passed,
        closed_per_second=len(done) / passed,
        in_flight=(in_flight[0], in_flight[1], in_flight[2]),
        latency=percentiles([seconds for _, seconds in done]),
        lag=tuple(looks),
        cpu_s=spent,
        rss_mib=resident,
    )


def repeated(kafka: str) -> dict[str, float]:
    """How many records stand on the fact topic after all that, and which share of them stood there before."""
    with closing(Facts(kafka)) as facts:
        while facts.read(2.0):
            pass
        records = len(facts.told) + facts.again
        return {"records": records, "copies": facts.again, "percent": round(100 * facts.again / max(1, records), 3)}


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """p50 and p99."""
    ordered = sorted(seconds) or [float("inf")]
    return round(ordered[len(ordered) // 2], 3), round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 3)


def thirds(values: tuple[int, ...]) -> dict[str, int]:
    """Three looks by name."""
    return dict(zip(("start", "middle", "end"), values, strict=True))
