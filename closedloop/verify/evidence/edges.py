"""What comes in from outside, and the letters about what could not be taken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from closedloop.verify.evidence.records import Record
from closedloop.verify.pack.clock import to_ms
from closedloop.verify.tables.contract import EDGES, PUBLISHED, SUBMISSIONS, complaint_id

_ADDRESS = {"id", "complaint_id"}
"""Fields that say which record it is, and of what."""

CONTENT: Mapping[str, Mapping[str, Any]] = {
    family: {name: field.get("default") for name, field in model["fields"].items() if name not in _ADDRESS}
    for family, model in PUBLISHED["edges"].items()
}
"""What two records with one id must agree in, and what each field says when it is left out.

Records with one id and another content are another complaint, reply or report.
"""

_MOMENTS = ("_at", "until")
"""How the names of fields end that hold a moment."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A record of an edge topic: which complaint it speaks of, and the names under which effects may call it cause."""

    record: Record
    complaint: str | None
    source_id: str | None
    names: tuple[str, ...]
    content: str
    until: int | None = None
    """The date that it brings along."""
    cycle: int = 1

    @property
    def origin(self) -> tuple[str, int, int]:
        """The place that a letter about it must name."""
        return self.record.origin


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: what it says of its origin and its reason, and whether it kept what it carries."""

    record: Record
    origin: tuple[str, int, int] | None
    reason: str
    service: str
    complaint: str | None


def edge(record: Record) -> Edge:
    """What an outsider sent; bytes that are no message at all have no complaint."""
    source, id, payload = (None, None, {}) if record.damaged else _opened(record)
    position = f"{record.partition}-{record.offset}"
    own = _text(payload.get("id")) or id or (record.key if record.topic.startswith(SUBMISSIONS) else "") or position
    # An effect calls its cause <source>/<id>; what could not even be read has only its place to be called by.
    names = (f"{source or record.topic}/{own}", f"{record.topic}#{position}")
    until = payload.get("until")
    claimed = _moment(until) if isinstance(until, str) else None
    cycle = payload.get("cycle")
    return Edge(
        record,
        _complaint(record.topic, payload, own),
        own,
        names,
        _content(record.topic, payload),
        claimed if isinstance(claimed, int) else None,
        cycle if isinstance(cycle, int) else 1,
    )


def letter(record: Record) -> Letter:
    """What a dead letter says; an origin that cannot be read is None."""
    heads = record.headers
    try:
        place = int(heads["dlq-original-partition"]), int(heads["dlq-original-offset"])
        origin = (heads["dlq-original-topic"], *place)
    except (KeyError, ValueError):
        origin = None
    return Letter(record, origin, heads.get("dlq-reason", ""), heads.get("dlq-service", ""), _concerned(record, origin))


def _concerned(record: Record, origin: tuple[str, int, int] | None) -> str | None:
    """The complaint a letter is about: its original says it where it came from outside, else the key does."""
    if origin is None or not origin[0].startswith(EDGES):
        return record.key
    topic, partition, offset = origin
    return edge(replace(record, topic=topic, partition=partition, offset=offset)).complaint


def _opened(record: Record) -> tuple[str | None, str | None, Mapping[str, Any]]:
    """Source, id and payload, from a binary, a structured or a plain JSON record."""
    heads, value = record.headers, _parsed(record.value)
    if heads.get("content-type", "").lower().startswith("application/cloudevents") or _is_event(heads, value):
        data = value.get("data")
        return _text(value.get("source")), _text(value.get("id")), data if isinstance(data, dict) else {}
    return heads.get("ce_source"), heads.get("ce_id"), value


def _is_event(heads: Mapping[str, str], value: Mapping[str, Any]) -> bool:
    """Whether it is a structured event whose record does not say so."""
    named = all(_text(value.get(name)) for name in ("specversion", "id", "source", "type"))
    return named and isinstance(value.get("data"), dict) and "ce_id" not in heads


def _parsed(value: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(value or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _complaint(topic: str, payload: Mapping[str, Any], own: str) -> str | None:
    if not topic.startswith(SUBMISSIONS):
        return _text(payload.get("complaint_id"))
    try:
        return complaint_id(topic.removeprefix(SUBMISSIONS), own) if payload else None
    except UnicodeEncodeError:
        return None


def _content(topic: str, payload: Mapping[str, Any]) -> str:
    family = CONTENT[topic.split(".")[1]]
    return json.dumps(dict(_known(payload, family)), sort_keys=True)


def _known(payload: Mapping[str, Any], family: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, default in family.items():
        value = payload.get(name)
        if isinstance(value, dict):
            value = dict(_known(value, dict.fromkeys(value)))
        # A record without any field is said, a customer of whom nothing is known is not.
        if value not in (None, "", _plain(default)):
            yield name, _moment(value) if name.endswith(_MOMENTS) else value


def _plain(default: Any) -> Any:
    return {k: v for k, v in default.items() if v is not None} if isinstance(default, dict) else default


def _moment(value: Any) -> Any:
    """One moment is one content, however it is written."""
    try:
        return to_ms(value)
    except (TypeError, ValueError, AttributeError, OverflowError):
        return value
