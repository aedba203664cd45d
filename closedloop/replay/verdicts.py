"""A complaint's verdicts as they stand on its topic: what was told of each clock, how it ended, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from closedloop.explain.following import End, Retraction
from schemas.facts import BreachRetracted, Fact, Rung
from services.escalation.model import key_of

Verdict = Rung | End | Retraction


@dataclass(frozen=True, slots=True)
class Standing:
    """What escalation has said of one clock: the rungs by their number, and how it ended."""

    rungs: Mapping[int, Rung]
    ends: tuple[End, ...] = ()
    doubled: tuple[int, ...] = ()
    """Rungs that were told more than once."""


def standing(said: Iterable[Fact]) -> dict[str, Standing]:
    """By the clock's name. What was taken back does not stand; what was right when it fell due does."""
    found: dict[str, Standing] = {}
    for fact in said:
        if isinstance(fact, Verdict):
            key = key_of(fact.cycle, fact.target, fact.revision)
            found[key] = _after(found.get(key, Standing({})), fact)
    return found


def _after(known: Standing, fact: Verdict) -> Standing:
    if isinstance(fact, Retraction):
        return replace(known, rungs={n: rung for n, rung in known.rungs.items() if not _is_taken_back(rung, fact)})
    if isinstance(fact, Rung):
        doubled = (*known.doubled, fact.rung) if fact.rung in known.rungs else known.doubled
        return replace(known, rungs={**known.rungs, fact.rung: fact}, doubled=doubled)
    return replace(known, ends=(*known.ends, fact))


def _is_taken_back(rung: Rung, fact: Retraction) -> bool:
    if isinstance(fact, BreachRetracted) and not fact.taken_back:
        return rung.due_at >= rung.target_due_at
    return any(rung.rung in telling.rungs for telling in fact.taken_back)
