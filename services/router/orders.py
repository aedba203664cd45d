"""What departments are told: after each fact that concerns them, the whole work order as it now stands, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.edges import Notice, WorkOrder
from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    BreachRetracted,
    ComplaintClosed,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineBreached,
    Fact,
    IncidentDeclared,
    IncidentReported,
    ReplyRefused,
    Rung,
    VisitRefused,
    VisitRequested,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack
from schemas.topics import QUEUE
from services.router.model import Case
from services.shared.machine import Tell

LONGEST = 20_000
"""The most characters that an order's detail may have; the whole note stands in the fact."""

WHY_OF_RUNG = {"DeadlineApproaching": "warned", "DeadlineBreached": "breached", "ComplaintEscalated": "escalated"}


def tell_owner(case: Case, fact: ComplaintRouted, policy: PolicyPack) -> Iterator[Tell]:
    """The new owner gets the order, the one before it hears that it is withdrawn."""
    why = "assigned" if fact.by == "centre" else "routed" if fact.cycle == 1 else "reopened"
    yield _order(case, fact, fact.department, "work", "open", why, fact.reason)
    if case.plan.previous is not None:
        yield _order(case, fact, case.plan.previous, _kind(case.plan.previous, policy), "withdrawn", why, fact.reason)


def tell_centre(case: Case, fact: ComplaintUnroutable, policy: PolicyPack) -> Iterator[Tell]:
    """The centre gets an order to assign it."""
    yield _order(case, fact, fact.department, "assign", "open", "unroutable", fact.reason)


def tell_returned(case: Case, fact: ComplaintReturned, policy: PolicyPack) -> Iterator[Tell]:
    """The centre gets an order to assign it anew, the department hears that it is rid of it."""
    yield _order(case, fact, fact.owner, "assign", "open", "returned", f"{fact.department}: {fact.note}"[:LONGEST])
    yield _order(case, fact, fact.department, "work", "withdrawn", "returned", fact.note)


def tell_refused(case: Case, fact: ReplyRefused | VisitRefused, policy: PolicyPack) -> Iterator[Tell]:
    """Whoever replied hears why it does not count, and nothing of a complaint that may not be theirs."""
    replier = fact.department if isinstance(fact, ReplyRefused) else fact.desk
    refusal = Notice(
        why="refused",
        detail=f"{fact.reason}: {fact.detail}",
        at=fact.at,
        department=replier,
        complaint_id=fact.complaint_id,
        reference=case.matter.reference,
        reply_id=fact.reply_id if isinstance(fact, ReplyRefused) else fact.report_id,
        reason=fact.reason,
        cycle=fact.cycle,
    )
    yield Tell(QUEUE.of(replier), refusal)


def tell_paused(case: Case, fact: WorkPaused, policy: PolicyPack) -> Iterator[Tell]:
    """The owner hears that its dates wait, and until when at most."""
    detail = f"{fact.reason} until {fact.until.isoformat()}: {', '.join(fact.paused)}"
    yield _order(case, fact, case.plan.department, "work", "open", "paused", detail)


def tell_resumed(case: Case, fact: WorkResumed, policy: PolicyPack) -> Iterator[Tell]:
    """The owner hears by when it is due now."""
    yield _order(case, fact, case.plan.department, "work", "open", "resumed", fact.note)


def tell_approver(case: Case, fact: ApprovalRequested, policy: PolicyPack) -> Iterator[Tell]:
    """Who has to consent gets an order to decide."""
    detail = f"{fact.department} asks for {fact.what} {fact.subject} until {fact.until.isoformat()}: {fact.note}"
    yield _order(case, fact, fact.approver, "approve", "open", "approval", detail[:LONGEST])


def tell_granted(case: Case, fact: ApprovalGranted, policy: PolicyPack) -> Iterator[Tell]:
    """The owner hears what it may do now."""
    detail = f"{fact.what} {fact.subject} until {fact.until.isoformat()}: {fact.note}"
    yield _order(case, fact, case.plan.department, "work", "open", "granted", detail[:LONGEST])


