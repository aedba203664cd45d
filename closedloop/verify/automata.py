"""Which fact may follow which: one table per service, in the order of a complaint's life."""

from __future__ import annotations

from collections.abc import Mapping

NEW = "new"

Automaton = Mapping[str, Mapping[str, str]]
"""State -> fact -> next state; what is not in the row may not happen there."""

_WORK = (
    "WorkAccepted",
    "ReceiptAcknowledged",
    "CustomerContacted",
    "CallbackPromised",
    "ProgressReported",
    "HoldingReplySent",
)
_INCIDENT = ("IncidentDeclared", "IncidentReported")
_ENDS_THE_WORK = {
    "ComplaintRouted": "routed",
    "ComplaintReturned": "with_centre",
    "ComplaintAnswered": "answered",
}
_DECISIONS = ("ApprovalGranted", "ApprovalRefused")


def _at_work(state: str, **more: str) -> Mapping[str, str]:
    return {**dict.fromkeys((*_WORK, *_INCIDENT), state), **_ENDS_THE_WORK, **more}


INTAKE: Automaton = {NEW: {"ComplaintReceived": "received"}, "received": {}}

ROUTER: Automaton = {
    NEW: {"ComplaintRouted": "routed", "ComplaintUnroutable": "with_centre"},
    "routed": _at_work("routed", WorkPaused="paused", ApprovalRequested="asked"),
    # A pause ends at its cap without a word: what may not happen during it is a matter of dates.
    "paused": _at_work("paused", WorkResumed="routed", WorkPaused="paused", ApprovalRequested="paused_asked"),
    "asked": _at_work("asked", **dict.fromkeys(_DECISIONS, "routed")),
    "paused_asked": _at_work("paused_asked", WorkResumed="asked", **dict.fromkeys(_DECISIONS, "paused")),
    # Who follows an incident tells news of it while nobody else has it.
    "with_centre": {
        "ComplaintRouted": "routed",
        **dict.fromkeys(("IncidentDeclared", "ProgressReported"), "with_centre"),
    },
    "answered": {**dict.fromkeys(_INCIDENT, "answered"), "PlanLapsed": "lapsed"},
    "lapsed": {},
}

INCIDENT: Automaton = {
    NEW: {"IncidentDeclared": "declared"},
    "declared": {"IncidentDeclared": "declared", "IncidentReported": "reported"},
    "reported": {"IncidentDeclared": "reported"},
}
"""What router may say about a major incident in the whole of a complaint's life."""

FOLLOWUP: Automaton = {
    NEW: {"VisitScheduled": "scheduled", "ComplaintClosed": "closed"},
    "scheduled": {"VisitRequested": "requested"},
    "requested": {"VisitAttempted": "attempted"},
    "attempted": {"VisitScheduled": "scheduled", "ComplaintReopened": NEW, "ComplaintClosed": "closed"},
    "closed": {},
}

SERVICES: Mapping[str, Automaton] = {"intake": INTAKE, "router": ROUTER, "followup": FOLLOWUP}

_MOVED_OR_CANCELLED = {"DeadlineMoved": "moved", "DeadlineCancelled": "cancelled"}
_ENDS_IN_TIME = {"DeadlineMet": "met", **_MOVED_OR_CANCELLED}
_ENDS_LATE = {"DeadlineMissed": "missed", **_MOVED_OR_CANCELLED}

TARGET: Automaton = {
    NEW: {
        "DeadlineApproaching": NEW,
        "DeadlineBreached": "breached",
        "RungsRetracted": "retracted",
        **_ENDS_IN_TIME,
    },
    "breached": {
        "ComplaintEscalated": "breached",
        "BreachRetracted": "retracted",
        "RungsRetracted": "told_of_less",
        **_ENDS_LATE,
    },
    "retracted": _ENDS_IN_TIME,
    "told_of_less": _ENDS_LATE,
    "met": {},
    "missed": {},
    "moved": {},
    "cancelled": {},
}
"""What escalation may say about one target of one cycle."""

ENDS_A_CYCLE: Mapping[str, str] = {"router": "answered"}
"""In which state a service that does not begin the cycles itself must have left the one before."""
