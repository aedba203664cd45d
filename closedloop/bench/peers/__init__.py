"""Ours beside other durable-execution systems: the same job, one after the other, on this machine."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from closedloop.bench.machine import QUIET_CORES, Machine, busy_cores
from closedloop.bench.peers.driver import Driver
from closedloop.bench.peers.installed import NotInstalled
from closedloop.bench.peers.jobs import FULL, JOBS, REDUCED, Size, warmed
from closedloop.bench.peers.processes import NotRunning
from closedloop.bench.peers.report import Report
from closedloop.bench.peers.table import PEERS, Row
from closedloop.stack import StackError

LISTEN_S = 3.0

__all__ = ["FULL", "PEERS", "REDUCED", "Report", "Size", "run"]


def run(names: Iterable[str], size: Size, say: Callable[[str], None]) -> Report:
    """Measure these peers; one that cannot be had here is left out, and the report says why."""
    figures, skipped, notes = dict[str, Any](), dict[str, str](), []
    for name in names:
        others = busy_cores(LISTEN_S)
        if others > QUIET_CORES:
            notes.append(f"{name}: the machine was not quiet, other processes used {others:.1f} cores before it began.")
        try:
            figures[name] = _measured(name, PEERS[name], size, say)
        except (NotInstalled, NotRunning, StackError) as reason:
            skipped[name] = f"not measured: {reason}"
            say(f"{name} {skipped[name]}")
    return Report(datetime.now(UTC).date().isoformat(), Machine.here(), size.name, tuple(notes), skipped, figures)


def _measured(name: str, row: Row, size: Size, say: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix=f"closedloop-{name}-", ignore_cleanup_errors=True) as directory:
        say(f"{name}: starting …")
        with row.run(Path(directory), say) as peer:
            return asyncio.run(_jobs(name, Driver(peer), size, row.in_flight, say))


async def _jobs(name: str, driver: Driver, size: Size, in_flight: int, say: Callable[[str], None]) -> dict[str, Any]:
    found = {}
    async with driver:
        await warmed(driver, size)
        for job, measure in JOBS.items():
            say(f"{name}: {job} …")
            found[job] = await measure(driver, size, in_flight)
            # An hour's figures are not lost with whoever is measured last.
            say(json.dumps(found[job]))
    return found
