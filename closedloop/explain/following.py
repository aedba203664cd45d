"""The clocks that a complaint has had, from the fact that began each to the one that ended it.

Escalation's own table decides what a fact does to a clock; this watches what came of each fact and remembers why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemas.facts import BreachRetracted, ComplaintRouted, ComplaintUnroutable, DeadlineMet, Fact, Rung
from services.escalation.model import Case, Clock, clocks, key_of
from services.escalation.service import SERVICE

BEGINNINGS = (ComplaintRouted, ComplaintUnroutable)
"""The facts that begin escalation's case; without one nothing is watched."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One clock as it was last seen, and the facts that made it so."""

    clock: Clock
    begun_by: Fact
    told: tuple[Rung, ...] = ()
    done_by: Fact | None = None
    ended_by: Fact | None = None
    """What took it away before it was done."""
    met: DeadlineMet | None = None
    retracted: BreachRetracted | None = None

    @property
    def stop(self) -> Fact | None:
        """What stopped it, done or not."""
        return self.done_by or self.ended_by


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
        for key, clock in running.items():
            known[key] = _seen(known.get(key), clock, fact)
        for key in known.keys() - running.keys():
            known[key] = _gone(known[key], fact)
        if isinstance(fact, Rung | DeadlineMet | BreachRetracted):
            key = key_of(fact.cycle, fact.target, fact.revision)
            known |= {key: _told(known[key], fact)} if key in known else {}
    return tuple(known.values())


def _seen(before: Followed | None, clock: Clock, fact: Fact) -> Followed:
    if before is None:
        return Followed(clock, begun_by=fact, done_by=None if clock.done_at is None else fact)
    done_by = fact if before.clock.done_at is None and clock.done_at is not None else before.done_by
    return replace(before, clock=clock, done_by=done_by, ended_by=None)


def _gone(followed: Followed, fact: Fact) -> Followed:
    if followed.clock.done_at is not None or followed.ended_by is not None:
        return followed
    return replace(followed, ended_by=fact)


def _told(followed: Followed, fact: Rung | DeadlineMet | BreachRetracted) -> Followed:
    if isinstance(fact, Rung):
        return replace(followed, told=(*followed.told, fact))
    return replace(followed, met=fact) if isinstance(fact, DeadlineMet) else replace(followed, retracted=fact)
