"""What a peer costs: CPU seconds of whole process trees, read from /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
TOGETHER, DRIVER = "together", "driver"


@dataclass(frozen=True, slots=True)
class Process:
    """One living process: its parent, its CPU seconds, and those of its ended children."""

    parent: int
    own_s: float
    ended_s: float = 0.0
    is_dead: bool = False
    """Whether it only waits for its parent to ask how it ended."""


def read_stat(line: str) -> tuple[int, Process]:
    """The process that a line of /proc/PID/stat describes; its name may hold spaces and brackets."""
    pid, _, rest = line.partition(" ")
    fields = rest.rpartition(")")[2].split()
    used, system, ended, ended_system = (int(field) / TICKS_PER_S for field in fields[11:15])
    return int(pid), Process(int(fields[1]), used + system, ended + ended_system, fields[0] == "Z")


def processes() -> dict[int, Process]:
    """Every process of this machine."""
    found = {}
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit():
            try:
                pid, process = read_stat((directory / "stat").read_text())
            except OSError:
                continue
            found[pid] = process
    return found


def tree(every: Mapping[int, Process], root: int) -> list[int]:
    """A process and all that descend from it; empty where it is gone."""
    found = [root] if root in every else []
    for pid in found:
        found += [child for child, process in every.items() if process.parent == pid]
    return found


def tree_seconds(every: Mapping[int, Process], root: int) -> float:
    """CPU time of a tree so far: what lives in it, and what has ended in it."""
    return sum(every[pid].own_s + every[pid].ended_s for pid in tree(every, root))


@dataclass(frozen=True, slots=True)
class Look:
    """CPU seconds by part at one moment."""

    at: float
    seconds: Mapping[str, float]

    @classmethod
    def of(cls, parts: Mapping[str, int], driver: int) -> Look:
        """A look at the trees of these parts, by their first process, and at the driver without what it started."""
        every = processes()
        found = {name: tree_seconds(every, pid) for name, pid in parts.items()}
        return cls(time.monotonic(), {**found, DRIVER: every[driver].own_s})

    def since(self, earlier: Look) -> dict[str, float]:
        """What was used in between."""
        return {name: after - earlier.seconds[name] for name, after in self.seconds.items()}


def ms_each(spent_s: Mapping[str, float], count: int) -> dict[str, float]:
    """CPU milliseconds for each of so many, by part and of all parts."""
    if not count:
        return {}
    each = {name: round(1000 * seconds / count, 3) for name, seconds in spent_s.items()}
    return {**each, TOGETHER: round(1000 * sum(spent_s.values()) / count, 3)}
