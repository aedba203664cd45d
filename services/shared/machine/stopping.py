"""When the reading of an edge partition stops, so that no mistake of its sender is drained, and when it goes on; pure.

A partition stops when too many of its records in a row were turned away. It goes on as soon as a record stands in it
that would be taken now. So nothing waits but what would be turned away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from schemas.envelope import Message, Unreadable
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS
from services.shared.machine.documents import Document, Input
from services.shared.machine.failures import NotYet
from services.shared.machine.fold import Around, fold
from services.shared.machine.heard import was_turned_away
from services.shared.machine.letters import Origin, about, position
from services.shared.machine.reading import read
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock

MOST_IN_A_ROW = 100
"""How many records in a row may be turned away before the reading of their partition stops."""
Place = tuple[str, int]
"""A topic and one of its partitions."""
WAITS = "parked"
"""The reason of letters about records that wait behind a parked case: nothing is wrong with these."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A partition that is not read on: `offset` is the first record that waits.

    What stands before `read_until` is read whatever becomes of it; with it the stop is over.
    """

    topic: str
    partition: int
    offset: int
    since: datetime
    why: str
    read_until: int | None = None

    @property
    def place(self) -> Place:
        """Topic and partition."""
        return self.topic, self.partition

    @property
    def stands(self) -> bool:
        """Whether nobody has told to read on."""
        return self.read_until is None

    def holds(self, record: Origin) -> bool:
        """Whether this record of the partition waits."""
        return self.read_until is None and record.offset >= self.offset

    def lets_through(self, record: Origin) -> bool:
        """Whether this record is read whatever becomes of it, and counts as none in a row."""
        return self.read_until is not None and record.offset < self.read_until


@dataclass(slots=True)
class Row:
    """How many records of one partition in a row were turned away, and why the last one was."""

    length: int = 0
    why: str = ""

    def note(self, records: Iterable[Origin], turned_away: Mapping[str, str], stop: Stop | None = None) -> None:
        """Count records that were decided, in order; `turned_away` has reasons by position."""
        for record in records:
            why = turned_away.get(record.position)
            is_one = why is not None and not (stop is not None and stop.lets_through(record))
            self.length, self.why = (self.length + 1, why or "") if is_one else (0, "")


def may_stop(topic: str) -> bool:
    """Whether reading of this topic may stop: that of facts does not, because one that fails stops its case alone."""
    return topic != FACTS.name


def is_too_long(row: Row, most: int) -> bool:
    """Whether reading stops before the next record; a limit of 0 is none."""
    return 0 < most <= row.length


def turned_away(messages: Iterable[Message]) -> dict[str, str]:
    """Why records were turned away, by position, as far as there are letters about them among these messages."""
    found: dict[str, str] = {}
    for message in messages:
        if DEAD_LETTERS.member(message.topic) is not None and (told := about(message.headers)) is not None:
            place, why = told
            if why != WAITS:
                found[position(*place)] = why
    return found


def letters_in(documents: Iterable[Document]) -> dict[str, str]:
    """The same of what these documents have to say."""
    return turned_away(item.message for document in documents for item in document.unsaid)


def given_in(service: Service, record: Origin, clock: Clock) -> Input[Any] | None:
    """The input in a record of an edge; None for one that cannot be read."""
    try:
        return read(service, record, clock)
    except Unreadable:
        return None


def would_be_taken(service: Service, document: Document, given: Input[Any], around: Around) -> bool:
    """Whether the input would be taken, or would wait, if it were decided now; nothing is saved."""
    if was_turned_away(document, given):
        return False
    table = service.of(document.id)
    if table.labels is not None and document.case is None:
        document = document.but(label=next(iter(table.labels(document.id))))
    try:
        tried = fold(table, document.but(unsaid=()), [given], around)
    except NotYet:
        return True
    said = chain(tried.strays, (item.message for item in tried.document.unsaid))
    return given.origin.position not in turned_away(said)
