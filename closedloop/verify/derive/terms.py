"""What is judged, and on what terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from closedloop.verify.derive.history import Case
from closedloop.verify.evidence.log import Log, Mark
from closedloop.verify.pack.clock import Clock


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms is judged; times in milliseconds, `now` virtual, the spans real."""

    clock: Clock
    now: float
    bound: float = 60_000
    settle: float = 0
    tolerance: float = 5
    accepted: frozenset[str] | None = None
    since: Mark | None = None

    def real_now(self) -> float:
        """The real moment against which is judged."""
        return self.clock.real(self.now)

    def is_settled(self, appended: float) -> bool:
        """Whether what must follow from a record has had its time; without a time to settle it always has."""
        return self.settle <= 0 or self.real_now() - appended >= self.settle


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is judged: all records, and the complaints they tell of."""

    log: Log
    cases: Mapping[str, Case]
