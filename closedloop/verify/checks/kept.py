"""Kept: whatever came in lives, has ended, or lies with the dead letters with its reason and its origin."""

from __future__ import annotations

from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.edges import Edge, Letter
from closedloop.verify.evidence.log import Log
from closedloop.verify.evidence.records import Record
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import EDGES, PARKS, STORY, SUBMISSIONS

IN_A_ROW = 100
"""After so many dead letters in a row a service reads a partition no further."""

Origin = tuple[str, int, int]


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Every record of the edge topics, every dead letter, and everything on our topics that is no message."""
    log = evidence.log
    dead = {letter.origin: letter.reason for letter in log.letters if letter.origin and letter.reason}
    found = Finding(checked=len(log.edges))
    _records(evidence, dead, terms, found)
    _conflicts(log, dead, found)
    _letters(log, found)
    for stray in log.strays:
        if stray.origin not in dead:
            found.fail(stray.place, "stray")
    ended = sum(case.closed is not None for case in evidence.cases.values())
    # What came over HTTP has no place in a log: its letters differ in what they carry.
    letters = {(letter.origin, letter.record.value) for letter in log.letters if letter.origin}
    turned_away = sum(origin[0].startswith(EDGES) for origin, _ in letters)
    found.sums = {"live": len(evidence.cases) - ended, "ended": ended, "dead": turned_away}
    return found


def _records(evidence: Evidence, dead: dict[Origin, str], terms: Terms, found: Finding) -> None:
    heard = {(fact.subject, fact.cause) for fact in evidence.log.facts}
    refused = {message.cause for message in evidence.log.messages if message.body.get("kind") == "refused"}
    taken = {
        edge.origin: edge.complaint in evidence.cases if _is_submitted(edge) else _is_heard(edge, heard)
        for edge in evidence.log.edges
    }
    stops = _stops(taken, dead)
    for edge in evidence.log.edges:
        reason, is_taken, stop = dead.get(edge.origin), taken[edge.origin], stops.get(edge.origin[:2])
        if not (is_taken or reason or terms.is_settled(edge.record.timestamp_ms)):
            found.unsettled += 1
        elif not is_taken and reason is None and stop is not None and edge.origin[2] >= stop:
            found.fail(edge.record.place, "waits", complaint=edge.complaint, partition=edge.origin[1], offset=stop)
        elif not is_taken and reason is None:
            found.fail(edge.record.place, "vanished", complaint=edge.complaint)
        elif _is_submitted(edge) and not is_taken and reason not in PARKS and refused.isdisjoint(edge.names):
            found.fail(edge.record.place, "not_told", reason=reason)


def _stops(taken: dict[Origin, bool], dead: dict[Origin, str]) -> dict[tuple[str, int], int]:
    """Where partitions are not read on: nothing behind that offset has an outcome, and a row of letters lies before."""
    found = dict[tuple[str, int], int]()
    rows = dict[tuple[str, int], int]()
    for origin in sorted(taken):
        place = origin[:2]
        if taken[origin] or origin in dead:
            found.pop(place, None)
            rows[place] = 0 if taken[origin] else rows.get(place, 0) + 1
        elif rows.get(place, 0) >= IN_A_ROW:
            found.setdefault(place, origin[2])
    return found


def _is_submitted(edge: Edge) -> bool:
    return edge.record.topic.startswith(SUBMISSIONS)


def _is_heard(edge: Edge, heard: set[tuple[str, str]]) -> bool:
    # A repeat has its first one's id, so the first one's effects are its own.
    return any((edge.complaint, name) in heard for name in edge.names)


def _conflicts(log: Log, dead: dict[tuple[str, int, int], str], found: Finding) -> None:
    """Of several contents under one id one may hold; each other must be with the dead letters, and no repeat."""
    contents: dict[tuple[str | None, str, str], dict[str, list[Edge]]] = {}
    for edge in log.edges:
        contents.setdefault(_known_as(edge), {}).setdefault(edge.content, []).append(edge)
    for same_id in contents.values():
        held = [records for records in same_id.values() if all(edge.origin not in dead for edge in records)]
        for records in held[1:]:
            found.fail(records[0].record.place, "conflict_lost", complaint=records[0].complaint)
        for edge in next(iter(same_id.values())) if len(same_id) == 1 else ():
            if dead.get(edge.origin) == "conflict" and edge.record.topic not in log.cut:
                found.fail(edge.record.place, "false_conflict", complaint=edge.complaint)


def _known_as(edge: Edge) -> tuple[str | None, str, str]:
    """A topic is one sender. Its complaints are known by id alone, whichever of its machines they name as source."""
    name = edge.source_id if edge.record.topic.startswith(SUBMISSIONS) else edge.names[0]
    return edge.complaint, edge.record.topic, name or edge.names[0]


def _letters(log: Log, found: Finding) -> None:
    sent = {edge.origin: edge for edge in log.edges}
    for letter in log.letters:
        if not letter.reason or letter.origin is None:
            found.fail(letter.record.place, "mute_letter")
        elif letter.origin in sent and not _is_untouched(letter, sent[letter.origin]):
            found.fail(letter.record.place, "touched_letter")


def _is_untouched(letter: Letter, edge: Edge) -> bool:
    kept, original = letter.record, edge.record
    if f"{STORY}original-bytes" in kept.headers:
        # What no letter could carry is cut; its beginning must be there.
        return (original.value or b"").startswith(kept.value or b"")
    if original.damaged:
        return (kept.value or b"") == (original.value or b"")
    return (kept.key, kept.value or b"", _own(kept)) == (original.key, original.value or b"", _own(original))


def _own(record: Record) -> dict[str, str]:
    """What it brought itself: whoever sent it may have used the names of a letter's story."""
    return {name: text for name, text in record.headers.items() if not name.startswith(STORY)}
