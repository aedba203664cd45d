"""Told: whoever must act on a fact, or waits for it, has it on their own topic."""

from __future__ import annotations

from collections.abc import Iterator

from closedloop.verify.contract import PLANS, QUEUES, RECEIPTS, REFUSALS, RUNGS
from closedloop.verify.history import Case
from closedloop.verify.records import Said
from closedloop.verify.verdict import Evidence, Finding, Terms


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Orders, warnings, retractions, visits, refusals and receipts stand on the topics they are meant for."""
    found = Finding()
    told = {(message.topic, message.subject, message.cause) for message in evidence.log.messages}
    for case in evidence.cases.values():
        for fact, topic in _owed(case):
            if topic in evidence.log.cut:
                continue
            # What follows from a service's own fact has that fact's cause, what follows from another's has its id.
            if any((topic, case.id, cause) in told for cause in (fact.id, fact.cause)):
                found.checked += 1
            elif not terms.is_settled(fact.appended):
                found.unsettled += 1
            else:
                found.checked += 1
                found.fail(case.id, "untold", topic=topic, kind=fact.kind, at=fact.place)
    return found


def _owed(case: Case) -> Iterator[tuple[Said, str]]:
    """Each fact with a topic on which it must have been told."""
    owner = ""
    source = case.received.body["source"] if case.received else ""
    for fact in case.facts:
        if fact.kind in PLANS:
            owner = fact.body.get("owner", fact.body["department"])
        if source and fact.kind in ("ComplaintReceived", "ComplaintClosed"):
            yield fact, f"{RECEIPTS}{source}"
        for queue in _queues(fact, owner):
            yield fact, f"{QUEUES}{queue}"


def _queues(fact: Said, owner: str) -> tuple[str, ...]:
    if fact.kind in RUNGS:
        return (fact.body["queue"],)
    if fact.kind == "BreachRetracted":
        return tuple(fact.body["queues"])
    if fact.kind in REFUSALS:
        return (fact.body["department" if fact.kind == "ReplyRefused" else "desk"],)
    if fact.kind == "VisitRequested":
        return (fact.body["desk"],)
    return (owner,) if owner and fact.kind in (*PLANS, "ComplaintClosed") else ()
