"""Told: whoever must act on a fact, or waits for it, has it on their own topic."""

from __future__ import annotations

from collections.abc import Iterator

from closedloop.verify.checks import between
from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import QUEUES, RECEIPTS
from closedloop.verify.tables.facts import holds

Owed = tuple[Said, str, str]
"""A fact, a topic on which it must have been told, and why it is told there: as what."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Orders, warnings, retractions, visits, refusals and receipts stand on the topics they are meant for."""
    found = Finding()
    told = {(m.topic, m.subject, m.cause, m.body.get("why", m.body.get("kind"))) for m in evidence.log.messages}
    for case, pack in evidence.with_packs():
        for fact, topic, why in _owed(case, pack):
            if topic in evidence.log.cut:
                continue
            # What follows from a service's own fact has that fact's cause, what follows from another's has its id.
            is_told = any((topic, case.id, cause, why) in told for cause in (fact.id, fact.cause))
            if found.judge(not is_told, terms.is_settled(fact.appended)):
                found.fail(case.id, "untold", topic=topic, kind=fact.kind, at=fact.place)
    between.none_lost(evidence.log.to_others, terms, found)
    return found


def _owed(case: Case, pack: Pack | None) -> Iterator[Owed]:
    people = {"owner": "", "manager": "", "centre": pack.centre if pack else ""}
    source = case.received.body["source"] if case.received else ""
    for fact in case.facts:
        if fact.row.owner:
            people["owner"] = fact.body[fact.row.owner]
        people["manager"] = fact.body.get("manager", people["manager"])
        owed = (tell for tell in fact.row.tells if holds(tell.when, fact.body, fact.cycle))
        topics = dict.fromkeys((topic, tell.why) for tell in owed for topic in _topics(fact, tell.to, source, people))
        yield from ((fact, topic, why) for topic, why in topics)


def _topics(fact: Said, to: str, source: str, people: dict[str, str]) -> list[str]:
    if to == "sender":
        return [f"{RECEIPTS}{source}"] if source else []
    return [f"{QUEUES}{queue}" for queue in _queues(fact, to, people) if queue]


def _queues(fact: Said, to: str, people: dict[str, str]) -> list[str]:
    if to == "heard":
        return [telling.queue for telling in fact.body.get("taken_back", ())] or list(fact.body.get("queues", ()))
    return [people[to] if to in people else fact.body[to]]
