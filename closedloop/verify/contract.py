"""The contract as an outsider reads it: topics, the facts and who says them, and what each of them must carry."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

NAMESPACE = uuid.UUID("5d0d6c3e-7c1b-5a53-9f0e-c105ed100b00")

FACTS = "closedloop.complaints"
POLICIES = "closedloop.policies"
SUBMISSIONS = "closedloop.submissions."
HTTP_SUBMISSIONS = "closedloop.submissions.http"
"""What the causes of complaints over HTTP are named after; no record on this topic becomes a complaint."""
REPLIES = "closedloop.replies."
VISITS = "closedloop.visits."
QUEUES = "closedloop.queue."
RECEIPTS = "closedloop.receipts."
DEAD_LETTERS = "closedloop.dead-letters."
STORY = "dlq-"
"""How the headers begin in which a dead letter tells its own story."""

EDGES = (SUBMISSIONS, REPLIES, VISITS)
"""What outsiders write."""

MESSAGES = (QUEUES, RECEIPTS)
"""What outsiders are told."""

READ_IN_ORDER = (EDGES, (*MESSAGES, DEAD_LETTERS), (FACTS, POLICIES))
"""The end of each topic is taken in this order, so that what follows from a record lies inside the same picture."""

PARKS = ("poison", "parked")
"""The reasons of letters that ask for a repair: a rule stumbled, and the complaint waits for it to be mended."""

RUNGS = ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
OWNERS = ("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")
"""The facts that give a complaint to somebody."""
REFUSALS = ("ReplyRefused", "VisitRefused")
WORK = (
    "WorkAccepted",
    "ReceiptAcknowledged",
    "CustomerContacted",
    "CallbackPromised",
    "ProgressReported",
    "HoldingReplySent",
    "WorkPaused",
    "WorkResumed",
    "ApprovalRequested",
    "ApprovalGranted",
    "ApprovalRefused",
    "IncidentDeclared",
    "IncidentReported",
    "ComplaintReturned",
    "ComplaintAnswered",
)
"""What departments and the centre do."""
ENDS = ("DeadlineMet", "DeadlineMissed", "DeadlineMoved", "DeadlineCancelled")
"""How the clock of a target may end."""
RETRACTIONS = ("BreachRetracted", "RungsRetracted")
"""What takes back what was told of a target and fell due only after its end."""
VERDICTS = (*ENDS, *RETRACTIONS)

MET_BY: Mapping[str, tuple[str, ...]] = {
    "accept": (
        *("WorkAccepted", "CustomerContacted", "CallbackPromised", "ProgressReported"),
        *("HoldingReplySent", "ComplaintAnswered"),
    ),
    "acknowledge": ("ReceiptAcknowledged", "HoldingReplySent", "ComplaintAnswered"),
    "contact": ("CustomerContacted", "CallbackPromised", "HoldingReplySent", "ComplaintAnswered"),
    "callback": ("CustomerContacted", "ComplaintAnswered"),
    "progress": ("ProgressReported", "ComplaintAnswered"),
    "answer": ("ComplaintAnswered",),
    "final": ("ComplaintAnswered",),
    "assign": ("ComplaintRouted",),
    "arbitrate": ("ComplaintRouted",),
    "approve": ("ApprovalGranted", "ApprovalRefused"),
    "resume": ("WorkResumed",),
    "update": ("ProgressReported",),
    "report": ("IncidentReported",),
    "total": ("ComplaintClosed",),
    "visit": ("VisitAttempted",),
}
"""Which facts do what a target asks for; a holding reply also does what it says itself that it meets."""

OF_THE_CENTRE = ("assign", "arbitrate", "approve")
"""Targets that the centre has to meet: its own ladder watches them."""
OF_INCIDENTS = ("update", "report")
"""Targets of a major incident, which have a ladder of their own."""
OF_OTHERS = ("approve", "update")
"""Targets that others than the owner may meet: what the centre has to decide, and news of a major incident."""
UP_TO_THE_DATE = ("resume",)
"""Targets that come about at their date by themselves: nobody is told of them after it."""
ACROSS_CYCLES = ("total",)
"""Targets of the first cycle that outlive it."""

_RUNG = (
    "target:s revision:n rung:n due_at:i target_due_at:i level:n department:s queue:s role:s "
    "person:s? deputy_for:s? copies:l? top:b? caught_up:b?"
)
_WORK = "department:s judged_at:i stated_at:i? targets:t?"
_VERDICT = "target:s revision:n target_due_at:i"
_VISIT = "desk:s attempt:n opens_at:i due_at:i"

_CARRIES: Mapping[str, tuple[str, str]] = {
    "ComplaintReceived": (
        "intake",
        "source:s source_id:s reference:s? received_at:i stated_at:i? due_at:i? tier:s? safety:b? affected:n? policy:s",
    ),
    "ComplaintUnroutable": ("router", "department:s targets:t policy:s?"),
    "ComplaintRouted": ("router", "department:s plan:s level:n by:s targets:t policy:s?"),
    "ReplyRefused": ("router", "department:s reason:s"),
    "WorkAccepted": ("router", _WORK),
    "ReceiptAcknowledged": ("router", _WORK),
    "CustomerContacted": ("router", _WORK),
    "CallbackPromised": ("router", _WORK),
    "ProgressReported": ("router", _WORK),
    "HoldingReplySent": ("router", f"{_WORK} meets:l"),
    "WorkPaused": ("router", f"{_WORK} reason:s until:i paused:l"),
    "WorkResumed": ("router", f"{_WORK} reason:s"),
    "ApprovalRequested": ("router", f"{_WORK} what:s subject:s until:i approver:s"),
    "ApprovalGranted": ("router", f"{_WORK} what:s subject:s until:i"),
    "ApprovalRefused": ("router", f"{_WORK} what:s subject:s"),
    "IncidentDeclared": ("router", f"{_WORK} by:s level:n manager:s policy:s?"),
    "IncidentReported": ("router", _WORK),
    "ComplaintReturned": ("router", "department:s judged_at:i stated_at:i? owner:s targets:t"),
    "DeadlineApproaching": ("escalation", _RUNG),
    "DeadlineBreached": ("escalation", _RUNG),
    "ComplaintEscalated": ("escalation", _RUNG),
    "DeadlineMet": ("escalation", f"{_VERDICT} met_at:i"),
    "DeadlineMissed": ("escalation", f"{_VERDICT} met_at:i late:d late_wall:d"),
    "DeadlineMoved": ("escalation", "target:s revision:n to_revision:n before:i after:i why:s"),
    "DeadlineCancelled": ("escalation", f"{_VERDICT} why:s"),
    "BreachRetracted": ("escalation", f"{_VERDICT} met_at:i why:s? rungs:l queues:l taken_back:h?"),
    "RungsRetracted": ("escalation", f"{_VERDICT} ended_at:i why:s taken_back:h"),
    "ComplaintAnswered": ("router", f"{_WORK} plan:s policy:s?"),
    "VisitScheduled": ("followup", _VISIT),
    "VisitRequested": ("followup", f"{_VISIT} plan:s?"),
    "VisitRefused": ("followup", "desk:s reason:s"),
    "VisitAttempted": ("followup", "desk:s attempt:n outcome:s"),
    "ComplaintReopened": ("followup", "level:n"),
    "ComplaintClosed": ("followup", "ending:s"),
    "PlanLapsed": ("router", "reason:s lapsed:l targets:t"),
}

SAID_BY: Mapping[str, str] = {kind: service for kind, (service, _) in _CARRIES.items()}
"""Every fact, in the order of a complaint's life, and the one service that says it."""


