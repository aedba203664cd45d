"""Everything that lies on the topics, sorted into what the checks ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from closedloop.verify.evidence.edges import Edge, Letter, edge, letter
from closedloop.verify.evidence.records import Record, Said, said
from closedloop.verify.pack.policy import Pack, pack
from closedloop.verify.tables import contract

Mark = Mapping[tuple[str, int], int]
"""Up to which offset (exclusive) each partition had been written at some moment."""


@dataclass(slots=True)
class Log:
    """The records of all topics; `strays` are those on our own topics that are no message of the contract."""

    facts: list[Said] = field(default_factory=list)
    to_others: list[Said] = field(default_factory=list)
    """What subjects say to each other, on the topic of facts."""
    messages: list[Said] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    strays: list[Record] = field(default_factory=list)
    packs: dict[str, Pack] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    """Topics that have forgotten their beginning, as their retention allows: nothing can be missed there."""

    @classmethod
    def of(cls, records: Iterable[Record], cut: Iterable[str] = ()) -> Log:
        """The log of these records, in any order of topics and partitions."""
        log = cls(cut=frozenset(cut))
        for record in records:
            log.add(record)
        log.facts.sort(key=lambda fact: fact.position)
        log.to_others.sort(key=lambda message: message.position)
        log.messages.sort(key=lambda message: (message.topic, message.position))
        log.edges.sort(key=lambda edge: edge.origin)
        return log

    def add(self, record: Record) -> None:
        """Sort one record in; records of one partition come in its order."""
        if record.topic == contract.FACTS:
            self._add_said(record, self.facts)
        elif record.topic.startswith(contract.MESSAGES):
            self._add_said(record, self.messages)
        elif record.topic.startswith(contract.EDGES):
            self.edges.append(edge(record))
        elif record.topic.startswith(contract.DEAD_LETTERS):
            self.letters.append(letter(record))
        elif record.topic == contract.POLICIES and (found := pack(record.value)) is not None:
            self.packs[record.key or ""] = found

    def _add_said(self, record: Record, where: list[Said]) -> None:
        found = None if record.damaged else said(record)
        if found is None or (found.kind in contract.SAID_BY) != (record.topic == contract.FACTS):
            self.strays.append(record)
        else:
            (self.to_others if found.kind in contract.TO_ANOTHER else where).append(found)

    def written(self) -> Iterator[tuple[str, int, int, str]]:
        """Topic, partition, offset and id of all that the services wrote; what has no id is called by its place."""
        for told in (*self.facts, *self.to_others, *self.messages):
            yield *told.origin, told.id
        for record in (*self.strays, *(found.record for found in self.letters)):
            yield *record.origin, _name(record)


def _name(record: Record) -> str:
    """A letter that is written twice after a crash is the same letter: one service, one origin."""
    heads = record.headers
    origin = [heads.get(f"dlq-original-{part}", "") for part in ("topic", "partition", "offset")]
    return " ".join([record.topic, *origin]) if all(origin) else record.place
