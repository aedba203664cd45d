"""The table of followup: what it hears, how that changes a case, what it says."""

from __future__ import annotations

from schemas.edges import VisitReport
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
from schemas.topics import VISITS
from services.followup import model, rules
from services.shared.machine import Due, Edge, Service

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
    edges=(Edge(VISITS, VisitReport, lambda report, member, id: report.complaint_id),),
    next_due=rules.next_due,
)