def _fields(spec: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple((n, t[0], t.endswith("?")) for n, t in (field.split(":") for field in spec.split()))


PLANS = tuple(kind for kind, (_, spec) in _CARRIES.items() if " targets:t" in f" {spec}")
"""The facts that carry the whole plan: always, or when they change it."""

FIELDS: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    **{kind: _fields(f"complaint_id:s at:i cycle:n? {spec}") for kind, (_, spec) in _CARRIES.items()},
    "WorkOrder": _fields("order:s state:s why:s order_id:s? subject:s? targets:t? attempt:n?"),
    "Notice": _fields("why:s"),
    "Receipt": _fields("kind:s complaint_id:s? source_id:s?"),
}
"""What is read of a message: name, form and whether it may be absent.

s text, n number, i instant, b yes or no, d length of time, t targets, l list, h who heard which rungs.
"""


def wire_type(kind: str) -> str:
    """`ComplaintReceived` travels as `closedloop.complaint.received.v1`."""
    return ".".join(["closedloop", *re.findall("[A-Z][a-z]+", kind), "v1"]).lower()


KIND_OF: Mapping[str, str] = {wire_type(kind): kind for kind in FIELDS}


def complaint_id(source: str, source_id: str) -> str:
    """Which complaint an upstream system speaks of."""
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{source_id}"))
