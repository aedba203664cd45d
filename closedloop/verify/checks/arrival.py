"""Arrival: what counts is when something arrived, or the time it states where the policy trusts that."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import HTTP_SUBMISSIONS

_ROUNDING_MS = 1


def check(evidence: Evidence, terms: Terms) -> Finding:
    """A fact from outside has the append time of its record; the time it is judged by follows from that."""
    found = Finding()
    for case, pack in evidence.with_packs():
        asked = _asked(case)
        for fact in case.facts:
            sent = [edge for edge in evidence.behind(fact) if edge.record.topic != HTTP_SUBMISSIONS]
            if sent:
                found.checked += 1
                _arrival(case, fact, [edge.record.timestamp_ms for edge in sent], terms, found)
            if pack and fact.row.arrives:
                found.checked += 1
                _judged(case, fact, pack, asked.get(fact.cause), found)
    return found


def _arrival(case: Case, fact: Said, moments: list[int], terms: Terms, found: Finding) -> None:
    at = fact.body["at"]
    expected = min((terms.clock.virtual(moment) for moment in moments), key=lambda moment: abs(moment - at))
    if abs(expected - at) > _ROUNDING_MS:
        found.fail(case.id, "not_at_arrival", kind=fact.kind, told_at=at, arrived_at=expected)


def _asked(case: Case) -> Mapping[str, int]:
    """By the cause of each decision, from when the centre could decide on what it was asked last."""
    since, found = 0, {}
    for fact in case.facts:
        if fact.row.mark == "asked":
            approve = [target.starts for target in fact.body.get("targets", ()) if target.name == "approve"]
            since = max([fact.body["judged_at"], *approve])
        elif fact.row.mark in ("granted", "refused"):
            found[fact.cause] = since
    return found


def _judged(case: Case, fact: Said, pack: Pack, asked: int | None, found: Finding) -> None:
    judged = fact.body[fact.row.arrives]
    counts = _counts(fact.body["at"], fact.body.get("stated_at"), pack.trust)
    if fact.row.mark != "received" and case.received:
        # A reply may be appended before its complaint: it counts from the receipt.
        counts = max(counts, case.received.body["received_at"])
    if asked is not None:
        # Whatever the centre states: nothing is decided, and no wait begins, before it was asked for.
        counts = max(counts, asked)
    if fact.row.mark == "paused" and judged > counts:
        # Time that has been waited for once is not waited for again: this pause begins where the last one ended.
        own, at = (judged, fact.body["until"], fact.body["reason"]), fact.body["at"]
        pauses = (pause for target in fact.body.get("targets", ()) for pause in target.pauses)
        counts = max([counts, *(pause.ends for pause in pauses if pause != own and pause.ends <= at)])
    if judged != counts:
        found.fail(case.id, "misjudged", kind=fact.kind, told_at=judged, counts_at=counts)
    begun, stated = case.received.body["received_at"] if case.received else judged, fact.body.get("stated_at", judged)
    if stated < begun and fact.row.mark != "received":
        found.fail(case.id, "before_receipt", kind=fact.kind, stated_at=stated, received_at=begun)


def _counts(arrived: int, stated: int | None, trust: int | None) -> int:
    """The stated time within the trusted span before the arrival, else the arrival; no span trusts any."""
    if stated is None or stated > arrived:
        return arrived
    return stated if trust is None or arrived - stated <= trust else arrived
