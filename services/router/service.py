"""The table of router: one line per fact says what it decides on it, how it changes a case, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schemas.edges import Notice, Reply
from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    BreachRetracted,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    CustomerContacted,
    DeadlineApproaching,
    DeadlineBreached,
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    ProgressReported,
    ReceiptAcknowledged,
    ReplyRefused,
    RungsRetracted,
    VisitAttempted,
    VisitRefused,
    VisitRequested,
    WorkAccepted,
    WorkPaused,
    WorkResumed,
)
from schemas.topics import QUEUE, REPLIES
from services.router import model, orders, rules
from services.shared.machine.documents import Edge, Tell
from services.shared.machine.table import Count, On, Service


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A department whose reply fits no case hears why on its queue."""
    yield Tell(QUEUE.of(member), Notice.of_refusal(member, body, reasons, at))


ROUTED = Count("routed", "Complaints given to a department, by whom", ("department", "by"))
UNROUTABLE = Count("unroutable", "Complaints that no route fits")
RETURNED = Count("returned", "Complaints that a department gave back (退单)", ("department",))
ANSWERED = Count("answered", "Answers given to customers", ("department",))
REFUSED = Count("replies_refused", "Replies that were not legal", ("department", "reason"))
PAUSED = Count("paused", "Pauses begun, by what the work waits for", ("department", "reason"))
DECLARED = Count(
    "incidents_declared", "Major incidents declared by policy, department or centre, again included", ("by",)
)
REPORTED = Count("incidents_reported", "Reports of major incidents")
LAPSED = Count("plans_lapsed", "Complaints that ended while something was still asked for")


def consent(outcome: str) -> Count:
    """Consent that was requested, granted or refused, to an extension or a pause."""
    return Count(
        "approvals",
        "Consent that was requested, granted or refused, to an extension or a pause",
        ("what",),
        ("outcome", outcome),
    )


SERVICE = Service(
    name="router",
    case=model.Case,
    facts=(
        On(ComplaintReceived, decide=rules.route_on_received, evolve=model.received),
        On(ComplaintUnroutable, evolve=model.unassigned, tell=orders.tell_centre, counts=(UNROUTABLE,)),
        On(ComplaintRouted, evolve=model.assigned, tell=orders.tell_owner, counts=(ROUTED,)),
        On(ReplyRefused, tell=orders.tell_refused, counts=(REFUSED,)),
        On(WorkAccepted, evolve=model.worked, tell=orders.tell_dates),
        On(ReceiptAcknowledged, evolve=model.worked, tell=orders.tell_dates),
        On(CustomerContacted, evolve=model.worked, tell=orders.tell_dates),
        On(CallbackPromised, evolve=model.worked, tell=orders.tell_dates),
        On(ProgressReported, evolve=model.worked, tell=orders.tell_dates),
        On(HoldingReplySent, evolve=model.held, tell=orders.tell_dates),
        On(WorkPaused, evolve=model.paused, tell=orders.tell_paused, counts=(PAUSED,)),
        On(WorkResumed, evolve=model.resumed, tell=orders.tell_resumed),
        On(ApprovalRequested, evolve=model.asked, tell=orders.tell_approver, counts=(consent("requested"),)),
        On(ApprovalGranted, evolve=model.granted, tell=orders.tell_granted, counts=(consent("granted"),)),
        On(ApprovalRefused, evolve=model.refused, tell=orders.tell_not_granted, counts=(consent("refused"),)),
        On(IncidentDeclared, evolve=model.declared, tell=orders.tell_incident, counts=(DECLARED,)),
        On(IncidentReported, evolve=model.reported, tell=orders.tell_reported, counts=(REPORTED,)),
        On(ComplaintReturned, evolve=model.returned, tell=orders.tell_returned, counts=(RETURNED,)),
        On(DeadlineApproaching, tell=orders.tell_rung),
        On(DeadlineBreached, tell=orders.tell_rung),
        On(ComplaintEscalated, tell=orders.tell_rung),
        On(BreachRetracted, tell=orders.tell_retracted),
        On(RungsRetracted, tell=orders.tell_retracted),
        On(ComplaintAnswered, evolve=model.answered, tell=orders.tell_answered, counts=(ANSWERED,)),
        On(VisitRequested, evolve=model.requested, tell=orders.tell_desk),
        On(VisitRefused, tell=orders.tell_refused),
        On(VisitAttempted, evolve=model.visited, tell=orders.tell_visited),
        On(ComplaintReopened, decide=rules.route_on_reopened, evolve=model.reopened, tell=orders.tell_reopened),
        On(ComplaintClosed, decide=rules.lapse_on_closed, evolve=model.closed, tell=orders.tell_closed),
        On(PlanLapsed, evolve=model.lapsed, tell=orders.tell_lapsed, counts=(LAPSED,)),
    ),
    edges=(
        Edge(
            REPLIES,
            Reply,
            lambda reply, member, id: reply.complaint_id,
            decide=rules.judge_on_reply,
            turned_away=turned_away,
        ),
    ),
    language=lambda case: case.matter.language,
)
