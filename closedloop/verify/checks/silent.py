"""Silent: reading any topic again from its beginning says nothing new."""

from __future__ import annotations

from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.saying.verdict import Finding


def check(evidence: Evidence, terms: Terms) -> Finding:
    """All that was written since the mark had been said before it; a delivery that is repeated is nothing new."""
    since = terms.since or {}
    found, known, later = Finding(), set[str](), list[tuple[str, str]]()
    for topic, partition, offset, id in evidence.log.written():
        if offset < since.get((topic, partition), 0):
            known.add(id)
            found.checked += 1
        else:
            later.append((id, f"{topic} {partition}-{offset}"))
    for id, place in later:
        if id not in known:
            found.fail(place, "new_words", message=id)
    return found
