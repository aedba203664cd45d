"""When the facts about a clock arrived: who had it from when, and what stopped it; so, what timing alone decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from closedloop.explain.following import cases, follow
from schemas.facts import Fact, Rung
from services.escalation.model import clocks

Heard = Sequence[tuple[Fact, datetime]]
"""Facts with their arrivals, in order."""


@dataclass(frozen=True, slots=True)
class Course:
    """One clock's: times are arrivals, but for `done_at`, from when what it asks for counts as done."""

    owners: tuple[tuple[datetime, str], ...]
    stopped_at: datetime | None
    done_at: datetime | None

    def may_be_missed(self, rung: Rung, bound: timedelta) -> bool:
        """Whether the rung is told or not as the reader happens to meet its date or the end of its clock first."""
        if self.stopped_at is None or abs(self._moment(rung) - self.stopped_at) > bound:
            return False
        if self.done_at is None:
            return True
        if self.done_at <= rung.target_due_at:
            return rung.due_at < rung.target_due_at
        return rung.due_at > self.done_at

    def may_name(self, department: str, rung: Rung, bound: timedelta) -> bool:
        """Whether that department had the clock close to when the rung was to be told."""
        moment, ends = self._moment(rung), [arrived for arrived, _ in self.owners[1:]]
        spans = zip(self.owners, [*ends, None], strict=True)
        return any(
            owner == department and arrived <= moment + bound and (end is None or end >= moment - bound)
            for (arrived, owner), end in spans
        )

    def _moment(self, rung: Rung) -> datetime:
        """A clock that begins late tells at once what was due before."""
        return max(rung.due_at, self.owners[0][0])


def courses(heard: Heard) -> Mapping[str, Course]:
    """By the clock's name."""
    arrivals = {id(fact): arrived for fact, arrived in heard}
    owners: dict[str, list[tuple[datetime, str]]] = {}
    for fact, case in cases(fact for fact, _ in heard):
        for clock in clocks(case):
            had = owners.setdefault(clock.key, [])
            if not had or had[-1][1] != clock.department:
                had.append((arrivals[id(fact)], clock.department))
    found = {one.clock.key: one for one in follow(fact for fact, _ in heard)}
    return {
        key: Course(tuple(had), arrivals[id(stop)] if (stop := found[key].stop) else None, found[key].clock.done_at)
        for key, had in owners.items()
    }
