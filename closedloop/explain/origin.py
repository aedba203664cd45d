"""The origin of one revision's date: the plan, or the fact that moved it, with request and consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from closedloop.explain.following import Followed
from closedloop.explain.parties import Party, party
from closedloop.explain.provenance import moved_by
from schemas.facts import (
    ApprovalGranted,
    ApprovalRequested,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    VisitRequested,
    Work,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack
from schemas.targets import kind_of
from services.shared.timing.counting import counting

Kind = Literal[
    "plan",
    "unroutable",
    "returned",
    "visit",
    "anew",
    "paused",
    "resumed",
    "consent",
    "replanned",
    "promised",
    "asked",
    "waiting",
    "held",
    "incident",
    "answered",
]
"""`waiting` is the end of a pause itself, `paused` what waits with it; `resumed`: a pause ended before its cap."""

FIRST: Mapping[type[Fact], Kind] = {
    ComplaintUnroutable: "unroutable",
    ComplaintReturned: "returned",
    VisitRequested: "visit",
    CallbackPromised: "promised",
    ApprovalRequested: "asked",
    WorkPaused: "waiting",
    HoldingReplySent: "held",
    IncidentDeclared: "incident",
    ComplaintAnswered: "answered",
}
"""The facts that bring a new target; all other targets come with the plan."""

MOVES: Mapping[str, Kind] = {
    ComplaintRouted.__name__: "replanned",
    WorkPaused.__name__: "paused",
    WorkResumed.__name__: "resumed",
    ComplaintReturned.__name__: "resumed",
    ComplaintAnswered.__name__: "resumed",
    ApprovalGranted.__name__: "consent",
    CallbackPromised.__name__: "promised",
}
"""The facts that give a running target another date."""


@dataclass(frozen=True, slots=True)
class Said:
    """The sender of a reply, and the time from which it counts."""

    at: datetime
    who: Party
    handler: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What gave a target this date: `before` is the one it had, `moved` how much later it is, in the time that counts.

    `subject` is the target or the reason of a pause, `until` the requested date or the cap of the pause. `asked` and
    `granted` are request and consent, if the centre had to decide.
    """

    kind: Kind
    fact: str
    said: Said
    before: datetime | None = None
    moved: timedelta | None = None
    moved_wall: timedelta | None = None
    old_plan: str | None = None
    subject: str | None = None
    asked_for: str | None = None
    """`extension` or `pause`, where the centre was asked."""
    until: datetime | None = None
    asked: Said | None = None
    granted: Said | None = None


def origin(policy: PolicyPack, followed: Followed, facts: Sequence[Fact]) -> Origin:
    """Where one clock's date comes from."""
    fact, kind, target = followed.begun_by, _kind(followed), followed.clock.target
    old = followed.before.clock if followed.before is not None and moved_by(followed) else None
    counts = counting(policy, target.calendar)
    asked, granted = _consent(policy, fact, facts)
    return Origin(
        kind=kind,
        fact=type(fact).__name__,
        said=_said(policy, fact),
        before=old.target.due_at if old else None,
        moved=counts.between(old.target.due_at, target.due_at) if old else None,
        moved_wall=target.due_at - old.target.due_at if old else None,
        old_plan=old.plan if old else None,
        subject=getattr(fact, "subject", None) or (fact.reason if isinstance(fact, WorkPaused) else None),
        asked_for=getattr(fact, "what", None),
        until=getattr(fact, "until", None),
        asked=asked,
        granted=granted,
    )


def moment(fact: Fact) -> datetime:
    """From when what a fact tells counts."""
    return fact.judged_at if isinstance(fact, Work) else fact.at


def _kind(followed: Followed) -> Kind:
    mover, begins = moved_by(followed), FIRST.get(type(followed.begun_by), "plan")
    if followed.before is None or kind_of(followed.clock.target.name).ends_at_its_date:
        return begins
    return MOVES.get(mover or "", "anew")


def _said(policy: PolicyPack, fact: Fact) -> Said:
    who: str = getattr(fact, "department", "") or getattr(fact, "desk", "")
    note = getattr(fact, "reason" if isinstance(fact, IncidentDeclared | ComplaintRouted) else "note", "")
    return Said(moment(fact), party(policy, who), getattr(fact, "handler", None), note)


def _consent(policy: PolicyPack, fact: Fact, facts: Sequence[Fact]) -> tuple[Said | None, Said | None]:
    """The request and the consent behind a fact, if it needed consent."""
    before = list(facts[: next(n for n, one in enumerate(facts) if one is fact) + 1])
    granted = next((one for one in reversed(before) if isinstance(one, ApprovalGranted)), None)
    if granted is None or not _follows(fact, granted):
        return None, None
    asked = next(one for one in reversed(before) if isinstance(one, ApprovalRequested))
    return _said(policy, asked), _said(policy, granted)


def _follows(fact: Fact, granted: ApprovalGranted) -> bool:
    """Whether a fact is the consent itself, or the pause that was consented to."""
    is_pause = isinstance(fact, WorkPaused) and granted.what == "pause"
    return fact is granted or (is_pause and (fact.at, fact.cycle) == (granted.at, granted.cycle))
