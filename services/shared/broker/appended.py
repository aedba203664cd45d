"""The offsets that this process appended itself, without a gap: it knows their content without reading them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from services.shared.timing.clock import from_ms


class Appended(Protocol):
    """The broker's acknowledgement of a record."""

    topic: str
    partition: int
    offset: int
    timestamp: int


class _Stretch(NamedTuple):
    first: int
    end: int
    appended_ms: int


class OwnRecords:
    """Of each partition the last stretch of records that are all this process's own."""

    def __init__(self) -> None:
        self._stretches: dict[tuple[str, int], _Stretch] = {}

    def add(self, record: Appended) -> None:
        """The broker has taken it; a gap before it, or a step back, begins a new stretch."""
        where = record.topic, record.partition
        before = self._stretches.get(where)
        first = before.first if before is not None and before.end == record.offset else record.offset
        self._stretches[where] = _Stretch(first, record.offset + 1, record.timestamp)

    def beyond(self, topic: str, partition: int, settled: int) -> tuple[int, datetime] | None:
        """Where the stretch ends that goes on from there, and when its last record was appended; None without one."""
        stretch = self._stretches.get((topic, partition))
        if stretch is None or not stretch.first <= settled < stretch.end:
            return None
        return stretch.end, from_ms(stretch.appended_ms)
