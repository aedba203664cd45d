"""A service's documents made again from the log: what it has said is folded, not said again; pure.

Facts of different services commute, so a case is the fold of all its facts in the order of the log. Inputs without a
decision are decided now, in the state after everything that the service has said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from schemas import envelope, legible
from schemas.envelope import Message
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS
from services.shared.machine import early, letters
from services.shared.machine.documents import Document, Input
from services.shared.machine.fold import Around, Folded, fold
from services.shared.machine.heard import remembered, turned_away_once
from services.shared.machine.letters import Origin
from services.shared.machine.reading import is_strange, read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock

GAP = 1_000
"""By how much the count of a document made again is ahead of what is found: topics forget, numbers must not return."""
NOT_YET = letters.UNDECIDED
RETURNS = (*NOT_YET, "unknown_subject", "unreadable")
"""Reasons of letters about which no document remembers anything: such a record is read again, or stays turned away."""
HEARD_BY_A_CASE = ("conflict",)
"""The reason for which a submission is refused only where its case exists."""


@dataclass
class Spoken:
    """The facts and messages of one service that the log holds."""

    service: Service
    causes: set[tuple[str, str]] = field(default_factory=set)
    """(subject, cause) of all that it has said."""
    highest: dict[str, int] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    """By the record that was turned away: the reason."""
    turns: dict[str, int] = field(default_factory=dict)
    """By the same record: the how manieth it was."""
    read_until: Mapping[int, int] = field(default_factory=dict)
    """By partition of the facts: up to which offset the service has acknowledged them, where that is known."""

    def add(self, record: Origin) -> bool:
        """Take note of a record; returns whether the service has said it."""
        if record.topic == DEAD_LETTERS.of(self.service.name):
            if (told := letters.about(record.headers)) is not None:
                place = letters.position(*told[0])
                self.letters[place] = told[1]
                self.turns.setdefault(place, len(self.turns))
            return True
        if not _is_said_by(self.service, record):
            return False
        subject = _text(record, "ce_subject")
        self.causes.add((subject, _text(record, "ce_causationid")))
        self.highest[subject] = max(number_of(record), self.highest.get(subject, 0))
        return True

    def has_followed(self, given: Input[Any]) -> bool:
        """Whether anything that the service has said follows from this input."""
        return (given.subject, given.id) in self.causes

    def is_over(self, given: Input[Any]) -> bool:
        """Whether an input from outside has had its outcome."""
        return self.has_followed(given) or self.letters.get(given.origin.position, NOT_YET[0]) not in NOT_YET

    def still_waits(self, given: Input[Any]) -> bool:
        """Whether an input from outside is parked, or waits behind one that is."""
        return not self.is_over(given) and given.origin.position in self.letters

    def knows(self, message: Message) -> bool:
        """Whether this letter was sent before: the same reason about the same record."""
        told = letters.about(message.headers) if message.topic == DEAD_LETTERS.of(self.service.name) else None
        return told is not None and self.letters.get(letters.position(*told[0])) == told[1]


def recalled(
    spoken: Spoken,
    subject: str,
    facts: Sequence[Origin],
    inputs: Iterable[Input[Any]],
    around: Around,
    clock: Clock,
    waiting: Iterable[Input[Any]] = (),
) -> Folded:
    """The document of a subject after all its facts; `inputs` came from outside and have had their outcome.

    What it has to say in the end follows from facts on which the service had not decided. `facts` are in order.
    What was parked, inputs from outside (`waiting`) among it, gets another try in the same order.
    """
    document, table = Document(subject), spoken.service.of(subject)
    for input in inputs:
        document = _heard(table, spoken, document, input)
    document, undecided = _followed(spoken, document, facts, clock)
    if subject in spoken.highest:
        document = document.but(sequence=spoken.highest[subject] + GAP)
    in_turn = sorted((*undecided, *waiting), key=lambda given: _turn(spoken, given.origin))
    return _unheard_of(spoken, fold(table, document, in_turn, around))


def _followed(
    spoken: Spoken, document: Document, facts: Sequence[Origin], clock: Clock
) -> tuple[Document, list[Input[Any]]]:
    """The document after the facts that were decided on, and the facts that are still to be decided on."""
    service, table = spoken.service, spoken.service.of(document.id)
    undecided = [given for record in _left(spoken, facts) if (given := read(service, record, clock)) is not None]
    left = {given.origin.position for given in undecided}
    for record in facts:
        if _is_own(service, record):
            document = _own(table, document, record)
        elif record.position not in left and (given := read(service, record, clock)) is not None:
            try:
                document = _silent(table, document, given)
            except Exception:  # what no rule can take is parked like everything that fails
                undecided.append(given)
    return document, undecided


def _turn(spoken: Spoken, record: Origin) -> int:
    """The order of inputs: first those taken silently, then the parked ones by their letters, then the unread ones."""
    unread = record.offset >= spoken.read_until.get(record.partition, record.offset + 1)
    silent = len(spoken.turns) if unread and record.topic == FACTS.name else -1
    return spoken.turns.get(record.position, silent)


def _unheard_of(spoken: Spoken, folded: Folded) -> Folded:
    """Without the letters that operators have: what is parked again had its letter when it was parked first."""
    document = folded.document
    unsaid = tuple(item for item in document.unsaid if not spoken.knows(item.message))
    strays = tuple(stray for stray in folded.strays if not spoken.knows(stray))
    return replace(folded, document=document.but(unsaid=unsaid), strays=strays)


def _left(spoken: Spoken, facts: Sequence[Origin]) -> list[Origin]:
    """The facts from which nothing has followed, behind the service's last word or not yet acknowledged by it.

    What stands before one from which something has followed was read before that one, and so is decided on.
    """
    followed = [_has_followed(spoken, record) for record in facts]
    is_over = [follows or _is_own(spoken.service, record) for record, follows in zip(facts, followed, strict=True)]
    reached = max((n for n, over in enumerate(is_over) if over), default=-1)
    # Of a record that was sent again only the first one tells what had been read.
    first = {_text(record, "ce_id") or record.position: n for n, record in reversed([*enumerate(facts)])}
    read = max((n for n in first.values() if followed[n]), default=-1)
    return [
        record
        for n, record in enumerate(facts)
        if not is_over[n]
        and n > read
        and (n > reached or record.offset >= spoken.read_until.get(record.partition, record.offset + 1))
    ]


def _heard(table: Service, spoken: Spoken, document: Document, given: Input[Any]) -> Document:
    reason = spoken.letters.get(given.origin.position)
    if reason in RETURNS and not spoken.has_followed(given):
        return document
    if reason not in (None, *HEARD_BY_A_CASE, *RETURNS) and given.edge is not None and given.edge.creates:
        return document.but(heard=turned_away_once(document, given))
    contact = document.contact or table.contact(given.body)
    return document.but(contact=contact, **remembered(document, given))


def _is_said_by(service: Service, record: Origin) -> bool:
    """Whether a record is this service's own: its id follows from its number, which a forger hardly knows."""
    number = number_of(record)
    if _text(record, "ce_source") != f"/closedloop/{service.name}" or not number:
        return False
    return _text(record, "ce_id") == envelope.event_id(_text(record, "ce_subject"), service.name, number)


