"""Followup's case of a complaint: the answer to be checked, the visits, and the state of the loop."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Instant
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    IncidentDeclared,
    IncidentReported,
    VisitAttempted,
    VisitRequested,
    VisitScheduled,
)
from schemas.languages import Language
from services.shared.machine.documents import Case as BaseCase
from services.shared.machine.documents import Section


class Answer(Section):
    """The last answer that a department gave (router)."""

    cycle: int
    department: str
    handler: str | None
    plan: str


class Visit(Section):
    """The visit of the current attempt and how the loop stands (followup)."""

    cycle: int = 1
    level: int = 0
    attempt: int = 0
    desk: str = ""
    opens_at: Instant | None = None
    due_at: Instant | None = None
    state: Literal["none", "scheduled", "requested", "attempted"] = "none"
    outcome: str | None = None
    """The outcome of the last visit."""
    ended: bool = False


class Incident(Section):
    """Whether it is a major incident, and whether its report is written (router)."""

    declared: bool = False
    reported: bool = False


class Case(BaseCase):
    """Followup's memory of one complaint."""

    answer: Answer | None = None
    language: Language | None = None
    """In which people write about it, where router has said so."""
    incident: Incident = Field(default_factory=Incident)
    visit: Visit = Field(default_factory=Visit)


def answered(case: Case | None, fact: ComplaintAnswered) -> Case:
    """A department has answered: there is something to check."""
    answer = Answer(cycle=fact.cycle, department=fact.department, handler=fact.handler, plan=fact.plan)
    return _begun(case, fact).model_copy(update={"answer": answer})


def declared(case: Case | None, fact: IncidentDeclared) -> Case:
    """It is a major incident."""
    case = _begun(case, fact)
    return case.model_copy(update={"incident": case.incident.model_copy(update={"declared": True})})


def reported(case: Case, fact: IncidentReported) -> Case:
    """The incident's report is written."""
    return case.model_copy(update={"incident": case.incident.model_copy(update={"reported": True})})


def scheduled(case: Case, fact: VisitScheduled) -> Case:
    """A visit is planned."""
    window = {"opens_at": fact.opens_at, "due_at": fact.due_at}
    return _visit(case, state="scheduled", attempt=fact.attempt, desk=fact.desk, **window)


def requested(case: Case, fact: VisitRequested) -> Case:
    """The desk has its order."""
    return _visit(case, state="requested")


def attempted(case: Case, fact: VisitAttempted) -> Case:
    """The desk called."""
    return _visit(case, state="attempted", outcome=fact.outcome)


def reopened(case: Case, fact: ComplaintReopened) -> Case:
    """The next cycle begins: no visit until it is answered."""
    return case.model_copy(update={"visit": Visit(cycle=fact.cycle, level=fact.level)})


def closed(case: Case, fact: ComplaintClosed) -> Case:
    """The loop is closed."""
    return _visit(case, ended=True)


def _begun(case: Case | None, fact: ComplaintAnswered | IncidentDeclared) -> Case:
    case = case or Case(policy=fact.policy)
    return case.model_copy(update={"language": fact.language or case.language})


def _visit(case: Case, **changes: object) -> Case:
    return case.model_copy(update={"visit": case.visit.model_copy(update=changes)})
