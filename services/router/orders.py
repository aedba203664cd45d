"""The messages to departments after each fact: every order that it concerns, whole as it stands now, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    BreachRetracted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineBreached,
    Fact,
    IncidentDeclared,
    IncidentReported,
    PlanLapsed,
    ReplyRefused,
    Rung,
    RungsRetracted,
    VisitAttempted,
    VisitRefused,
    VisitRequested,
    Work,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack
from schemas.queues import Kind, Why
from schemas.targets import kind_of
from services.router import messages
from services.router.details import said
from services.router.ledger import OWNED, Order, Orders, about, number_of_visit, orders
from services.router.model import Case
from services.shared.machine.documents import Tell
from services.shared.machine.table import Teller

WHY_OF_RUNG: Mapping[str, Why] = {
    "DeadlineApproaching": "warned",
    "DeadlineBreached": "breached",
    "ComplaintEscalated": "escalated",
}

To = tuple[str, tuple[Kind, ...], str | None]
"""A queue, the orders there that a fact may be about, and the number of the one where there are more of a kind."""


@dataclass(frozen=True, slots=True)
class Word:
    """Why a fact is told, and to whom in any case; whose order has changed by it hears it besides."""

    why: Why
    detail: str = ""
    to: tuple[To, ...] = ()
    """Where there is no such order on the queue, it is told as a notice."""
    more: Mapping[str, Any] = field(default_factory=dict)
    apart: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    """The detail for single queues, and what they hear besides."""

    def heard_on(self, queue: str) -> tuple[str, Mapping[str, Any]]:
        """The detail for a queue, and what stands in its message besides."""
        detail, more = self.apart.get(queue, (self.detail, {}))
        return detail, {**self.more, **more}


Row = Callable[[Case, Any, PolicyPack], Word]
"""(case after the fact, fact, policy) -> why it is told, and to whom in any case."""


def telling(row: Row) -> Teller:
    """A row as a teller: each order that changed and each that is addressed is told once."""
    return partial(_tell, row)


def _tell(row: Row, before: Case | None, case: Case, fact: Fact, policy: PolicyPack) -> Iterator[Tell]:
    word, has = row(case, fact, policy), orders(case, policy)
    addressed = [(to[0], about(has, *to)) for to in word.to if to[0]]
    told = [order for _, order in addressed if order is not None]
    if not _is_as_before(before, case):
        told += _changed(before, orders(before, policy), case, has)
    for order in {order.place: order for order in told}.values():
        yield messages.order(case, order, fact, word.why, *word.heard_on(order.queue))
    for queue in dict.fromkeys(queue for queue, order in addressed if order is None):
        yield messages.notice(case, queue, fact, word.why, *word.heard_on(queue))


def _is_as_before(before: Case | None, case: Case) -> bool:
    """Whether nothing of which an order tells was changed: a fact that changes a section makes a new one."""
    return before is not None and before.plan is case.plan and before.loop is case.loop


def _changed(before: Case | None, had: Orders, case: Case, has: Orders) -> Iterator[Order]:
    """The orders of which the last message does not say any more how they stand."""
    for place, order in has.items():
        known = had.get(place)
        if before is None or known is None or _differs(before, known, case, order):
            yield order


def _differs(before: Case, known: Order, case: Case, order: Order) -> bool:
    if known.state != order.state:
        return True
    return not order.is_over and messages.standing(before, known) != messages.standing(case, order)


@telling
def tell_owner(case: Case, fact: ComplaintRouted, policy: PolicyPack) -> Word:
    """The new owner gets the order; the former one reads `withdrawn`, the centre `decided`."""
    why: Why = "assigned" if fact.by == "centre" else "routed" if fact.cycle == 1 else "reopened"
    return Word(why, fact.reason, _owner(case))


@telling
def tell_centre(case: Case, fact: ComplaintUnroutable, policy: PolicyPack) -> Word:
    """The centre gets an order to assign it."""
    return Word("unroutable", fact.reason, _owner(case))


@telling
def tell_returned(case: Case, fact: ComplaintReturned, policy: PolicyPack) -> Word:
    """The centre gets an order to assign it anew; the department hears that it is rid of it."""
    return Word("returned", f"{fact.department}: {fact.note}", _owner(case))


@telling
def tell_answered(case: Case, fact: ComplaintAnswered, policy: PolicyPack) -> Word:
    """The department hears that its answer counts; what it had asked for lapses."""
    return Word("answered", to=_owner(case))


@telling
def tell_dates(case: Case, fact: Work, policy: PolicyPack) -> Word:
    """The owner hears of the dates that its reply gave the order; where it gave none, nobody hears anything."""
    return Word("dates", fact.note)


def tell_refused(
    before: Case | None, case: Case, fact: ReplyRefused | VisitRefused, policy: PolicyPack
) -> Iterator[Tell]:
    """The sender of a refused reply hears the reason, and nothing of a complaint that may not be theirs."""
    if isinstance(fact, ReplyRefused):
        yield messages.refusal(case, fact, fact.department, fact.reply_id)
    else:
        yield messages.refusal(case, fact, fact.desk, fact.report_id)


@telling
def tell_paused(case: Case, fact: WorkPaused, policy: PolicyPack) -> Word:
    """The owner hears that its dates wait, and until when at most."""
    detail = said(case, "paused", reason=fact.reason, at=fact.until, targets=fact.paused)
    return Word("paused", detail, _owner(case))


@telling
def tell_resumed(case: Case, fact: WorkResumed, policy: PolicyPack) -> Word:
    """The owner hears by when it is due now."""
    return Word("resumed", fact.note, _owner(case))


@telling
def tell_approver(case: Case, fact: ApprovalRequested, policy: PolicyPack) -> Word:
    """The approver gets an order to decide."""
    detail = said(case, "approval", department=fact.department, **_asked(fact), at=fact.until, note=fact.note)
    number = str(case.plan.asked.number) if case.plan.asked else None
    return Word("approval", detail, ((fact.approver, ("approve",), number),))


@telling
def tell_granted(case: Case, fact: ApprovalGranted, policy: PolicyPack) -> Word:
    """The owner hears what it may do now."""
    return Word("granted", said(case, "granted", **_asked(fact), at=fact.until, note=fact.note), _owner(case))


@telling
def tell_not_granted(case: Case, fact: ApprovalRefused, policy: PolicyPack) -> Word:
    """The owner hears why nothing moves."""
    return Word("not_granted", said(case, "not_granted", **_asked(fact), note=fact.note), _owner(case))


@telling
def tell_incident(case: Case, fact: IncidentDeclared, policy: PolicyPack) -> Word:
    """Owner, manager and centre hear of a major incident at once, whatever level the ladders have reached."""
    record = fact.record
    detail = f"{fact.reason}: {record.place or '-'}; {record.symptom}; {record.response}"
    to: tuple[To, ...] = (*_owner(case), (fact.manager, ("incident",), None))
    if policy.centre not in (case.plan.department, fact.manager):
        to += ((policy.centre, (), None),)
    return Word("incident", detail, to)


@telling
def tell_reported(case: Case, fact: IncidentReported, policy: PolicyPack) -> Word:
    """The manager of the incident gets its report."""
    report = fact.report
    detail = "\n".join((report.impact, report.handling, report.cause, report.corrective, report.preventive))
    return Word("reported", detail, ((case.plan.manager or policy.centre, ("incident",), None),))


@telling
def tell_rung(case: Case, fact: Rung, policy: PolicyPack) -> Word:
    """Whom the ladder names hears it on the queue it names."""
    more = {"late": ["late"] * fact.caught_up, "ended": ["ended"] * case.loop.ended}
    rung: dict[str, Any] = {"action": fact.action, "role": fact.role, "target": [fact.target], "at": fact.target_due_at}
    detail = said(case, "rung", **rung, **more)
    whom = {"role": fact.role, "person": fact.person, "copies": fact.copies, "level": fact.level}
    return Word(_why(fact), detail, _concerned(fact, (fact.queue,)), {"target": fact.target, **whom})


@telling
def tell_retracted(case: Case, fact: BreachRetracted | RungsRetracted, policy: PolicyPack) -> Word:
    """A notice for each queue that was told too much: the retracted steps and the people they named."""
    at = fact.met_at if isinstance(fact, BreachRetracted) else fact.ended_at
    detail = said(case, "retracted", target=[fact.target], why=[fact.why], at=at)
    heard = {queue: _heard(case, fact, queue, detail) for queue in dict.fromkeys(t.queue for t in fact.taken_back)}
    queues = heard or (fact.queues if isinstance(fact, BreachRetracted) else ())
    return Word("retracted", detail, _concerned(fact, queues), {"target": fact.target}, heard)


def _heard(
    case: Case, fact: BreachRetracted | RungsRetracted, queue: str, detail: str
) -> tuple[str, Mapping[str, Any]]:
    """The retraction for one queue."""
    tellings = [telling for telling in fact.taken_back if telling.queue == queue]
    actions = dict.fromkeys(telling.action for telling in tellings if telling.action)
    people = dict.fromkeys(person for telling in tellings for person in telling.people)
    what = said(case, "retracted.steps", detail=detail, actions=actions) if actions else detail
    return what, {"copies": tuple(people)}


@telling
def tell_desk(case: Case, fact: VisitRequested, policy: PolicyPack) -> Word:
    """The desk gets the visit order, with the answer it has to check."""
    number = number_of_visit(fact.cycle, fact.attempt)
    return Word("visit", said(case, "visit", at=fact.due_at), ((fact.desk, ("visit",), number),))


@telling
def tell_visited(case: Case, fact: VisitAttempted, policy: PolicyPack) -> Word:
    """The desk hears that its report counts."""
    number = number_of_visit(fact.cycle, fact.attempt)
    return Word("visited", fact.outcome, ((fact.desk, ("visit",), number),))


@telling
def tell_reopened(case: Case, fact: ComplaintReopened, policy: PolicyPack) -> Word:
    """A visit that is still asked for is not wanted any more; the owner hears when it is routed again."""
    return Word("reopened", fact.reason)


@telling
def tell_closed(case: Case, fact: ComplaintClosed, policy: PolicyPack) -> Word:
    """The owner hears that the loop is closed, and so does everybody who still has something to do about it."""
    return Word("closed", fact.ending, _owner(case))


@telling
def tell_lapsed(case: Case, fact: PlanLapsed, policy: PolicyPack) -> Word:
    """A notice for the owner, the centre and the manager of the incident: nothing is asked of them any more."""
    detail = said(case, "lapsed", reason=fact.reason, targets=fact.lapsed)
    queues = dict.fromkeys((case.plan.department, case.plan.manager or policy.centre, policy.centre))
    return Word("lapsed", detail, tuple((queue, ("incident", *OWNED), None) for queue in queues))


def _asked(fact: ApprovalRequested | ApprovalGranted | ApprovalRefused) -> dict[str, list[str]]:
    return {"what": [fact.what], "subject": [fact.subject]}


def _owner(case: Case) -> tuple[To, ...]:
    return ((case.plan.department, OWNED, None),)


def _concerned(fact: Rung | BreachRetracted | RungsRetracted, queues: Iterable[str]) -> tuple[To, ...]:
    """The orders on these queues that a target is about."""
    number = {"approve": str(fact.revision), "visit": number_of_visit(fact.cycle, fact.revision)}.get(fact.target)
    kinds = kind_of(fact.target).orders
    return tuple((queue, kinds, number) for queue in queues)


def _why(fact: Rung) -> Why:
    """The reason of a rung's message on a queue; a pause that reached its cap has resumed by itself."""
    if fact.target == "resume" and isinstance(fact, DeadlineBreached):
        return "resumed"
    return WHY_OF_RUNG[type(fact).__name__]
