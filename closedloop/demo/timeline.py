"""One complaint's life as sentences in either language, and which complaint is worth telling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from closedloop.demo.cast import CITY
from closedloop.demo.words import DEPUTY, DUE, HOLDER, LENGTH
from closedloop.language import Language, Words
from closedloop.language.facts import FACTS, WHY
from closedloop.language.reasons import reason_in
from closedloop.language.terms import ACTIONS, TERMS, TOLD
from schemas.facts import (
    ApprovalGranted,
    BreachRetracted,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintUnroutable,
    CustomerContacted,
    DeadlineBreached,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    ReplyRefused,
    Rung,
    Target,
    VisitAttempted,
    VisitRefused,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack

WORTH: Mapping[type[Fact], int] = {
    ComplaintReturned: 3,
    ComplaintReopened: 3,
    IncidentDeclared: 3,
    DeadlineBreached: 2,
    ComplaintEscalated: 2,
    WorkPaused: 2,
    ApprovalGranted: 2,
    HoldingReplySent: 1,
    ComplaintUnroutable: 1,
    CustomerContacted: 1,
    VisitAttempted: 1,
    BreachRetracted: -1,
}
"""How much a complaint gains by such a fact; each counts once."""

TOLD_LATE = 4
"""What it loses where the machine was late: a rung is told at its own date, so the times would run backwards."""

NAMES = ("department", "desk", "owner", "approver", "manager")
CODES = ("target", "outcome", "ending", "subject")
NOBODY = "–"
"""Stands for a handler whom a reply does not name."""


def most_telling(facts: Iterable[Fact], preferred: Language = "en") -> list[Fact]:
    """The facts of the closed complaint to which most happened, by their time; nothing where none is closed.

    One in the preferred language goes before all others.
    """
    lives: dict[str, list[Fact]] = {}
    for fact in facts:
        lives.setdefault(fact.complaint_id, []).append(fact)
    closed = [life for life in lives.values() if any(isinstance(fact, ComplaintClosed) for fact in life)]
    found = max(closed, key=lambda life: (language_of(life) == preferred, _worth(life)), default=[])
    return sorted(found, key=lambda fact: fact.at)


def language_of(life: Iterable[Fact]) -> Language:
    """The customer's."""
    return next((fact.language for fact in life if isinstance(fact, ComplaintReceived)), "en")


def sentence(fact: Fact, pack: PolicyPack, language: Language) -> str:
    """What happened, in words."""
    return _words(fact)[language].format_map(_filled(fact, pack, language))


def local(at: datetime) -> str:
    """A moment as the city's clocks show it."""
    return f"{at.astimezone(CITY):%m-%d %H:%M}"


def zone(at: datetime) -> str:
    """By how much those clocks differ from UTC: `UTC+8`."""
    there = at.astimezone(CITY)
    hours = (there.utcoffset() or timedelta(0)) / timedelta(hours=1)
    return f"UTC{hours:+g}"


def _worth(life: list[Fact]) -> int:
    told_late = any(before.at > after.at for before, after in pairwise(life))
    return sum(WORTH.get(kind, 0) for kind in {type(fact) for fact in life}) - TOLD_LATE * told_late


def _words(fact: Fact) -> Words:
    """The fact's own words; where one kind of it reads otherwise, those."""
    name = type(fact).__name__
    kinds = (getattr(fact, field, None) for field in ("what", "why", "target"))
    found = (FACTS[f"{name}/{kind}"] for kind in kinds if f"{name}/{kind}" in FACTS)
    return next(found, FACTS[name])


def _filled(fact: Fact, pack: PolicyPack, language: Language) -> dict[str, Any]:
    """The fact's fields as people write them."""
    found = fact.model_dump()
    found |= {name: local(value) for name, value in found.items() if isinstance(value, datetime)}
    found |= {name: _length(value, language) for name, value in found.items() if isinstance(value, timedelta)}
    found |= {name: _department(found[name], pack, language) for name in NAMES if name in found}
    if not isinstance(fact, ComplaintReceived):
        found |= {name: _term(found[name], language) for name in CODES if name in found}
    if "handler" in found:
        found["handler"] = found["handler"] or NOBODY
    return found | _of_its_kind(fact, pack, language)


def _of_its_kind(fact: Fact, pack: PolicyPack, language: Language) -> dict[str, Any]:
    """What is no field of the fact but follows from some."""
    targets = getattr(fact, "targets", None) or ()
    found: dict[str, Any] = {t.name: local(t.due_at) for t in targets if t.name in ("callback", "final")}
    said = [target for target in targets if target.pauses or not isinstance(fact, WorkResumed)]
    found["targets"] = _all(language, [_due(target, language) for target in said])
    found["paused"] = _all(language, [_term(name, language) for name in getattr(fact, "paused", ())])
    if isinstance(fact, Rung):
        whom, action = _whom(fact, pack, language), ACTIONS.get(fact.action, {}).get(language, fact.action)
        found["told"] = TOLD.get(fact.action, TOLD[""])[language].format(whom=whom, action=action)
    if hasattr(fact, "why"):
        found["why"] = WHY[fact.why][language] if fact.why in WHY else fact.why
    if hasattr(fact, "reason"):
        found["reason"] = reason_in(language, _term(fact.reason, language))
    if isinstance(fact, ReplyRefused | VisitRefused) and fact.words is not None:
        found["detail"] = fact.words.said(language)
    return found | ({"cause": fact.report.cause} if hasattr(fact, "report") else {})


def _whom(fact: Rung, pack: PolicyPack, language: Language) -> str:
    """The office; its holder too, or the deputy and the absent holder, if the policy names them."""
    role = _term(fact.role, language)
    if fact.person is None:
        return role
    person = _person(fact.person, pack, language)
    if fact.deputy_for is None:
        return HOLDER[language].format(role=role, person=person)
    return DEPUTY[language].format(role=role, person=person, absent=_person(fact.deputy_for, pack, language))


def _due(target: Target, language: Language) -> str:
    return DUE[language].format(name=_term(target.name, language), at=local(target.due_at))


def _all(language: Language, found: list[str]) -> str:
    return {"en": ", ", "zh": "、"}[language].join(found)


def _length(length: timedelta, language: Language) -> str:
    """In hours and minutes; without its sign."""
    hours, minutes = divmod(int(abs(length).total_seconds()) // 60, 60)
    return LENGTH[language].format(hours=hours, minutes=minutes)


def _department(name: str, pack: PolicyPack, language: Language) -> str:
    known = pack.departments.get(name)
    return name if known is None else known.zh if language == "zh" else known.en


def _person(name: str, pack: PolicyPack, language: Language) -> str:
    known = pack.people.get(name)
    return name if known is None else known.zh if language == "zh" else known.en


def _term(code: str, language: Language) -> str:
    return TERMS[code][language] if code in TERMS else code
