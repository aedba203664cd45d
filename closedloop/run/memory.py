"""The peak memory of a whole stack, this process included."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping

import psutil

EVERY_S = 0.5


class Memory:
    """Looks again and again from a thread of its own, between `start` and `stop`."""

    def __init__(self, resident: Callable[[], Mapping[str, int]], every_s: float = EVERY_S) -> None:
        self._resident, self._every_s = resident, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        self.peak: Mapping[str, int] = {}

    @property
    def peak_bytes(self) -> int:
        """The sum over all parts when it was highest; pages that parts share count for each."""
        return sum(self.peak.values())

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process(os.getpid())
        while not self._stopping.wait(self._every_s):
            now = {**self._resident(), "this command": int(me.memory_info().rss)}
            self.peak = max(self.peak, now, key=lambda parts: sum(parts.values()))
