"""The targets that the contract knows of by name: which facts meet which, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.facts import Fact, HoldingReplySent, Work

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
"""Which facts meet which targets; a holding reply also meets those that it names itself. What a department does meets
what is asked of it: of others `OF_OTHERS` alone."""

KNOWN = frozenset().union(*MET_BY.values())
"""Every target that anything meets."""

OF_THE_CENTRE = ("assign", "arbitrate", "approve")
"""What the centre itself has to decide: its own ladder watches that."""

OF_INCIDENTS = ("update", "report")
"""What a major incident asks for."""

OF_OTHERS = ("approve", "update")
"""Targets that others than the owner may meet: the centre decides, who follows a major incident tells news of it."""

ACROSS_CYCLES = ("total",)
"""Targets that go on when the complaint is reopened: they stay targets of the first cycle."""


def met_by(fact: Fact, owner: str) -> frozenset[str]:
    """The names of the targets that a fact meets, while that department owns the complaint: most ask for its work."""
    known = MET_BY.get(type(fact).__name__, frozenset())
    if isinstance(fact, HoldingReplySent):
        known |= frozenset(fact.meets)
    return known.intersection(OF_OTHERS) if isinstance(fact, Work) and fact.department != owner else known


def cycle_of(target: str, cycle: int) -> int:
    """The cycle that a target belongs to."""
    return 1 if target in ACROSS_CYCLES else cycle
