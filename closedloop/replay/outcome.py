"""The outcomes of the requests, counted from the facts on the topic alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from schemas.facts import (
    BreachRetracted,
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintRouted,
    DeadlineBreached,
    DeadlineMet,
    DeadlineMissed,
    Fact,
    ReplyRefused,
)

ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a replay; `breached` are the breaches that stand: told and never taken back."""

    accepted: int = 0
    answered: int = 0
    with_deadline: int = 0
    without_deadline: int = 0
    met: int = 0
    missed: int = 0
    breached: int = 0
    answered_late: int = 0
    still_open: int = 0
    breached_by_agency: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        return asdict(self)


def retractions(facts: Iterable[Fact]) -> int:
    """How many breaches were told and taken back: none where nothing arrives late."""
    return len({fact.complaint_id for fact in facts if isinstance(fact, BreachRetracted)})


def outcome(facts: Iterable[Fact], until: datetime) -> Outcome:
    """The figures of these facts; a fact that stands there twice counts once.

    A stack's time runs on behind the end of the history: what falls due later does not count.
    """
    seen = _Seen()
    for fact in facts:
        if not isinstance(fact, DeadlineBreached) or fact.due_at <= until:
            seen.take(fact)
    standing = seen.breached.keys() - seen.retracted
    return Outcome(
        accepted=len(seen.received),
        answered=len(seen.answered),
        with_deadline=len(seen.promised),
        without_deadline=len(seen.received - seen.promised),
        met=len(seen.met),
        missed=len(seen.missed),
        breached=len(standing),
        answered_late=len(standing & seen.answered),
        still_open=len(standing - seen.answered),
        breached_by_agency=most_first(Counter(seen.breached[id] for id in standing)),
        refused=most_first(Counter(reason for _, _, reason in seen.refused)),
    )


class _Seen:
    """Complaints by what was said of them."""

    def __init__(self) -> None:
        self.received: set[str] = set()
        self.answered: set[str] = set()
        self.promised: set[str] = set()
        self.met: set[str] = set()
        self.missed: set[str] = set()
        self.retracted: set[str] = set()
        self.breached: dict[str, str] = {}
        self.refused: set[tuple[str, str, str]] = set()

    def take(self, fact: Fact) -> None:
        id = fact.complaint_id
        match fact:
            case ComplaintReceived():
                self.received.add(id)
            case ComplaintRouted() if any(target.name == ANSWER for target in fact.targets):
                self.promised.add(id)
            case ComplaintAnswered():
                self.answered.add(id)
            case DeadlineMet(target="answer"):
                self.met.add(id)
            case DeadlineMissed(target="answer"):
                self.missed.add(id)
            case BreachRetracted(target="answer"):
                self.retracted.add(id)
            case DeadlineBreached(target="answer"):
                self.breached[id] = fact.department
            case ReplyRefused():
                self.refused.add((id, fact.reply_id, fact.reason))


def most_first(counted: Counter[str]) -> dict[str, int]:
    """What was counted, the most frequent first."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
