"""The table of escalation: what it hears, how that changes a case, what it says."""

from __future__ import annotations

from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    BreachRetracted,
    CallbackPromised,
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
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    ProgressReported,
    ReceiptAcknowledged,
    RungsRetracted,
    VisitAttempted,
    VisitRequested,
    Work,
    WorkAccepted,
    WorkPaused,
    WorkResumed,
)
from services.escalation import model, rules
from services.escalation.rules.stage import stage
from services.shared.machine import Due, Service

WORK: tuple[type[Work], ...] = (
    WorkAccepted,
    ReceiptAcknowledged,
    CustomerContacted,
    CallbackPromised,
    ProgressReported,
    HoldingReplySent,
    WorkPaused,
    WorkResumed,
    ApprovalRequested,
    ApprovalGranted,
    ApprovalRefused,
    IncidentReported,
)
"""What departments and the centre do: each may meet targets, and may bring another plan."""

ENDS_CLOCKS: tuple[type[Fact], ...] = (
    *WORK,
    ComplaintAnswered,
    ComplaintRouted,
    ComplaintReturned,
    IncidentDeclared,
    VisitAttempted,
    ComplaintClosed,
    PlanLapsed,
)
"""The facts after which a clock may have met its target, or may have none any more."""

SERVICE = Service(
    name="escalation",
    case=model.Case,
    hears={Due: rules.climb_on_due, **dict.fromkeys(ENDS_CLOCKS, rules.judge_on_fact)},
    evolve={
        ComplaintRouted: model.routed,
        ComplaintUnroutable: model.unroutable,
        ComplaintReturned: model.returned,
        **dict.fromkeys(WORK, model.worked),
        ComplaintAnswered: model.answered,
        IncidentDeclared: model.declared,
        VisitRequested: model.visit_requested,
        VisitAttempted: model.visited,
        ComplaintReopened: model.reopened,
        ComplaintClosed: model.closed,
        PlanLapsed: model.lapsed,
        DeadlineApproaching: model.told,
        DeadlineBreached: model.told,
        ComplaintEscalated: model.told,
        DeadlineMet: model.settled,
        DeadlineMissed: model.settled,
        DeadlineMoved: model.settled,
        DeadlineCancelled: model.settled,
        BreachRetracted: model.retracted,
        RungsRetracted: model.retracted,
    },
    says=(
        DeadlineApproaching,
        DeadlineBreached,
        ComplaintEscalated,
        DeadlineMet,
        DeadlineMissed,
        DeadlineMoved,
        DeadlineCancelled,
        BreachRetracted,
        RungsRetracted,
    ),
    next_due=rules.next_due,
    lane=model.owner,
    stage=stage,
)
