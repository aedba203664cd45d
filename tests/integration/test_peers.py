"""The benchmark's job for peers, done by ours on a real stack: a handful of cases and timers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from closedloop.bench.peers.driver import Driver
from closedloop.bench.peers.jobs import Size, lateness, warmed
from closedloop.bench.peers.meter import Look
from closedloop.bench.peers.table import OURS, PEERS

pytestmark = pytest.mark.stack

TINY = Size("tiny", warm_s=4, steady_per_s=5, seconds=4, due_per_s=10, floods=(), kill_s=0)


async def test_cases_are_closed_and_timers_told_once_and_never_early(tmp_path: Path) -> None:
    with PEERS[OURS].run(tmp_path, lambda line: None) as peer:
        async with Driver(peer) as driver:
            await warmed(driver, TINY)
            timers = await lateness(driver, TINY, PEERS[OURS].in_flight)

            assert not driver.in_flight
            assert len(driver.closed) >= 15
            assert all(seconds > 0 for seconds in Look.of(peer.parts(), os.getpid()).seconds.values())
            assert (timers["told"], timers["early"]) == (40, 0)
            assert await peer.twice() == 0
