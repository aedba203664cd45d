"""A record that was turned away stays so when it is read again: its dead letter, which is kept for ever, tells it.

After a crash, a rebalance or an offset reset a service reads records that have had their outcome. Documents know what
they took. Of what was turned away no document has to know: the letter names the record's place in the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from services.shared.machine.letters import UNDECIDED, about

Place = tuple[str, int]
"""A topic and one of its partitions."""


@dataclass(slots=True)
class _Offsets:
    """Offsets of one partition; the lowest are found without looking at the others."""

    known: set[int] = field(default_factory=set)
    lowest_first: list[int] = field(default_factory=list)

    def add(self, offset: int) -> None:
        if offset not in self.known:
            self.known.add(offset)
            heappush(self.lowest_first, offset)

    def drop(self, below: int) -> None:
        while self.lowest_first and self.lowest_first[0] < below:
            self.known.discard(heappop(self.lowest_first))


class Ended:
    """The records of the log with a final dead letter; a parked record gets another try, so its letter is not final."""

    def __init__(self) -> None:
        self._offsets: dict[Place, _Offsets] = {}

    def note(self, headers: Iterable[tuple[str, bytes | None]]) -> None:
        """Take note of a dead letter."""
        told = about(headers)
        if told is not None and told[1] not in UNDECIDED:
            (topic, partition, offset), _ = told
            self._offsets.setdefault((topic, partition), _Offsets()).add(offset)

    def holds(self, topic: str, partition: int, offset: int) -> bool:
        """Whether the record at this place was turned away."""
        offsets = self._offsets.get((topic, partition))
        return offsets is not None and offset in offsets.known

    def forget(self, topic: str, partition: int, below: int) -> None:
        """Let go what is read in this life no more."""
        if offsets := self._offsets.get((topic, partition)):
            offsets.drop(below)
