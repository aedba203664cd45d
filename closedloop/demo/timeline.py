"""One complaint's life as sentences in its own language, and which complaint is worth telling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from closedloop.demo.cast import CITY
from closedloop.demo.words import DUE, FACTS, TERMS, Language
from schemas.facts import (
    BreachRetracted,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    CustomerContacted,
    DeadlineBreached,
    Fact,
    VisitAttempted,
)
from schemas.policy import PolicyPack

WORTH: Mapping[type[Fact], int] = {
    ComplaintReturned: 3,
    ComplaintReopened: 3,
    DeadlineBreached: 2,
    ComplaintEscalated: 2,
    ComplaintUnroutable: 1,
    CustomerContacted: 1,
    VisitAttempted: 1,
    BreachRetracted: -1,
}
"""How much a complaint gains by such a fact; each counts once."""

TOLD_LATE = 4
"""What it loses where the machine was late: a rung is told at its own date, so the times would run backwards."""

NAMES = ("department", "desk", "owner")
CODES = ("target", "role", "outcome", "ending")


def most_telling(facts: Iterable[Fact], preferred: Language = "en") -> list[Fact]:
    """The facts of the closed complaint to which most happened, of several one in the preferred language.

    Nothing where none is closed.
    """
    lives: dict[str, list[Fact]] = {}
    for fact in facts:
        lives.setdefault(fact.complaint_id, []).append(fact)
    closed = [life for life in lives.values() if any(isinstance(fact, ComplaintClosed) for fact in life)]
    return max(closed, key=lambda life: (_worth(life), language_of(life) == preferred), default=[])


def language_of(life: Iterable[Fact]) -> Language:
    """The customer's."""
    return next((fact.language for fact in life if isinstance(fact, ComplaintReceived)), "en")


def sentence(fact: Fact, pack: PolicyPack, language: Language) -> str:
    """What happened, in words."""
    return FACTS[type(fact).__name__][language].format_map(_filled(fact, pack, language))


def local(at: datetime) -> str:
    """A moment as the city's clocks show it."""
    return f"{at.astimezone(CITY):%m-%d %H:%M}"


def _worth(life: list[Fact]) -> int:
    told_late = any(before.at > after.at for before, after in pairwise(life))
    return sum(WORTH.get(kind, 0) for kind in {type(fact) for fact in life}) - TOLD_LATE * told_late


def _filled(fact: Fact, pack: PolicyPack, language: Language) -> dict[str, Any]:
    """The fact's fields as people write them."""
    found = fact.model_dump()
    found |= {name: local(value) for name, value in found.items() if isinstance(value, datetime)}
    found |= {name: _department(found[name], pack, language) for name in NAMES if name in found}
    found |= {name: _term(found[name], language) for name in CODES if name in found}
    if isinstance(fact, ComplaintRouted):
        due = [DUE[language].format(name=_term(t.name, language), at=local(t.due_at)) for t in fact.targets]
        found["targets"] = {"en": ", ", "zh": ","}[language].join(due)
    return found


def _department(name: str, pack: PolicyPack, language: Language) -> str:
    known = pack.departments[name]
    return known.zh if language == "zh" else known.en


def _term(code: str, language: Language) -> str:
    return TERMS[code][language] if code in TERMS else code
