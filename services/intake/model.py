"""What intake remembers of a complaint: what was received, and how it stands for those who ask."""

from __future__ import annotations

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
)
from services.shared.machine import Case as BaseCase
from services.shared.machine import Section


class Routing(Section):
    """Where it is and by when it will be answered (router)."""

    department: str | None = None
    due_at: Instant | None = None
    answered: bool = False
    cycle: int = 1


class Loop(Section):
    """How the loop stands (followup)."""

    cycle: int = 1
    ending: str | None = None


class Case(BaseCase):
    """Intake's memory of one complaint."""

    received: ComplaintReceived
    routing: Routing = Field(default_factory=Routing)
    loop: Loop = Field(default_factory=Loop)

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


def received(case: Case | None, fact: ComplaintReceived) -> Case:
    """The complaint begins."""
    return Case(policy=fact.policy, received=fact)


def routed(case: Case, fact: ComplaintRouted | ComplaintUnroutable) -> Case:
    """Somebody owns it, with a date."""
    due_at = next((t.due_at for t in fact.targets if t.name == "answer"), None)
    routing = Routing(department=fact.department, due_at=due_at, cycle=fact.cycle)
    return case.model_copy(update={"routing": routing})


def returned(case: Case, fact: ComplaintReturned) -> Case:
    """The centre looks for another department; the date stays."""
    return case.model_copy(update={"routing": case.routing.model_copy(update={"department": fact.owner})})


def answered(case: Case, fact: ComplaintAnswered) -> Case:
    """The customer has an answer."""
    return case.model_copy(update={"routing": case.routing.model_copy(update={"answered": True})})


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """It was not solved."""
    return case.model_copy(update={"loop": Loop(cycle=fact.cycle)})


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return case.model_copy(update={"loop": case.loop.model_copy(update={"ending": fact.ending})})
