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
from services.escalation.rules import judge_on_fact as judge
from services.escalation.rules.stage import stage
from services.shared.machine.table import Count, On, Service

OF_WHOM = ("department", "target")

APPROACHING = Count("deadlines_approaching", "Warnings before a deadline", OF_WHOM)
BREACHED = Count("breached", "Deadlines that passed, retracted ones included", OF_WHOM)
ESCALATED = Count(
    "escalated",
    "Rungs taken above a breach, reminders included; top: nobody stands above",
    ("department", "level", "top"),
)
MET = Count("met", "Targets met in time", ("target",))
MISSED = Count("missed", "Targets met late", ("target",))
MOVED = Count("moved", "Targets that got another date, by the fact that moved it", ("target", "why"))
CANCELLED = Count(
    "cancelled", "Targets that need not be met any more, by the fact that cancelled them", ("target", "why")
)
RETRACTED = Count("retracted", "Breaches taken back: met, moved or cancelled in time", ("target",))
RUNGS_RETRACTED = Count(
    "rungs_retracted",
    "Clocks of which rungs were taken back that had fallen due only after the end, without a breach among them",
    ("target",),
)


def caught_up(rung: str) -> Count:
    """Rungs that nobody was there to tell when they were due."""
    return Count(
        "rungs_caught_up",
        "Rungs that nobody was there to tell when they were due",
        last=("rung", rung),
        only="caught_up",
    )


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
        On(DeadlineApproaching, evolve=model.told, counts=(APPROACHING, caught_up("warning"))),
        On(DeadlineBreached, evolve=model.told, counts=(BREACHED, caught_up("breach"))),
        On(ComplaintEscalated, evolve=model.told, counts=(ESCALATED, caught_up("escalation"))),
        On(DeadlineMet, evolve=model.settled, counts=(MET,)),
        On(DeadlineMissed, evolve=model.settled, counts=(MISSED,)),
        On(DeadlineMoved, evolve=model.settled, counts=(MOVED,)),
        On(DeadlineCancelled, evolve=model.settled, counts=(CANCELLED,)),
        On(BreachRetracted, evolve=model.retracted, counts=(RETRACTED,)),
        On(RungsRetracted, evolve=model.retracted, counts=(RUNGS_RETRACTED,)),
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
"""A line decides where its fact may meet or drop a target."""
