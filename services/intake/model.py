"""Intake's case: the received complaint, and its state for those who ask."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineMoved,
)
from schemas.references import has_check
from services.shared.machine.documents import Case as BaseCase
from services.shared.machine.documents import Section


class Routing(Section):
    """Where it is and by when it will be answered (router)."""

    department: str | None = None
    due_at: Instant | None = None
    revision: int = 0
    answered: bool = False
    answer: str = ""
    cycle: int = 1


class Moved(Section):
    """The answer's date as it was last moved (escalation)."""

    cycle: int = 1
    revision: int = 0
    due_at: Instant | None = None


class Loop(Section):
    """How the loop stands (followup)."""

    cycle: int = 1
    ending: str | None = None


class Case(BaseCase):
    """Intake's memory of one complaint."""

    received: ComplaintReceived
    routing: Routing = Field(default_factory=Routing)
    moved: Moved = Field(default_factory=Moved)
    loop: Loop = Field(default_factory=Loop)

    @property
    def label(self) -> str | None:
        """Its reference; those of earlier versions may be another's, too."""
        return self.received.reference if has_check(self.received.reference) else None

    @property
    def state(self) -> str:
        """How it stands, in one word for the customer."""
        if self.loop.ending is not None:
            return "closed"
        if self.routing.cycle < self.loop.cycle:
            return "reopened"
        if self.routing.answered:
            return "answered"
        return "received" if self.routing.department is None else "in_progress"

    @property
    def answer(self) -> str | None:
        """What the customer was answered: until it turns out not to be solved, and once the loop is closed."""
        return self.routing.answer or None if self.state in ("answered", "closed") else None

    @property
    def due_at(self) -> datetime | None:
        """By when it will be answered, as far as anybody has said: the newer of plan and move."""
        planned, moved = self.routing, self.moved
        is_newer = (moved.cycle, moved.revision) > (planned.cycle, planned.revision)
        return moved.due_at if is_newer else planned.due_at


def received(case: Case | None, fact: ComplaintReceived) -> Case:
    """The complaint begins."""
    return Case(policy=fact.policy, received=fact)


def routed(case: Case, fact: ComplaintRouted | ComplaintUnroutable) -> Case:
    """Somebody owns it, with a date."""
    answer = next((t for t in fact.targets if t.name == "answer"), None)
    date = {"due_at": answer.due_at, "revision": answer.revision} if answer else {}
    routing = Routing(department=fact.department, cycle=fact.cycle, **date)
    return case.model_copy(update={"routing": routing})


def moved(case: Case, fact: DeadlineMoved) -> Case:
    """The answer has another date."""
    if fact.target != "answer":
        return case
    moved = Moved(cycle=fact.cycle, revision=fact.to_revision, due_at=fact.after)
    return case.model_copy(update={"moved": moved})


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre looks for another department; the date stays."""
    return case.model_copy(update={"routing": case.routing.model_copy(update={"department": fact.owner})})


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The customer has an answer."""
    return case.model_copy(update={"routing": case.routing.model_copy(update={"answered": True, "answer": fact.note})})


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """It was not solved."""
    return case.model_copy(update={"loop": Loop(cycle=fact.cycle)})


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return case.model_copy(update={"loop": case.loop.model_copy(update={"ending": fact.ending})})
