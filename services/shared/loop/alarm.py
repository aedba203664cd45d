"""Wakes whoever sleeps until the next timer when an earlier one is armed meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

NEVER = datetime.max.replace(tzinfo=UTC)


class Alarm:
    """Knows the earliest due date (virtual) that was armed since `reset`, so that none is missed before `sleep`."""

    def __init__(self) -> None:
        self._armed = self._until = NEVER
        self._rung = asyncio.Event()

    def reset(self) -> None:
        """From here on what is armed counts: call it before looking for the next timer."""
        self._armed = self._until = NEVER
        self._rung.clear()

    def set(self, due: datetime) -> None:
        """A timer was armed; wakes whoever sleeps for a later one."""
        self._armed = min(self._armed, due)
        if self._armed < self._until:
            self._rung.set()

    async def sleep(self, seconds: float, until: datetime | None) -> None:
        """Sleep so long for a timer that is due at `until` (None: for any), or until an earlier one is armed."""
        self._until = until or NEVER
        if self._armed >= self._until:
            self._rung.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), max(0.0, seconds))
