"""For how long nobody has read on in a partition: a reader that is away, or begins, or is busy, is no standstill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

LOOKS_S = 5.0
"""After a longer pause between two looks nothing is known of what happened meanwhile."""


class Standstill:
    """What one process sees of how far the partitions are read. It counts from the first look at the earliest.

    Time in which the broker does not answer counts for nothing: nobody can read then.
    """

    def __init__(self) -> None:
        self._decided: dict[int, datetime] = {}
        self._since: dict[int, float] = {}
        self._looked = -inf

    def look(self, decided: Mapping[int, datetime], answers: bool, now: float) -> None:
        """How far the partitions are read now, whether the broker answers, and the seconds of a monotonic clock."""
        if not answers or now - self._looked > LOOKS_S:
            self._since.clear()
        for partition, at in decided.items():
            if at != self._decided.get(partition):
                self._since[partition] = now
        self._decided, self._looked = dict(decided), now

    def of(self, partition: int) -> timedelta:
        """For how long it had stood still when it was last looked at."""
        return timedelta(seconds=self._looked - self._since.setdefault(partition, self._looked))
