"""Accepted: every accepted complaint has exactly one lineage."""

from __future__ import annotations

import re
from collections.abc import Iterable

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.saying.verdict import Finding


def check(evidence: Evidence, terms: Terms) -> Finding:
    """What senders and receipts call accepted stands on the topic as one complaint, registered once."""
    accepted = frozenset(terms.accepted or ()) | _receipted(evidence.log.messages)
    found = Finding(checked=len(accepted))
    for id in sorted(accepted - evidence.cases.keys()):
        found.fail(id, "lost")
    for case in evidence.cases.values():
        _begun_once(case, found)
    _one_complaint_each(evidence.cases.values(), found)
    _one_reference_each(evidence.cases.values(), found)
    return found


def _receipted(messages: Iterable[Said]) -> frozenset[str]:
    accepted = (m for m in messages if m.kind == "Receipt" and m.body["kind"] == "accepted")
    return frozenset(m.body["complaint_id"] for m in accepted if "complaint_id" in m.body)


def _begun_once(case: Case, found: Finding) -> None:
    begun = case.of("received")
    if not begun:
        found.fail(case.id, "no_beginning", kind=case.facts[0].kind)
    elif len(begun) > 1:
        found.fail(case.id, "begun_twice", times=len(begun))


def _one_complaint_each(cases: Iterable[Case], found: Finding) -> None:
    known: dict[tuple[str, str], str] = {}
    for case in cases:
        if case.received is None:
            continue
        sent = (case.received.body["source"], case.received.body["source_id"])
        first = known.setdefault(sent, case.id)
        if first != case.id:
            found.fail(case.id, "same_as", source=sent[0], source_id=sent[1], other=first)


def _one_reference_each(cases: Iterable[Case], found: Finding) -> None:
    """References with a check letter are one complaint's alone; those of earlier versions could be two's."""
    known: dict[str, str] = {}
    for case in cases:
        reference = case.received.body.get("reference", "") if case.received else ""
        if re.fullmatch("CL(-[0-9A-Z]{3}){3}", reference):
            first = known.setdefault(reference, case.id)
            if first != case.id:
                found.fail(case.id, "same_reference", reference=reference, other=first)
