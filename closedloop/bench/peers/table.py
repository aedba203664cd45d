"""Who is compared, as rows; what is wanted of ours beside them, as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from closedloop.bench.peers.meter import TOGETHER
from closedloop.bench.peers.ours import ours
from closedloop.bench.peers.peer import Peer
from closedloop.bench.peers.theirs import dbos, procrastinate, restate

OURS = "ours"
Run = Callable[[Path, Callable[[str], None]], AbstractContextManager[Peer]]


@dataclass(frozen=True, slots=True)
class Row:
    """One peer: how it is run, and how many cases in flight saturate it."""

    run: Run
    in_flight: int


PEERS: Mapping[str, Row] = {
    OURS: Row(ours, in_flight=400),
    "restate": Row(restate, in_flight=128),
    "restate-asleep": Row(partial(restate, awake="0s"), in_flight=128),
    "dbos": Row(dbos, in_flight=128),
    "procrastinate": Row(procrastinate, in_flight=128),
}
"""Ours has more in flight, for a visit waits a second there; elsewhere a case is through as soon as it is answered."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times ours what a peer needs should be; the figure's path is the same for both."""

    peer: str
    times: float
    figure: tuple[str, ...]


SATURATED = ("saturated", "cpu_ms_per_case", TOGETHER)
STEADY = ("steady", "cpu_ms_per_case", TOGETHER)
FLOODS = (("flood", "10000", "seconds"), ("flood", "100000", "seconds"))
RESTATE = ("restate", "restate-asleep")
OTHERS = [name for name in PEERS if name != OURS]

GOALS: tuple[Goal, ...] = (
    *(Goal(name, 4.0, SATURATED) for name in RESTATE),
    *(Goal(name, 2.0, STEADY) for name in RESTATE),
    *(Goal(name, 7.0, SATURATED) for name in OTHERS if name not in RESTATE),
    *(Goal(name, 2.0, flood) for flood in FLOODS for name in OTHERS),
)
