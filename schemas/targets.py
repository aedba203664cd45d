"""The targets that the contract knows of by name: which facts meet which, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.facts import Fact, HoldingReplySent

MET_BY: Mapping[str, frozenset[str]] = {
    "WorkAccepted": frozenset({"accept"}),
    "ReceiptAcknowledged": frozenset({"acknowledge"}),
    "CustomerContacted": frozenset({"accept", "contact", "callback"}),
    "CallbackPromised": frozenset({"accept", "contact"}),
    "ProgressReported": frozenset({"accept", "progress", "update"}),
    "HoldingReplySent": frozenset({"accept", "acknowledge", "contact"}),
    "WorkResumed": frozenset({"resume"}),
    "ApprovalGranted": frozenset({"approve"}),
    "ApprovalRefused": frozenset({"approve"}),
    "IncidentReported": frozenset({"report"}),
    "ComplaintAnswered": frozenset({"accept", "acknowledge", "contact", "callback", "progress", "answer", "final"}),
    "ComplaintRouted": frozenset({"assign", "arbitrate"}),
    "VisitAttempted": frozenset({"visit"}),
    "ComplaintClosed": frozenset({"total"}),
}
"""Which facts meet which targets; a holding reply also meets those that it names itself."""

KNOWN = frozenset().union(*MET_BY.values())
"""Every target that anything meets."""

ACROSS_CYCLES = ("total",)
"""Targets that go on when the complaint is reopened: they stay targets of the first cycle."""


def met_by(fact: Fact) -> frozenset[str]:
    """The names of the targets that a fact meets."""
    known = MET_BY.get(type(fact).__name__, frozenset())
    return known | frozenset(fact.meets) if isinstance(fact, HoldingReplySent) else known


def cycle_of(target: str, cycle: int) -> int:
    """The cycle that a target belongs to."""
    return 1 if target in ACROSS_CYCLES else cycle
