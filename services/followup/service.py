"""The table of followup: what it hears, how that changes a case, what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schemas.edges import Notice, VisitReport
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    IncidentDeclared,
    IncidentReported,
    VisitAttempted,
    VisitRefused,
    VisitRequested,
    VisitScheduled,
)
from schemas.topics import QUEUE, VISITS
from services.followup import model, rules
from services.shared.machine import Due, Edge, Service, Tell


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A desk whose report fits no case hears why on its queue; what is not legal in a case router tells it."""
    yield Tell(QUEUE.of(member), Notice.of_refusal(member, body, reasons, at))


SERVICE = Service(
    name="followup",
    case=model.Case,
    hears={
        ComplaintAnswered: rules.schedule_on_answered,
        Due: rules.request_on_due,
        VisitReport: rules.conclude_on_visit,
        IncidentReported: rules.close_on_report,
    },
    evolve={
        ComplaintAnswered: model.answered,
        IncidentDeclared: model.declared,
        IncidentReported: model.reported,
        VisitScheduled: model.scheduled,
        VisitRequested: model.requested,
        VisitAttempted: model.attempted,
        ComplaintReopened: model.reopened,
        ComplaintClosed: model.closed,
    },
    says=(VisitScheduled, VisitRequested, VisitRefused, VisitAttempted, ComplaintReopened, ComplaintClosed),
    edges=(Edge(VISITS, VisitReport, lambda report, member, id: report.complaint_id, turned_away=turned_away),),
    next_due=rules.next_due,
)
