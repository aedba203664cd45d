"""Which fact may follow which: one table per service, in the order of a complaint's life."""

from __future__ import annotations

from collections.abc import Mapping

NEW = "new"

Automaton = Mapping[str, Mapping[str, str]]
"""State -> fact -> next state; what is not in the row may not happen there."""

_AT_WORK = {
    "ComplaintRouted": "routed",
    "WorkAccepted": "routed",
    "CustomerContacted": "routed",
    "ProgressReported": "routed",
    "ComplaintReturned": "with_centre",
    "ComplaintAnswered": "answered",
}

INTAKE: Automaton = {NEW: {"ComplaintReceived": "received"}, "received": {}}

ROUTER: Automaton = {
    NEW: {"ComplaintRouted": "routed", "ComplaintUnroutable": "with_centre"},
    "routed": _AT_WORK,
    "with_centre": {"ComplaintRouted": "routed"},
    "answered": {},
}

FOLLOWUP: Automaton = {
    NEW: {"VisitScheduled": "scheduled", "ComplaintClosed": "closed"},
    "scheduled": {"VisitRequested": "requested"},
    "requested": {"VisitAttempted": "attempted"},
    "attempted": {"VisitScheduled": "scheduled", "ComplaintReopened": NEW, "ComplaintClosed": "closed"},
    "closed": {},
}

SERVICES: Mapping[str, Automaton] = {"intake": INTAKE, "router": ROUTER, "followup": FOLLOWUP}

TARGET: Automaton = {
    NEW: {"DeadlineApproaching": NEW, "DeadlineBreached": "breached", "DeadlineMet": "met"},
    "breached": {"ComplaintEscalated": "breached", "BreachRetracted": "retracted"},
    "retracted": {"DeadlineMet": "met"},
    "met": {},
}
"""What escalation may say about one target of one cycle."""

ENDS_A_CYCLE: Mapping[str, str] = {"router": "answered"}
"""In which state a service that does not begin the cycles itself must have left the one before."""
