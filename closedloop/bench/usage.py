"""The cost of processes: CPU seconds between two looks, and resident memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from closedloop.bench.stand import parts
from closedloop.stack import Stack

MIB = 2**20


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, all its threads together."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def machine_seconds() -> float:
    """CPU time that was not to be had on this machine so far: used by anybody, or taken by its host."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def rss_mib(pid: int) -> float:
    """Resident memory."""
    return float(psutil.Process(pid).memory_info().rss) / MIB


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds by process, as of one moment; `driver` is the process that measures, `others` what else runs here."""

    seconds: Mapping[str, float]

    @classmethod
    def of(cls, stack: Stack) -> Usage:
        """A look at every process of the stack, and at this one."""
        found = {name: cpu_seconds(stack.pid(name)) for name in parts(stack)}
        found["driver"] = cpu_seconds(psutil.Process().pid)
        return cls({**found, "others": machine_seconds() - sum(found.values())})

    def since(self, earlier: Usage) -> dict[str, float]:
        """What was used in between, by process."""
        return {name: after - earlier.seconds[name] for name, after in self.seconds.items()}


def memory(stack: Stack) -> dict[str, float]:
    """Resident MiB of every process of the stack."""
    return {name: round(rss_mib(stack.pid(name)), 1) for name in parts(stack)}
