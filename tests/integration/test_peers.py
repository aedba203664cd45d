"""The benchmark's job for peers, done by ours on a real stack: a handful of cases and timers."""

from __future__ import annotations

from pathlib import Path

import pytest

from closedloop.bench.peers.driver import Driver
from closedloop.bench.peers.jobs import Size, lateness, steady
from closedloop.bench.peers.meter import TOGETHER
from closedloop.bench.peers.table import OURS, PEERS

pytestmark = pytest.mark.stack

TINY = Size("tiny", warm_s=2, steady_per_s=5, seconds=4, due_per_s=10, floods=(), kill_s=0)


async def test_cases_are_closed_and_timers_told_once_and_never_early(tmp_path: Path) -> None:
    with PEERS[OURS].run(tmp_path, lambda line: None) as peer:
        async with Driver(peer) as driver:
            cases = await steady(driver, TINY, PEERS[OURS].in_flight)
            timers = await lateness(driver, TINY, PEERS[OURS].in_flight)

            assert cases["drained"]
            assert cases["cpu_ms_per_case"][TOGETHER] > 0
            assert (timers["told"], timers["early"]) == (40, 0)
            assert await peer.twice() == 0
