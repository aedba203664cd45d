"""The contract as an outsider reads it: topics, the facts and who says them, and what each of them must carry."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

NAMESPACE = uuid.UUID("5d0d6c3e-7c1b-5a53-9f0e-c105ed100b00")

FACTS = "closedloop.complaints"
POLICIES = "closedloop.policies"
SUBMISSIONS = "closedloop.submissions."
REPLIES = "closedloop.replies."
VISITS = "closedloop.visits."
QUEUES = "closedloop.queue."
RECEIPTS = "closedloop.receipts."
DEAD_LETTERS = "closedloop.dead-letters."

EDGES = (SUBMISSIONS, REPLIES, VISITS)
"""What outsiders write."""

MESSAGES = (QUEUES, RECEIPTS)
"""What outsiders are told."""

READ_IN_ORDER = (EDGES, (*MESSAGES, DEAD_LETTERS), (FACTS, POLICIES))
"""The end of each topic is taken in this order, so that what follows from a record lies inside the same picture."""

PARKS = ("poison", "parked")
"""The reasons of letters that ask for a repair: a rule stumbled, and the complaint waits for it to be mended."""

RUNGS = ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
PLANS = ("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")
REFUSALS = ("ReplyRefused", "VisitRefused")
WORK = ("WorkAccepted", "CustomerContacted", "ProgressReported", "ComplaintReturned", "ComplaintAnswered")

MET_BY: Mapping[str, tuple[str, ...]] = {
    "accept": ("WorkAccepted", "CustomerContacted", "ProgressReported", "ComplaintAnswered"),
    "contact": ("CustomerContacted", "ComplaintAnswered"),
    "progress": ("ProgressReported", "ComplaintAnswered"),
    "answer": ("ComplaintAnswered",),
    "assign": ("ComplaintRouted",),
    "visit": ("VisitAttempted",),
}
"""Which facts do what a target asks for."""

_RUNG = "target:s revision:n rung:n due_at:i target_due_at:i level:n department:s queue:s"
_WORK = "department:s judged_at:i stated_at:i?"
_VISIT = "desk:s attempt:n opens_at:i due_at:i"

_CARRIES: Mapping[str, tuple[str, str]] = {
    "ComplaintReceived": ("intake", "source:s source_id:s received_at:i stated_at:i? due_at:i? policy:s"),
    "ComplaintUnroutable": ("router", "department:s targets:t policy:s?"),
    "ComplaintRouted": ("router", "department:s plan:s level:n by:s targets:t policy:s?"),
    "ReplyRefused": ("router", "department:s reason:s"),
    "WorkAccepted": ("router", _WORK),
    "CustomerContacted": ("router", _WORK),
    "ProgressReported": ("router", _WORK),
    "ComplaintReturned": ("router", f"{_WORK} owner:s targets:t"),
    "DeadlineApproaching": ("escalation", _RUNG),
    "DeadlineBreached": ("escalation", _RUNG),
    "ComplaintEscalated": ("escalation", _RUNG),
    "DeadlineMet": ("escalation", "target:s revision:n target_due_at:i met_at:i"),
    "BreachRetracted": ("escalation", "target:s revision:n target_due_at:i met_at:i rungs:l queues:l"),
    "ComplaintAnswered": ("router", f"{_WORK} policy:s?"),
    "VisitScheduled": ("followup", _VISIT),
    "VisitRequested": ("followup", _VISIT),
    "VisitRefused": ("followup", "desk:s reason:s"),
    "VisitAttempted": ("followup", "desk:s attempt:n outcome:s"),
    "ComplaintReopened": ("followup", "level:n"),
    "ComplaintClosed": ("followup", "ending:s"),
}

SAID_BY: Mapping[str, str] = {kind: service for kind, (service, _) in _CARRIES.items()}
"""Every fact, in the order of a complaint's life, and the one service that says it."""


def _fields(spec: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple((n, t[0], t.endswith("?")) for n, t in (field.split(":") for field in spec.split()))


FIELDS: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    **{kind: _fields(f"complaint_id:s at:i cycle:n? {spec}") for kind, (_, spec) in _CARRIES.items()},
    "WorkOrder": _fields("order:s state:s why:s attempt:n?"),
    "Receipt": _fields("kind:s complaint_id:s? source_id:s?"),
}
"""What is read of a message: name, form (s text, n number, i instant, t targets, l list), whether it may be absent."""


def wire_type(kind: str) -> str:
    """`ComplaintReceived` travels as `closedloop.complaint.received.v1`."""
    return ".".join(["closedloop", *re.findall("[A-Z][a-z]+", kind), "v1"]).lower()


KIND_OF: Mapping[str, str] = {wire_type(kind): kind for kind in FIELDS}


def complaint_id(source: str, source_id: str) -> str:
    """Which complaint an upstream system speaks of."""
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{source_id}"))