def tell_not_granted(case: Case, fact: ApprovalRefused, policy: PolicyPack) -> Iterator[Tell]:
    """The owner hears why nothing moves."""
    detail = f"{fact.what} {fact.subject}: {fact.note}"
    yield _order(case, fact, case.plan.department, "work", "open", "not_granted", detail[:LONGEST])


def tell_incident(case: Case, fact: IncidentDeclared, policy: PolicyPack) -> Iterator[Tell]:
    """Owner, manager and centre hear of a major incident at once, whatever level the ladders have reached."""
    record = fact.record
    detail = f"{fact.reason}: {record.place or '-'}; {record.symptom}; {record.response}"[:LONGEST]
    owner = [case.plan.department] if case.plan.department else []
    for queue in dict.fromkeys((*owner, fact.manager, policy.centre)):
        order = "work" if queue == case.plan.department != policy.centre else "incident"
        yield _order(case, fact, queue, order, "open", "incident", detail)


def tell_reported(case: Case, fact: IncidentReported, policy: PolicyPack) -> Iterator[Tell]:
    """Who follows the incident gets its report."""
    report = fact.report
    detail = "\n".join((report.impact, report.handling, report.cause, report.corrective, report.preventive))
    yield _order(case, fact, case.plan.manager or policy.centre, "incident", _state(case), "reported", detail[:LONGEST])


def tell_rung(case: Case, fact: Rung, policy: PolicyPack) -> Iterator[Tell]:
    """Whom the ladder names hears it on the queue it names."""
    late = " (late: nobody was there to tell it)" if fact.caught_up else ""
    detail = f"{fact.action} to {fact.role}: {fact.target} due {fact.target_due_at.isoformat()}{late}"
    order = "approve" if fact.target == "approve" else _kind(fact.queue, policy)
    whom = {"level": fact.level, "role": fact.role, "person": fact.person, "copies": fact.copies}
    yield _order(case, fact, fact.queue, order, "open", _why(fact), detail, **whom)


def tell_retracted(case: Case, fact: BreachRetracted, policy: PolicyPack) -> Iterator[Tell]:
    """Everybody who was told of the breach hears that it was none."""
    detail = f"{fact.target} was {fact.why} at {fact.met_at.isoformat()}"
    for queue in fact.queues:
        yield _order(case, fact, queue, _kind(queue, policy), _state(case), "retracted", detail)


def tell_desk(case: Case, fact: VisitRequested, policy: PolicyPack) -> Iterator[Tell]:
    """The desk gets the visit order, with the answer it has to check."""
    visit = {"attempt": fact.attempt, "opens_at": fact.opens_at}
    yield _order(case, fact, fact.desk, "visit", "open", "visit", f"due {fact.due_at.isoformat()}", **visit)


def tell_closed(case: Case, fact: ComplaintClosed, policy: PolicyPack) -> Iterator[Tell]:
    """The department hears that the loop is closed."""
    yield _order(case, fact, case.plan.department, "work", "closed", "closed", fact.ending)


def _why(fact: Rung) -> str:
    """What a rung is called on a queue; a pause that reached its cap has resumed by itself."""
    if fact.target == "resume" and isinstance(fact, DeadlineBreached):
        return "resumed"
    return WHY_OF_RUNG[type(fact).__name__]


def _kind(queue: str, policy: PolicyPack) -> Any:
    kind = policy.departments[queue].kind if queue in policy.departments else "department"
    return {"department": "work", "centre": "assign", "desk": "visit"}[kind]


def _state(case: Case) -> str:
    return "closed" if case.loop.ended else "answered" if case.plan.answered else "open"


def _order(case: Case, fact: Fact, queue: str, order: str, state: str, why: str, detail: str, **more: object) -> Tell:
    matter = case.matter.model_dump(exclude={"due_at", "tier", "safety", "affected"})
    body = {
        "order": order,
        "state": state,
        "why": why,
        "detail": detail,
        "at": fact.at,
        "department": queue,
        "complaint_id": fact.complaint_id,
        "cycle": fact.cycle,
        "level": case.loop.level,
        "answer": case.plan.answer,
        "targets": case.plan.targets,
    }
    return Tell(QUEUE.of(queue), WorkOrder.model_validate(matter | body | more))
