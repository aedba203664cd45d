"""The table of router: what it hears, how that changes a case, what it says and tells."""

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
from services.shared.machine import Edge, Service, Tell


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A department whose reply fits no case hears why on its queue."""
    yield Tell(QUEUE.of(member), Notice.of_refusal(member, body, reasons, at))


SERVICE = Service(
    name="router",
    case=model.Case,
    hears={
        ComplaintReceived: rules.route_on_received,
        ComplaintReopened: rules.route_on_reopened,
        ComplaintClosed: rules.lapse_on_closed,
        Reply: rules.judge_on_reply,
    },
    evolve={
        ComplaintReceived: model.received,
        ComplaintRouted: model.assigned,
        ComplaintUnroutable: model.unassigned,
        WorkAccepted: model.worked,
        ReceiptAcknowledged: model.worked,
        CustomerContacted: model.worked,
        CallbackPromised: model.worked,
        ProgressReported: model.worked,
        HoldingReplySent: model.held,
        WorkPaused: model.paused,
        WorkResumed: model.resumed,
        ApprovalRequested: model.asked,
        ApprovalGranted: model.granted,
        ApprovalRefused: model.refused,
        IncidentDeclared: model.declared,
        IncidentReported: model.reported,
        ComplaintReturned: model.returned,
        ComplaintAnswered: model.answered,
        VisitRequested: model.requested,
        VisitAttempted: model.visited,
        ComplaintReopened: model.reopened,
        ComplaintClosed: model.closed,
        PlanLapsed: model.lapsed,
    },
    says=(
        ComplaintUnroutable,
        ComplaintRouted,
        ReplyRefused,
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
        IncidentDeclared,
        IncidentReported,
        ComplaintReturned,
        ComplaintAnswered,
        PlanLapsed,
    ),
    tells={
        **orders.by(
            {
                ComplaintRouted: orders.tell_owner,
                ComplaintUnroutable: orders.tell_centre,
                ComplaintReturned: orders.tell_returned,
                ReceiptAcknowledged: orders.tell_dates,
                WorkAccepted: orders.tell_dates,
                CustomerContacted: orders.tell_dates,
                CallbackPromised: orders.tell_dates,
                ProgressReported: orders.tell_dates,
                HoldingReplySent: orders.tell_dates,
                WorkPaused: orders.tell_paused,
                WorkResumed: orders.tell_resumed,
                ApprovalRequested: orders.tell_approver,
                ApprovalGranted: orders.tell_granted,
                ApprovalRefused: orders.tell_not_granted,
                IncidentDeclared: orders.tell_incident,
                IncidentReported: orders.tell_reported,
                DeadlineApproaching: orders.tell_rung,
                DeadlineBreached: orders.tell_rung,
                ComplaintEscalated: orders.tell_rung,
                BreachRetracted: orders.tell_retracted,
                RungsRetracted: orders.tell_retracted,
                ComplaintAnswered: orders.tell_answered,
                VisitRequested: orders.tell_desk,
                VisitAttempted: orders.tell_visited,
                ComplaintReopened: orders.tell_reopened,
                ComplaintClosed: orders.tell_closed,
                PlanLapsed: orders.tell_lapsed,
            }
        ),
        ReplyRefused: orders.tell_refused,
        VisitRefused: orders.tell_refused,
    },
    edges=(Edge(REPLIES, Reply, lambda reply, member, id: reply.complaint_id, turned_away=turned_away),),
    language=lambda case: case.matter.language,
)
