"""The stacks of this user that run on this machine, found by their processes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from closedloop.stack import state
from closedloop.stack.process import MARK

CLOCK = "clock.json"
"""The clock of a data directory in which time is bent."""
LOCALHOST = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class Running:
    """A stack whose supervisor is alive, and its data directory."""

    data: Path
    state: state.StackState

    @property
    def ports(self) -> set[int]:
        """All ports on which its parts listen."""
        addresses = (self.state.kafka, *(part.address for part in self.state.parts))
        ends = (address.rpartition(":")[2] for address in addresses)
        return {int(end) for end in ends if end.isdigit()}


def running() -> list[Running]:
    """All of them, by data directory."""
    marked = sorted({Path(mark) for process in psutil.process_iter() if (mark := _mark(process))})
    found = [(data, state.running(data)) for data in marked]
    return [Running(data, alive) for data, alive in found if alive is not None]


def others(data: Path) -> list[Running]:
    """Those in other directories than this one."""
    return [found for found in running() if found.data != data.resolve()]


def clock_file(kafka: str, stacks: Iterable[Running] | None = None) -> Path | None:
    """The clock of the stack whose broker answers at this address, where its time is bent."""
    asked = {_named(address) for address in kafka.split(",")}
    for found in running() if stacks is None else stacks:
        file = found.data / CLOCK
        if _named(found.state.kafka) in asked and file.exists():
            return file
    return None


def _named(address: str) -> str:
    host, _, port = address.strip().rpartition(":")
    return f"127.0.0.1:{port}" if host in LOCALHOST else f"{host}:{port}"


def _mark(process: psutil.Process) -> str:
    try:
        return str(process.environ().get(MARK, "")) if process.uids().real == os.getuid() else ""
    except (psutil.Error, OSError):
        return ""
