"""The table of replies: who may send each, when it does not count, and which facts follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from schemas.edges import Reply
from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintReturned,
    ComplaintRouted,
    CustomerContacted,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    IncidentReported,
    ProgressReported,
    ReceiptAcknowledged,
    WorkAccepted,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack
from services.router.model import Case
from services.router.rules import effects, legality
from services.router.rules.effects import Effect, work_done
from services.router.rules.legality import Objection, Rule, Who
from services.shared.machine.documents import Input

OWNER: tuple[Who, ...] = ("owner",)
CENTRE: tuple[Who, ...] = ("centre",)


@dataclass(frozen=True, slots=True)
class Kind:
    """One reply; the table in docs/deadlines.md shows its columns."""

    who: tuple[Who, ...]
    says: tuple[type[Fact], ...]
    """The facts that may follow."""
    then: Effect
    unless: tuple[Rule, ...] = ()
    """The objections to this reply, in this order, after those to every reply."""
    after_the_answer: bool = False
    """Whether it may still come while the answer is being checked."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All that it has to keep: whose the complaint is comes before how it stands."""
        return (
            legality.speaks_for_itself,
            partial(legality.comes_from, self.who),
            legality.is_open,
            legality.is_of_this_cycle,
            *(() if self.after_the_answer else (legality.is_unanswered,)),
            legality.states_a_possible_time,
            legality.can_be_told,
            *self.unless,
        )


REPLIES: Mapping[str, Kind] = {
    "accepted": Kind(OWNER, (WorkAccepted,), work_done(WorkAccepted)),
    "acknowledged": Kind(OWNER, (ReceiptAcknowledged,), work_done(ReceiptAcknowledged)),
    "contacted": Kind(OWNER, (CustomerContacted,), work_done(CustomerContacted)),
    "promised": Kind(OWNER, (CallbackPromised,), effects.promise, (legality.says_until_when,)),
    "progress": Kind(("owner", "manager"), (ProgressReported,), work_done(ProgressReported)),
    "holding": Kind(OWNER, (HoldingReplySent,), effects.hold, (legality.has_a_reason, legality.may_hold)),
    "waiting": Kind(
        OWNER,
        (WorkPaused, ApprovalRequested),
        effects.wait,
        (legality.ends_ahead, legality.is_not_waiting, legality.has_not_asked, legality.may_wait),
    ),
    "resumed": Kind(OWNER, (WorkResumed,), effects.resume, (legality.is_waiting,)),
    "extension": Kind(
        OWNER,
        (ApprovalRequested,),
        effects.ask,
        (
            legality.has_a_reason,
            legality.says_until_when,
            legality.is_not_waiting,
            legality.has_not_asked,
            legality.may_move,
            legality.asks_in_time,
            legality.asks_for_a_legal_date,
        ),
    ),
    "approved": Kind(
        CENTRE,
        (ApprovalGranted, WorkPaused),
        effects.approve,
        (legality.was_asked, legality.comes_before_the_date),
    ),
    "refused": Kind(CENTRE, (ApprovalRefused,), effects.refuse, (legality.was_asked, legality.has_a_reason)),
    "incident": Kind(
        ("owner", "centre"), (IncidentDeclared,), effects.declare, (legality.may_be_incident,), after_the_answer=True
    ),
    "report": Kind(OWNER, (IncidentReported,), effects.report, (legality.is_to_be_reported,), after_the_answer=True),
    "answered": Kind(OWNER, (ComplaintAnswered,), effects.answer, (legality.has_an_answer,)),
    "returned": Kind(OWNER, (ComplaintReturned,), effects.give_back, (legality.has_a_reason, legality.is_not_ruled)),
    "assigned": Kind(CENTRE, (ComplaintRouted,), effects.assign, (legality.names_a_department,)),
}
"""Every reply there is."""


def objection(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Why a reply does not count; None where it does."""
    found = (rule(case, given, policy) for rule in REPLIES[given.body.reply].rules)
    return next((objection for objection in found if objection), None)


def effect(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """Which facts follow from a reply that counts."""
    return REPLIES[given.body.reply].then(case, given, policy)
