"""Told: whoever must act on a fact, or waits for it, has it on their own topic."""

from __future__ import annotations

from collections.abc import Iterator

from closedloop.verify.derive.history import Case
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Evidence, Finding, Terms
from closedloop.verify.tables.contract import OWNERS, QUEUES, RECEIPTS, RETRACTIONS

Owed = tuple[Said, str, str]
"""A fact, a topic on which it must have been told, and why it is told there: as what."""

_RUNGS = {"DeadlineApproaching": "warned", "DeadlineBreached": "breached", "ComplaintEscalated": "escalated"}
_TO_THE_OWNER = {
    "ComplaintUnroutable": "unroutable",
    "ComplaintReturned": "returned",
    "WorkPaused": "paused",
    "WorkResumed": "resumed",
    "ApprovalGranted": "granted",
    "ApprovalRefused": "not_granted",
    "IncidentDeclared": "incident",
    "ComplaintAnswered": "answered",
    "ComplaintClosed": "closed",
}
_TO_THE_SENDER = {"ComplaintReceived": "accepted", "IncidentReported": "report", "ComplaintClosed": "closed"}


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Orders, warnings, retractions, visits, refusals and receipts stand on the topics they are meant for."""
    found = Finding()
    told = {(m.topic, m.subject, m.cause, m.body.get("why", m.body.get("kind"))) for m in evidence.log.messages}
    for case in evidence.cases.values():
        for fact, topic, why in _owed(case, evidence.log.packs.get(case.policy)):
            if topic in evidence.log.cut:
                continue
            # What follows from a service's own fact has that fact's cause, what follows from another's has its id.
            if any((topic, case.id, cause, why) in told for cause in (fact.id, fact.cause)):
                found.checked += 1
            elif not terms.is_settled(fact.appended):
                found.unsettled += 1
            else:
                found.checked += 1
                found.fail(case.id, "untold", topic=topic, kind=fact.kind, at=fact.place)
    return found


def _owed(case: Case, pack: Pack | None) -> Iterator[Owed]:
    owner, manager = "", ""
    source = case.received.body["source"] if case.received else ""
    for fact in case.facts:
        if fact.kind in OWNERS:
            owner = fact.body.get("owner", fact.body["department"])
        manager = fact.body.get("manager", manager)
        receipt = _receipt(fact)
        if source and receipt:
            yield fact, f"{RECEIPTS}{source}", receipt
        for queue, why in _orders(fact, owner, manager, pack.centre if pack else ""):
            if queue:
                yield fact, f"{QUEUES}{queue}", why


def _receipt(fact: Said) -> str | None:
    """What the upstream system hears: of a moved answer too, unless a new owner says so already."""
    if fact.kind == "DeadlineMoved" and fact.body["target"] == "answer":
        return None if fact.body["why"] == "ComplaintRouted" else "status"
    return _TO_THE_SENDER.get(fact.kind)


def _orders(fact: Said, owner: str, manager: str, centre: str) -> Iterator[tuple[str, str]]:
    kind, body = fact.kind, fact.body
    if kind in _RUNGS:
        is_end_of_pause = kind == "DeadlineBreached" and body["target"] == "resume"
        yield body["queue"], "resumed" if is_end_of_pause else _RUNGS[kind]
    elif kind in RETRACTIONS:
        heard = [telling.queue for telling in body.get("taken_back", ())]
        yield from ((queue, "retracted") for queue in heard or body.get("queues", ()))
    elif kind in ("ReplyRefused", "VisitRefused"):
        yield body["department" if kind == "ReplyRefused" else "desk"], "refused"
    elif kind in ("VisitRequested", "VisitAttempted"):
        yield body["desk"], "visit" if kind == "VisitRequested" else "visited"
    elif kind == "ComplaintRouted":
        yield owner, "assigned" if body["by"] == "centre" else "routed" if fact.cycle == 1 else "reopened"
    elif kind == "ApprovalRequested":
        yield body["approver"], "approval"
    elif kind == "IncidentReported":
        yield manager, "reported"
    elif kind in _TO_THE_OWNER:
        yield owner, _TO_THE_OWNER[kind]
    elif kind == "PlanLapsed":
        yield from ((queue, "lapsed") for queue in dict.fromkeys((owner, manager or centre, centre)))
    if kind == "IncidentDeclared":
        yield from ((queue, "incident") for queue in (manager, centre))
