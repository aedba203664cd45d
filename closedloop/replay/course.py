"""The course of one clock by the arrival of its facts: its owners, its end, and the rungs that lag alone decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from closedloop.explain.following import Followed, cases, follow
from schemas.facts import Fact, Rung
from schemas.policy import PolicyPack
from services.escalation.rules.clocks import TargetClock, clocks
from services.escalation.rules.ladder import RungDue, rungs

Heard = Sequence[tuple[Fact, datetime]]
"""Facts with their arrivals, in order."""


@dataclass(frozen=True, slots=True)
class Course:
    """One clock's: times are arrivals, but for `over_at`, from when it counts as done, moved or cancelled."""

    seen: tuple[tuple[datetime, TargetClock], ...]
    """The clock whenever it changed: another department, another plan, another level."""
    stopped_at: datetime | None
    over_at: datetime | None

    def may_be_missed(self, rung: Rung, bound: timedelta) -> bool:
        """Whether lag alone decides if this rung is told: its date and the end of its clock lie close together."""
        if self.stopped_at is None or abs(self._moment(rung) - self.stopped_at) > bound:
            return False
        if self.over_at is None:
            return True
        # A clock that ended late is told all rungs that were due by then; later ones are taken back.
        return rung.due_at <= self.over_at <= rung.target_due_at and rung.due_at < rung.target_due_at

    def may_be_told(self, rung: Rung, bound: timedelta, policy: PolicyPack) -> bool:
        """Whether a rung says what follows from the clock as it stood close to when it was to be told."""
        close = (clock for clock in self._close_to(rung, bound) if clock.department == rung.department)
        due = (due for clock in close for due in _rungs(clock, rung, policy))
        return any(_says(rung, one) and (policy.people or rung.role == one.step.role) for one in due)

    def _close_to(self, rung: Rung, bound: timedelta) -> Iterator[TargetClock]:
        moment, ends = self._moment(rung), [arrived for arrived, _ in self.seen[1:]]
        for (arrived, clock), end in zip(self.seen, [*ends, None], strict=True):
            if arrived <= moment + bound and (end is None or end >= moment - bound):
                yield clock

    def _moment(self, rung: Rung) -> datetime:
        """A clock that begins late tells at once what was due before."""
        return max(rung.due_at, self.seen[0][0])


def courses(heard: Heard) -> Mapping[str, Course]:
    """By the clock's name."""
    arrivals = {id(fact): arrived for fact, arrived in heard}
    seen: dict[str, list[tuple[datetime, TargetClock]]] = {}
    for fact, case in cases(fact for fact, _ in heard):
        for clock in clocks(case):
            had = seen.setdefault(clock.key, [])
            if not had or _who(had[-1][1]) != _who(clock):
                had.append((arrivals[id(fact)], clock))
    found = {one.clock.key: one for one in follow(fact for fact, _ in heard)}
    return {key: _course(had, found[key], arrivals) for key, had in seen.items()}


def _course(seen: list[tuple[datetime, TargetClock]], followed: Followed, arrivals: Mapping[int, datetime]) -> Course:
    clock, stop = followed.clock, followed.stop
    over_at = clock.done_at or (clock.ended.at if clock.ended else None)
    return Course(tuple(seen), arrivals[id(stop)] if stop else None, over_at)


def _who(clock: TargetClock) -> tuple[str, str | None, int]:
    return clock.department, clock.plan, clock.level


def _rungs(clock: TargetClock, rung: Rung, policy: PolicyPack) -> Iterator[RungDue]:
    return takewhile(lambda due: due.number <= rung.rung, rungs(clock, policy, rung.rung - 1))


def _says(rung: Rung, due: RungDue) -> bool:
    """Whether two facts are the same rung, whoever was told."""
    told = (rung.rung, rung.due_at, rung.level, rung.queue, rung.action)
    return told == (due.number, due.due_at, due.step.level, due.queue, due.step.action)
