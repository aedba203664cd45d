"""The targets of the contract, one row each: the facts that meet it, its owner, the events it outlives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintRouted,
    CustomerContacted,
    Fact,
    HoldingReplySent,
    IncidentReported,
    ProgressReported,
    ReceiptAcknowledged,
    VisitAttempted,
    Work,
    WorkAccepted,
    WorkResumed,
)
from schemas.queues import Kind as OrderKind

Whose = Literal["owner", "manager", "centre", "visit desk"]
"""Who has to meet a target: the department that owns the complaint, or the manager of a major incident, or …"""

Outlived = Literal["plan", "department", "cycle"]

ROUTING = "the routing"
RECEIPT = "the receipt, or the reopening"
FIRST_RECEIPT = "the first receipt"


@dataclass(frozen=True, slots=True)
class Kind:
    """The row of one target; the tables in docs/deadlines.md show its columns."""

    en: str
    zh: str
    """What people read in its place."""
    met_by: tuple[type[Fact], ...]
    counts_from: str
    whose: tuple[Whose, ...] = ("owner",)
    dated_by: Literal["plan", "event"] = "plan"
    """A plan gives it a length, or an event gives it a date; no plan may name the latter."""
    ladder: Literal["plan", "centre", "incidents"] = "plan"
    """Which ladder of the pack watches it."""
    outlives: frozenset[Outlived] = frozenset()
    """It goes on under another plan, without a department, or in the next cycle."""
    orders: tuple[OrderKind, ...] = ("work",)
    """Which orders on the queues it is about."""
    ends_at_its_date: bool = False
    """It happens at its date by itself: nobody is late with it, so its ladder ends there."""
    ends_with_the_answer: bool = False
    """The answer takes it off the plan."""

    def is_asked_of_others(self) -> bool:
        """Whether somebody else than the owner may meet it."""
        return self.whose != ("owner",)


def _event(en: str, zh: str, met_by: tuple[type[Fact], ...], counts_from: str, **columns: object) -> Kind:
    return Kind(en, zh, met_by, counts_from, dated_by="event", **columns)  # type: ignore[arg-type]


ANY_PLAN: frozenset[Outlived] = frozenset({"plan", "department"})

TARGETS: Mapping[str, Kind] = {
    "accept": Kind(
        "acceptance",
        "签收",
        (WorkAccepted, CustomerContacted, CallbackPromised, ProgressReported, HoldingReplySent, ComplaintAnswered),
        ROUTING,
    ),
    "acknowledge": Kind(
        "the acknowledgement", "受理告知", (ReceiptAcknowledged, HoldingReplySent, ComplaintAnswered), RECEIPT
    ),
    "contact": Kind(
        "the first contact",
        "首次联系",
        (CustomerContacted, CallbackPromised, HoldingReplySent, ComplaintAnswered),
        RECEIPT,
    ),
    "progress": Kind("news of progress", "进展反馈", (ProgressReported, ComplaintAnswered), RECEIPT),
    "answer": Kind("the answer", "答复", (ComplaintAnswered,), RECEIPT, outlives=frozenset({"department"})),
    "total": Kind("the whole loop", "全程办结", (ComplaintClosed,), FIRST_RECEIPT, outlives=ANY_PLAN | {"cycle"}),
    "assign": _event(
        "assignment",
        "派单",
        (ComplaintRouted,),
        "no route, or a return",
        whose=("centre",),
        ladder="centre",
        orders=("assign",),
    ),
    "arbitrate": _event(
        "the ruling whose it is",
        "裁决承办单位",
        (ComplaintRouted,),
        "the return that is disputed",
        whose=("centre",),
        ladder="centre",
        orders=("assign",),
    ),
    "approve": _event(
        "the decision on consent",
        "审批",
        (ApprovalGranted, ApprovalRefused),
        "the request",
        whose=("centre",),
        ladder="centre",
        orders=("approve",),
        ends_with_the_answer=True,
    ),
    "callback": _event(
        "the promised call", "回电", (CustomerContacted, ComplaintAnswered), "the promise", outlives=ANY_PLAN
    ),
    "resume": _event(
        "the end of the pause",
        "恢复计时",
        (WorkResumed,),
        "the pause",
        ends_at_its_date=True,
        ends_with_the_answer=True,
    ),
    "final": _event("the final answer", "最终答复", (ComplaintAnswered,), RECEIPT, outlives=ANY_PLAN),
    "update": _event(
        "news of the incident",
        "事件续报",
        (ProgressReported,),
        "the declaration, then the last news",
        whose=("owner", "manager"),
        ladder="incidents",
        orders=("work", "incident"),
        outlives=ANY_PLAN,
        ends_with_the_answer=True,
    ),
    "report": _event(
        "the report of the incident",
        "事件报告",
        (IncidentReported,),
        "the answer, or a later declaration",
        ladder="incidents",
        orders=("work", "incident"),
    ),
    "visit": _event(
        "the visit", "回访", (VisitAttempted,), "the visit's opening", whose=("visit desk",), orders=("visit",)
    ),
}
"""Every target that anything meets. A holding reply also meets those that its policy names."""

UNKNOWN = Kind("", "", (), RECEIPT)
"""What holds of a target that a pack names and no row describes: only time ends it."""


def kind_of(target: str) -> Kind:
    """The row of a target."""
    return TARGETS.get(target, UNKNOWN)


def names(met_by: type[Fact] | None = None, **columns: object) -> frozenset[str]:
    """The targets that this fact meets and whose columns have these values."""
    return frozenset(
        name
        for name, kind in TARGETS.items()
        if (met_by is None or met_by in kind.met_by)
        and all(getattr(kind, column) == value for column, value in columns.items())
    )


def met_by(fact: Fact, owner: str) -> frozenset[str]:
    """The names of the targets that a fact meets while that department owns the complaint."""
    known = _MEETS.get(type(fact), frozenset())
    if isinstance(fact, HoldingReplySent):
        known |= frozenset(fact.meets)
    if isinstance(fact, Work) and fact.department != owner:
        return frozenset(name for name in known if kind_of(name).is_asked_of_others())
    return known


def cycle_of(target: str, cycle: int) -> int:
    """The cycle that a target belongs to: one that outlives its cycle stays a target of the first."""
    return 1 if "cycle" in kind_of(target).outlives else cycle


_MEETS = {fact: names(met_by=fact) for kind in TARGETS.values() for fact in kind.met_by}
