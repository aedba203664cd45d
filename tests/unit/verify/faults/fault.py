"""A fault spoils one thing in the history of a healthy system, and that breaks one invariant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from closedloop.verify.evidence.records import Record
from closedloop.verify.tables.contract import complaint_id
from tests.unit.verify.topics import BEGIN, HOUR, SOURCE, Topics, body_of


@dataclass(frozen=True)
class Fault:
    """What happened, which invariant that breaks, and how the checker calls it."""

    tells: str
    breaks: str
    code: str
    spoil: Callable[[Topics], object]
    accepted: frozenset[str] = frozenset()
    """What senders hold a 2xx for."""
    also: frozenset[str] = frozenset()
    """Which other invariants it breaks of necessity."""


def id_of(number: str) -> str:
    return complaint_id(SOURCE, number)


def one(topics: Topics, kind: str, number: str, **fields: object) -> Record:
    return topics.of(kind, complaint_id=id_of(number), **fields)[0]


def decided_again(topics: Topics, record: Record, sequence: int, **fields: object) -> Record:
    """The same effect once more, as a decision of its own: another id, another number."""
    headers = {**record.headers, "ce_id": f"{record.headers['ce_id'][:-4]}ffff", "ce_sequence": str(sequence)}
    hours = (record.timestamp_ms - BEGIN) / HOUR
    value = {**body_of(record), **fields}
    return topics.put(record.topic, value, hours=hours, key=record.key, headers=headers)


def head(topics: Topics, record: Record, **headers: str) -> None:
    topics.put_instead(record, replace(record, headers={**record.headers, **headers}))


def changed(
    kind: str, number: str, where: dict[str, object] | None = None, **fields: object
) -> Callable[[Topics], None]:
    return lambda topics: topics.change(one(topics, kind, number, **(where or {})), **fields)


def swap(topics: Topics, one: Record, other: Record) -> None:
    topics.put_instead(one, replace(one, offset=other.offset))
    topics.put_instead(other, replace(other, offset=one.offset))


def append_at(topics: Topics, record: Record, hours: float) -> None:
    topics.put_instead(record, replace(record, timestamp_ms=round(BEGIN + hours * HOUR)))
