"""The in-memory loop: the very same tables of all services in one process, a list as log, a virtual clock.

Story tests, dry runs and replay run in it; `random` decides whose turn it is, so a seed is a schedule.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from schemas.envelope import Message, Unreadable
from schemas.facts import Fact
from schemas.legible import Headers
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import DEAD_LETTERS
from services.shared.machine import early
from services.shared.machine.documents import Document, Input
from services.shared.machine.fold import Around, Folded, fire, fold, give_up, next_due, release
from services.shared.machine.letters import Origin
from services.shared.machine.policies import PolicyBook
from services.shared.machine.reading import command, read, read_again, rereader, unreadable
from services.shared.machine.stopping import MOST_IN_A_ROW, Row, given_in, is_too_long, turned_away, would_be_taken
from services.shared.machine.table import Service
from services.shared.machine.turned_away import Ended
from services.shared.timing.clock import Clock, to_ms


@dataclass
class World:
    """All services over one log. `now` is virtual time; nothing happens but what is sent and what falls due."""

    services: Iterable[Service]
    policies: PolicyBook
    now: datetime
    random: Random = field(default_factory=lambda: Random(0))
    log: list[Origin] = field(default_factory=list)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    most_in_a_row: int = MOST_IN_A_ROW

    def __post_init__(self) -> None:
        self._by_name: Mapping[str, Service] = {service.name: service for service in self.services}
        self._read: dict[str, int] = dict.fromkeys(self._by_name, 0)
        self._heap: list[tuple[datetime, str, str]] = []
        self._offsets: defaultdict[str, int] = defaultdict(int)
        self._clock = Clock()
        self._labels: dict[tuple[str, str], str] = {}
        self._ended = {name: Ended() for name in self._by_name}
        self._rows: defaultdict[tuple[str, str], Row] = defaultdict(Row)
        self.stopped: dict[tuple[str, str], list[Origin]] = {}
        """By service and topic: the records that wait because too many before them in a row were turned away."""

    def send(self, topic: str, value: bytes, key: str | None = None, headers: Headers = ()) -> None:
        """Append a record as somebody outside does, and let everything that follows happen."""
        self._append(Message(topic, key, value, tuple(headers)))
        self.settle()

    def command(self, topic: str, value: bytes, headers: Headers = ()) -> None:
        """Hand in what somebody outside says over HTTP: it stands on no topic. Raises Unreadable."""
        for service in self._by_name.values():
            if any(edge.topic.member(topic) for edge in service.every_edge):
                self._hand(service, command(service, topic, value, headers, self.now, self._clock))
        self.settle()

    def settle(self) -> None:
        """Deliver until nobody has anything left to read."""
        while behind := [name for name, position in self._read.items() if position < len(self.log)]:
            self._deliver(self.random.choice(behind))

    def advance(self, until: datetime) -> None:
        """Let time pass: every timer fires at its own time, in order."""
        while self._heap and self._heap[0][0] <= until:
            due, name, id = heapq.heappop(self._heap)
            if self._due(name, self.documents.get((name, id))) != due:
                continue
            self.now = max(self.now, due)
            self._save(name, self._fire(self._by_name[name], self.documents[name, id]).document)
            self.settle()
        self.now = max(self.now, until)

    def read_again(self, service: str, position: int) -> None:
        """A service reads the log again from there: it has crashed, or somebody has reset its offsets."""
        self._read[service] = min(position, self._read[service])
        self.settle()

    def forget(self) -> None:
        """Remove the documents in which nothing is left, as every service does after a while."""
        self.documents = {id: document for id, document in self.documents.items() if not early.is_empty(document)}

    def next_due(self) -> datetime | None:
        """The due date of the next timer of any document; None without one."""
        while self._heap and self._due(self._heap[0][1], self.documents.get(self._heap[0][1:])) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def facts(self) -> list[Fact]:
        """Everything that was said on the fact topic, in order."""
        from schemas.envelope import read_fact

        return [read_fact(r.headers, r.value)[0] for r in self.log if r.topic == FACTS.name]

    def release(self, service: str, id: str) -> Document:
        """Try again what waits in a parked document."""
        row = self._by_name[service]
        document = self._known(row, id)
        again = read_again(row, document, self._clock)
        self._save(service, release(row.of(id), document, again, self._around(row)).document)
        self.settle()
        return self.documents[service, id]

    def _deliver(self, name: str) -> None:
        service, origin = self._by_name[name], self.log[self._read[name]]
        self._read[name] += 1
        if origin.topic != FACTS.name and not any(edge.topic.member(origin.topic) for edge in service.every_edge):
            return
        if self._ended[name].holds(*origin.place):
            return
        if origin.topic == FACTS.name or not self._stops(service, origin):
            self._take(service, origin)

    def _take(self, service: Service, origin: Origin) -> None:
        before = len(self.log)
        try:
            given = read(service, origin, self._clock)
        except Unreadable as problem:
            self._append(*unreadable(service, origin, problem, self._clock, self.now))
        else:
            if given is not None:
                self._hand(service, given)
        said = (Message(record.topic, None, b"", record.headers) for record in self.log[before:])
        self._rows[service.name, origin.topic].note([origin], turned_away(said))

    def _stops(self, service: Service, origin: Origin) -> bool:
        """Whether the record waits, because too many before it were turned away and so would it be."""
        place = service.name, origin.topic
        if place not in self.stopped and not is_too_long(self._rows[place], self.most_in_a_row):
            return False
        given = given_in(service, origin, self._clock)
        known = None if given is None else self._known(service, given.subject)
        if given is None or known is None or not would_be_taken(service, known, given, self._around(service)):
            self.stopped.setdefault(place, []).append(origin)
            return True
        self._read_on(service, origin.topic)
        return False

    def read_on(self, service: str, topic: str) -> None:
        """Somebody tells a service to read on: what waits is decided, and records in a row are counted anew."""
        self._read_on(self._by_name[service], topic)
        self._rows.pop((service, topic), None)
        self.settle()

    def _read_on(self, service: Service, topic: str) -> None:
        for waiting in self.stopped.pop((service.name, topic), ()):
            self._take(service, waiting)

    def _hand(self, service: Service, given: Input[object]) -> None:  # type: ignore[type-var]
        before = self._known(service, given.subject)
        folded = fold(service.of(given.subject), before, [given], self._around(service))
        self._append(*folded.strays)
        if folded.document is not before:
            self._save(service.name, folded.document)

    def _fire(self, service: Service, document: Document) -> Folded:
        if early.wait_until(document) is None:
            return fire(service.of(document.id), document, self.now, self._around(service))
        return give_up(service.of(document.id), document, self.now, self._around(service))

    def _known(self, service: Service, id: str) -> Document:
        """The stored document; a new one gets a free label."""
        document = self.documents.get((service.name, id), Document(id))
        labels = service.of(id).labels
        if labels is None or document.case is not None:
            return document
        free = (label for label in labels(id) if self._labels.get((service.name, label), id) == id)
        return document.but(label=next(free))

    def _save(self, name: str, document: Document) -> None:
        self.documents[name, document.id] = document.but(version=document.version + 1, unsaid=())
        self._append(*(item.message for item in document.unsaid))
        if document.case is not None and document.case.label is not None:
            self._labels[name, document.case.label] = document.id
        due = self._due(name, document)
        if due is not None:
            heapq.heappush(self._heap, (due, name, document.id))

    def _due(self, name: str, document: Document | None) -> datetime | None:
        """The date of a document's timer, or the date at which its early records are given up: no document has both."""
        if document is None:
            return None
        return early.wait_until(document) or next_due(self._by_name[name].of(document.id), document, self.policies)

    def _around(self, service: Service) -> Around:
        return Around(self.policies, self.now, reread=rereader(service, self._clock))

    def _append(self, *messages: Message) -> None:
        timestamp = to_ms(self.now)
        for m in messages:
            offset = self.next_offset(m.topic)
            if (writer := DEAD_LETTERS.member(m.topic)) in self._ended:
                self._ended[writer].note(m.headers)
            self.log.append(Origin(m.topic, 0, offset, timestamp, m.key_bytes, m.value, m.headers))

    def next_offset(self, topic: str) -> int:
        """Take the next offset of a topic."""
        self._offsets[topic] += 1
        return self._offsets[topic] - 1
