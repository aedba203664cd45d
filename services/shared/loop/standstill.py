"""For how long something has stood still although it was looked at: who has just begun to look has seen nothing yet."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta
from math import inf
from typing import Generic, TypeVar

LOOKS_S = 5.0
"""After a longer pause between two looks nothing is known of what happened meanwhile."""
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Standstill(Generic[Key, Value]):
    """Counts how long others have made no progress, as one process sees it, from its first look on.

    Time in which nobody can move on counts for nothing.
    """

    def __init__(self) -> None:
        self._seen: dict[Key, Value] = {}
        self._since: dict[Key, float] = {}
        self._looked = -inf

    def look(self, seen: Mapping[Key, Value], can_move: bool, now: float) -> None:
        """How far each is now, whether anybody can move on, and the seconds of a monotonic clock."""
        if not can_move or now - self._looked > LOOKS_S:
            self._since.clear()
        for key, value in seen.items():
            if value != self._seen.get(key):
                self._since[key] = now
        self._seen, self._looked = dict(seen), now

    def of(self, key: Key) -> timedelta:
        """For how long it had stood still when it was last looked at."""
        return timedelta(seconds=self._looked - self._since.setdefault(key, self._looked))
