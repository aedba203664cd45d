"""The table of escalation: what it hears, how that changes a case, what it says."""

from __future__ import annotations

from schemas.facts import (
    BreachRetracted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    CustomerContacted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMet,
    ProgressReported,
    VisitAttempted,
    VisitRequested,
    WorkAccepted,
)
from services.escalation import model, rules
from services.shared.machine import Due, Service

SERVICE = Service(
    name="escalation",
    case=model.Case,
    hears={
        Due: rules.climb_on_due,
        ComplaintRouted: rules.judge_on_work,
        WorkAccepted: rules.judge_on_work,
        CustomerContacted: rules.judge_on_work,
        ProgressReported: rules.judge_on_work,
        ComplaintAnswered: rules.judge_on_work,
        VisitAttempted: rules.judge_on_work,
    },
    evolve={
        ComplaintRouted: model.routed,
        ComplaintUnroutable: model.unroutable,
        ComplaintReturned: model.returned,
        WorkAccepted: model.worked,
        CustomerContacted: model.worked,
        ProgressReported: model.worked,
        ComplaintAnswered: model.worked,
        VisitRequested: model.visit_requested,
        VisitAttempted: model.visited,
        ComplaintReopened: model.reopened,
        ComplaintClosed: model.closed,
        DeadlineApproaching: model.told,
        DeadlineBreached: model.told,
        ComplaintEscalated: model.told,
        DeadlineMet: model.met,
        BreachRetracted: model.retracted,
    },
    says=(DeadlineApproaching, DeadlineBreached, ComplaintEscalated, DeadlineMet, BreachRetracted),
    next_due=rules.next_due,
    lane=model.owner,
)
