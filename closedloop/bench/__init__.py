"""How fast it is on this machine: benchmarks over the real stack, each on empty data of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from closedloop.bench import accept, closed, loop, memory, open_cases, privacy, timers, worktime
from closedloop.bench.figures import Figures
from closedloop.bench.machine import QUIET_CORES, Machine, busy_cores
from closedloop.bench.sizes import FULL, REDUCED, Sizes

LISTEN_S = 3.0

BENCHES: dict[str, Callable[[Sizes], dict[str, Any]]] = {
    "worktime": worktime.measure,
    "privacy": privacy.measure,
    "loop": loop.measure,
    "stages": loop.stages,
    "backlog": loop.backlog,
    "accept": accept.measure,
    "memory": memory.measure,
    "timers": timers.measure,
    "open": open_cases.measure,
    "closed": closed.measure,
}
"""Every benchmark by name, the quick ones first."""

__all__ = ["BENCHES", "FULL", "REDUCED", "Figures", "Sizes", "run"]


def run(names: Iterable[str], sizes: Sizes, say: Callable[[str], None]) -> Figures:
    """Run these benchmarks one after another; before each, listen for what else the machine is doing."""
    found, notes = {}, []
    for name in names:
        others = busy_cores(LISTEN_S)
        if others > QUIET_CORES:
            notes.append(f"{name}: the machine was not quiet, other processes used {others:.1f} cores before it began.")
        say(f"{name} …")
        found[name] = BENCHES[name](sizes)
    now = datetime.now(UTC)
    return Figures(now.date().isoformat(), Machine.here(), sizes.name, tuple(notes), found)
