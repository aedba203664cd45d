"""What is judged, and on what terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from closedloop.verify.derive.history import Case
from closedloop.verify.evidence.edges import Edge
from closedloop.verify.evidence.log import Log, Mark
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.clock import Clock
from closedloop.verify.pack.policy import Pack


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


@dataclass(frozen=True)
class Evidence:
    """What is judged: all records, and the complaints they tell of."""

    log: Log
    cases: Mapping[str, Case]

    def with_packs(self) -> Iterator[tuple[Case, Pack | None]]:
        """Each complaint, and the policy pack that it was received under; None where nobody published that."""
        return ((case, self.log.packs.get(case.policy)) for case in self.cases.values())

    def behind(self, fact: Said) -> list[Edge]:
        """The records from outside that a fact calls its cause: more than one where somebody sent again."""
        return self._named.get((fact.body["complaint_id"], fact.cause), [])

    @cached_property
    def _named(self) -> Mapping[tuple[str | None, str], list[Edge]]:
        found: dict[tuple[str | None, str], list[Edge]] = {}
        for edge in self.log.edges:
            for name in edge.names:
                found.setdefault((edge.complaint, name), []).append(edge)
        return found
