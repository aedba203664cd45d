"""A record that was turned away stays so when it is read again: its dead letter, which is kept for ever, tells it.

After a crash, a rebalance or an offset reset a service reads records that have had their outcome. Documents know what
they took. Of what was turned away no document has to know: the letter names the record's place in the log.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.shared.machine.letters import UNDECIDED, about

Place = tuple[str, int]
"""A topic and one of its partitions."""


class Ended:
    """Which records of the log have a letter that ends them: parked ones go on."""

    def __init__(self) -> None:
        self._offsets: dict[Place, set[int]] = {}

    def note(self, headers: Iterable[tuple[str, bytes | None]]) -> None:
        """Take note of a dead letter."""
        told = about(headers)
        if told is not None and told[1] not in UNDECIDED:
            (topic, partition, offset), _ = told
            self._offsets.setdefault((topic, partition), set()).add(offset)

    def holds(self, topic: str, partition: int, offset: int) -> bool:
        """Whether the record at this place was turned away."""
        return offset in self._offsets.get((topic, partition), ())

    def forget(self, topic: str, partition: int, below: int) -> None:
        """Let go what is read in this life no more."""
        known = self._offsets.get((topic, partition))
        if known:
            known -= {offset for offset in known if offset < below}
