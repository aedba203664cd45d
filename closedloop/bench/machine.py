"""On what the figures were measured, and whether it was doing anything else meanwhile."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from pathlib import Path

import psutil

GIB = 2**30
QUIET_CORES = 0.1
"""What other processes may use before the figures are marked: an idle machine's own housekeeping stays below it."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides how fast it can be."""

    cores: int
    memory_gib: float
    cpu: str
    system: str
    python: str

    @classmethod
    def here(cls) -> Machine:
        """This machine."""
        return cls(
            cores=psutil.cpu_count() or 1,
            memory_gib=round(psutil.virtual_memory().total / GIB, 1),
            cpu=_cpu(),
            system=platform.system(),
            python=platform.python_version(),
        )

    @property
    def kind(self) -> str:
        """Short enough for a file's name: `2-cores-amd-epyc`."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.cores}-cores-{self.cpu}".lower()).strip("-")


def busy_cores(seconds: float) -> float:
    """How many cores are in use while this process only waits."""
    return float(psutil.cpu_percent(interval=seconds)) / 100 * (psutil.cpu_count() or 1)


def _cpu() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()
