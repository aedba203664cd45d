"""The table of escalation: one line per fact says what it decides on it and how it changes a case."""

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
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    ProgressReported,
    ReceiptAcknowledged,
    RungsRetracted,
    VisitAttempted,
    VisitRequested,
    WorkAccepted,
    WorkPaused,
    WorkResumed,
)
from services.escalation import model, rules
from services.escalation.metrics import (
    APPROACHING,
    BREACHED,
    CANCELLED,
    CAUGHT_UP,
    ESCALATED,
    MET,
    MISSED,
    MOVED,
    RETRACTED,
    RUNGS_RETRACTED,
)
from services.escalation.rules import judge_on_fact as judge
from services.escalation.rules.stage import stage
from services.shared.machine.table import Count, On, Service

OF_WHOM = ("department", "target")

SERVICE = Service(
    name="escalation",
    case=model.Case,
    facts=(
        On(ComplaintUnroutable, evolve=model.unroutable),
        On(ComplaintRouted, decide=judge, evolve=model.routed),
        On(WorkAccepted, decide=judge, evolve=model.worked),
        On(ReceiptAcknowledged, decide=judge, evolve=model.worked),
        On(CustomerContacted, decide=judge, evolve=model.worked),
        On(CallbackPromised, decide=judge, evolve=model.worked),
        On(ProgressReported, decide=judge, evolve=model.worked),
        On(HoldingReplySent, decide=judge, evolve=model.worked),
        On(WorkPaused, decide=judge, evolve=model.worked),
        On(WorkResumed, decide=judge, evolve=model.worked),
        On(ApprovalRequested, decide=judge, evolve=model.worked),
        On(ApprovalGranted, decide=judge, evolve=model.worked),
        On(ApprovalRefused, decide=judge, evolve=model.worked),
        On(IncidentDeclared, decide=judge, evolve=model.declared),
        On(IncidentReported, decide=judge, evolve=model.worked),
        On(ComplaintReturned, decide=judge, evolve=model.returned),
        On(
            DeadlineApproaching,
            evolve=model.told,
            counts=(Count(APPROACHING, OF_WHOM), Count(CAUGHT_UP, word="warning", only="caught_up")),
        ),
        On(
            DeadlineBreached,
            evolve=model.told,
            counts=(Count(BREACHED, OF_WHOM), Count(CAUGHT_UP, word="breach", only="caught_up")),
        ),
        On(
            ComplaintEscalated,
            evolve=model.told,
            counts=(
                Count(ESCALATED, ("department", "level", "top")),
                Count(CAUGHT_UP, word="escalation", only="caught_up"),
            ),
        ),
        On(DeadlineMet, evolve=model.settled, counts=(Count(MET, ("target",)),)),
        On(DeadlineMissed, evolve=model.settled, counts=(Count(MISSED, ("target",)),)),
        On(DeadlineMoved, evolve=model.settled, counts=(Count(MOVED, ("target", "why")),)),
        On(DeadlineCancelled, evolve=model.settled, counts=(Count(CANCELLED, ("target", "why")),)),
        On(BreachRetracted, evolve=model.retracted, counts=(Count(RETRACTED, ("target",)),)),
        On(RungsRetracted, evolve=model.retracted, counts=(Count(RUNGS_RETRACTED, ("target",)),)),
        On(ComplaintAnswered, decide=judge, evolve=model.answered),
        On(VisitRequested, evolve=model.visit_requested),
        On(VisitAttempted, decide=judge, evolve=model.visited),
        On(ComplaintReopened, evolve=model.reopened),
        On(ComplaintClosed, decide=judge, evolve=model.closed),
        On(PlanLapsed, decide=judge, evolve=model.lapsed),
    ),
    on_due=rules.climb_on_due,
    next_due=rules.next_due,
    lane=model.owner,
    stage=stage,
)
"""A line decides where a clock may have met its target by the fact, or may have no target any more."""
