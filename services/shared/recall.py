"""A service's documents made again from the log: what it has said is folded, not said again; pure.

Facts of different services commute, so a case is the fold of all its facts in the order of the log. What the service
had not yet decided on is decided now, in the state in which it would have met it: behind all that it has said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from schemas import envelope
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS
from services.shared import early
from services.shared.clock import Clock
from services.shared.fold import Around, Folded, fold, remembered
from services.shared.letters import Origin
from services.shared.machine import Document, Input, Service
from services.shared.reading import read

GAP = 1_000
"""By how much the count of a document made again is ahead of what is found: topics forget, numbers must not return."""
RETURNS = ("poison", "parked", "unknown_subject", "unreadable")
"""Reasons of letters about which no document remembers anything: such a record is read again, or stays turned away."""
NOT_YET = ("poison", "parked")
"""Of these, the records that still wait for their decision."""


@dataclass
class Spoken:
    """What the log holds of the words of one service."""

    service: Service
    causes: set[tuple[str, str]] = field(default_factory=set)
    """(subject, cause) of all that it has said."""
    highest: dict[str, int] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    """By the record that was turned away: the reason."""
    read_until: Mapping[int, int] = field(default_factory=dict)
    """By partition of the facts: up to which offset the service has acknowledged them, where that is known."""

    def add(self, record: Origin) -> bool:
        """Take note of a record; returns whether the service has said it."""
        if record.topic == DEAD_LETTERS.of(self.service.name):
            story = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
            place = f"{story['dlq-original-partition']}-{story['dlq-original-offset']}"
            self.letters[f"{story['dlq-original-topic']}#{place}"] = story["dlq-reason"]
            return True
        if not _is_said_by(self.service, record):
            return False
        subject = _text(record, "ce_subject")
        self.causes.add((subject, _text(record, "ce_causationid")))
        self.highest[subject] = max(int(_text(record, "ce_sequence")), self.highest.get(subject, 0))
        return True

    def has_followed(self, given: Input[Any]) -> bool:
        """Whether anything that the service has said follows from this input."""
        return (given.subject, given.id) in self.causes

    def is_over(self, given: Input[Any]) -> bool:
        """Whether an input from outside has had its outcome."""
        return self.has_followed(given) or self.letters.get(given.origin.position, NOT_YET[0]) not in NOT_YET


def recalled(
    spoken: Spoken,
    subject: str,
    facts: Sequence[Origin],
    inputs: Iterable[Input[Any]],
    around: Around,
    clock: Clock,
) -> Folded:
    """The document of a subject after all its facts; `inputs` came from outside and have had their outcome.

    What it has to say in the end follows from facts on which the service had not decided. `facts` are in order.
    """
    service, document = spoken.service, Document(subject)
    for input in inputs:
        document = _heard(spoken, document, input)
    left = _left(spoken, facts)
    for record in facts:
        if _is_said_by(service, record):
            document = _own(service, document, record)
        elif record not in left:
            document = _silent(service, document, record, clock)
    if subject in spoken.highest:
        document = replace(document, sequence=spoken.highest[subject] + GAP)
    undecided = [given for record in left if (given := read(service, record, clock)) is not None]
    return fold(service, document, undecided, around)


def _left(spoken: Spoken, facts: Sequence[Origin]) -> list[Origin]:
    """The facts from which nothing has followed, behind the service's last word or not yet acknowledged by it."""
    is_over = [_is_said_by(spoken.service, record) or _has_followed(spoken, record) for record in facts]
    reached = max((n for n, over in enumerate(is_over) if over), default=-1)
    return [
        record
        for n, record in enumerate(facts)
        if not is_over[n]
        and (n > reached or record.offset >= spoken.read_until.get(record.partition, record.offset + 1))
    ]


def _heard(spoken: Spoken, document: Document, given: Input[Any]) -> Document:
    if spoken.letters.get(given.origin.position) in RETURNS and not spoken.has_followed(given):
        return document
    contact = document.contact or spoken.service.contact(given.body)
    return replace(document, contact=contact, **remembered(document, given))


def _is_said_by(service: Service, record: Origin) -> bool:
    """What somebody else has put there under our name has hardly the id that follows from its number."""
    number = _text(record, "ce_sequence")
    if _text(record, "ce_source") != f"/closedloop/{service.name}" or not (number.isascii() and number.isdigit()):
        return False
    return _text(record, "ce_id") == envelope.event_id(_text(record, "ce_subject"), service.name, int(number))


def _text(record: Origin, name: str) -> str:
    return (envelope.header(record.headers, name) or b"").decode(errors="replace")


def _has_followed(spoken: Spoken, record: Origin) -> bool:
    subject = (record.key or b"").decode(errors="replace")
    return (subject, _text(record, "ce_id") or record.position) in spoken.causes


def _own(service: Service, document: Document, record: Origin) -> Document:
    fact, _, sequence = envelope.read_fact(record.headers, record.value)
    if sequence <= document.sequence:
        return document
    evolve = service.evolve.get(type(fact))
    case = document.case if evolve is None else evolve(document.case, fact)
    name = service.begun_with(fact)
    heard = {name: early.ANY, **document.heard} if name else document.heard
    return replace(_begun(document, case, record), sequence=sequence, heard=heard)


def _silent(service: Service, document: Document, record: Origin, clock: Clock) -> Document:
    given = read(service, record, clock)
    if given is None or given.sequence is None or given.sequence <= document.marks.get(given.body.said_by, 0):
        return document
    evolve = service.evolve.get(type(given.body))
    case = document.case if evolve is None else evolve(document.case, given.body)
    return replace(_begun(document, case, record), **remembered(document, given))


def _begun(document: Document, case: object, record: Origin) -> Document:
    return replace(document, case=case, begun=early.begun(document, case, record))


def facts_of(records: Iterable[Origin]) -> dict[str, list[Origin]]:
    """The records of the fact topic by their subject, in order."""
    found: dict[str, list[Origin]] = {}
    for record in records:
        if record.topic == FACTS.name:
            found.setdefault((record.key or b"").decode(errors="replace"), []).append(record)
    return found
