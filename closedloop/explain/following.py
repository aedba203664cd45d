"""The clocks of a complaint, each from the fact that began it to the fact that ended it.

Escalation's own table decides what a fact does to a clock; this watches what came of each fact and remembers why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from schemas.facts import (
    BreachRetracted,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    Rung,
    RungsRetracted,
)
from services.escalation.model import Case, key_of
from services.escalation.rules.clocks import TargetClock, clocks, ended
from services.escalation.service import SERVICE

BEGINNINGS = (ComplaintRouted, ComplaintUnroutable)
"""The facts that begin escalation's case; without one nothing is watched."""

ASSIGNMENTS = (*BEGINNINGS, ComplaintReturned)
"""The facts that give targets to somebody."""

End = DeadlineMet | DeadlineMissed | DeadlineMoved | DeadlineCancelled
"""How a clock ended, as escalation tells it: once for each."""

Retraction = BreachRetracted | RungsRetracted
"""The facts that take back a rung or a breach: at most one for each clock."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One clock as it was last seen, and the facts that made it so."""

    clock: TargetClock
    began: TargetClock
    """As it was first seen."""
    begun_by: Fact
    """The fact that gave the target this date."""
    before: Followed | None = None
    """The clock of the same target whose place it took; None where nothing ran."""
    told: tuple[Rung, ...] = ()
    done_by: Fact | None = None
    ended_by: Fact | None = None
    """The fact that took the target away before it was met."""
    verdict: End | None = None
    retracted: Retraction | None = None

    @property
    def stop(self) -> Fact | None:
        """The fact that stopped the clock, met or not."""
        return self.done_by or self.ended_by

    @property
    def started_by(self) -> Fact:
        """The fact at which its time began to count: a moved date keeps its beginning."""
        before = self.before
        is_moved = before is not None and before.clock.target.starts_at == self.clock.target.starts_at
        return before.started_by if before is not None and is_moved else self.begun_by

    @property
    def given_by(self) -> Fact:
        """The fact that assigned the target; a later date does not change that."""
        is_given = self.before is None or isinstance(self.begun_by, ASSIGNMENTS)
        return self.begun_by if is_given or self.before is None else self.before.given_by


def cases(facts: Iterable[Fact]) -> Iterator[tuple[Fact, Case]]:
    """Each fact that escalation knows, with its case after it."""
    case: Case | None = None
    for fact in facts:
        evolve = SERVICE.evolve.get(type(fact))
        if evolve is None or (case is None and not isinstance(fact, BEGINNINGS)):
            continue
        case = evolve(case, fact)
        assert case is not None
        yield fact, case


def follow(facts: Iterable[Fact]) -> tuple[Followed, ...]:
    """Every clock there was, in the order in which they began."""
    known: dict[str, Followed] = {}
    for fact, case in cases(facts):
        running = {clock.key: clock for clock in clocks(case)}
        known |= {clock.key: _seen(known, clock, fact) for clock in ended(case)}
        for key in known.keys() - running.keys():
            known[key] = _gone(known[key], fact)
        for key, clock in running.items():
            known[key] = replace(_seen(known, clock, fact), ended_by=None)
        if isinstance(fact, Rung | End | Retraction):
            key = key_of(fact.cycle, fact.target, fact.revision)
            known |= {key: _told(known[key], fact)} if key in known else {}
    return tuple(known.values())


def _seen(known: Mapping[str, Followed], clock: TargetClock, fact: Fact) -> Followed:
    """A clock after a fact; what was done stays as it was done, whoever has the complaint later."""
    one = known.get(clock.key)
    done_by = fact if clock.done_at is not None else None
    if one is None:
        return Followed(clock, clock, fact, _replaced(known, clock, fact), done_by=done_by)
    if one.clock.done_at is not None:
        return one
    return replace(one, clock=clock, done_by=done_by)


def _replaced(known: Mapping[str, Followed], clock: TargetClock, fact: Fact) -> Followed | None:
    """The clock that the same fact stopped; one that had stopped before has nothing to do with this one."""
    before = known.get(key_of(clock.cycle, clock.target.name, clock.target.revision - 1))
    return before if before is not None and before.stop is fact else None


def _gone(followed: Followed, fact: Fact) -> Followed:
    return followed if followed.stop is not None else replace(followed, ended_by=fact)


def _told(followed: Followed, fact: Rung | End | Retraction) -> Followed:
    if isinstance(fact, Rung):
        return replace(followed, told=(*followed.told, fact))
    return replace(followed, retracted=fact) if isinstance(fact, Retraction) else replace(followed, verdict=fact)