def _is_own(service: Service, record: Origin) -> bool:
    """Whether a service says this of the subject itself: what another subject says to it is heard, not said."""
    return _is_said_by(service, record) and _text(record, "ce_subject").encode() == record.key


def number_of(record: Origin) -> int:
    """The record's number on its writer's count; 0 without one."""
    number = _text(record, "ce_sequence")
    return int(number) if re.fullmatch("[0-9]{1,18}", number) else 0


def _text(record: Origin, name: str) -> str:
    return (legible.header(record.headers, name) or b"").decode(errors="replace")


def _has_followed(spoken: Spoken, record: Origin) -> bool:
    subject = (record.key or b"").decode(errors="replace")
    return (subject, _text(record, "ce_id") or record.position) in spoken.causes


def _own(service: Service, document: Document, record: Origin) -> Document:
    try:
        fact, _, sequence = envelope.read_fact(record.headers, record.value)
    except envelope.Unreadable:
        # Of another version, or somebody else's under our name: it has told nobody anything.
        return document
    if fact.about != document.id or sequence <= document.sequence:
        return document
    evolve = service.evolve.get(type(fact))
    case = document.case if evolve is None else evolve(document.case, fact)
    name = service.begun_with(fact)
    heard = {name: early.ANY, **document.heard} if name else document.heard
    return _begun(document, case, record).but(sequence=sequence, heard=heard)


def _silent(service: Service, document: Document, given: Input[Any]) -> Document:
    if given.sequence is None or given.sequence <= document.marks.get(given.writer, 0):
        return document
    evolve = service.evolve.get(type(given.body))
    case = document.case if evolve is None else evolve(document.case, given.body)
    return _begun(document, case, given.origin).but(**remembered(document, given))


def _begun(document: Document, case: object, record: Origin) -> Document:
    return document.but(case=case, begun=early.begun(document, case, record))


def facts_of(records: Iterable[Origin]) -> dict[str, list[Origin]]:
    """The records of the fact topic that are facts, by their subject, in order."""
    found: dict[str, list[Origin]] = {}
    for record in records:
        if record.topic == FACTS.name and not is_strange(record):
            found.setdefault((record.key or b"").decode(errors="replace"), []).append(record)
    return found
