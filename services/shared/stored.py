"""How a document stands in its database: what is written of it, and how it is read back."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from schemas.envelope import Headers, Message
from services.shared.letters import Origin
from services.shared.machine import Case, Document, Outgoing, Parked, Timer

Raw = dict[str, Any]


def written(document: Document, timer: Timer | None, sweep_at: datetime) -> Raw:
    """The document as its next version; `sweep_at` is when what it has to say is for anybody to say."""
    raw: Raw = {
        "_id": document.id,
        "version": document.version + 1,
        "sequence": document.sequence,
        "marks": dict(document.marks),
        "heard": list(document.heard.items()),
        "unsaid": [_raw_outgoing(item) for item in document.unsaid],
        "sweep_at": sweep_at,
    }
    optional = {
        "case": document.case and document.case.model_dump(),
        "next_due": timer and timer.due,
        "lane": timer and timer.lane,
        "stage": timer and ("/".join(timer.stage) or None),
        "parked": document.parked and _raw_parked(document.parked),
        "contact": document.contact,
    }
    return raw | {name: value for name, value in optional.items() if value is not None}


def read(raw: Raw, case: type[Case]) -> Document:
    """The document that stands there."""
    return Document(
        id=raw["_id"],
        version=raw["version"],
        sequence=raw["sequence"],
        marks=raw["marks"],
        heard=dict(raw["heard"]),
        case=case.model_validate(raw["case"]) if "case" in raw else None,
        unsaid=tuple(_outgoing(item) for item in raw["unsaid"]),
        parked=_parked(raw["parked"]) if "parked" in raw else None,
        contact=raw.get("contact"),
    )


def _raw_outgoing(item: Outgoing) -> Raw:
    m = item.message
    return {"n": item.sequence, "topic": m.topic, "key": m.key, "value": m.value, "headers": _flat(m.headers)}


def _outgoing(raw: Raw) -> Outgoing:
    return Outgoing(raw["n"], Message(raw["topic"], raw["key"], raw["value"], _headers(raw)))


def _raw_parked(parked: Parked) -> Raw:
    return {"reason": parked.reason, "since": parked.since, "waiting": [_raw_origin(o) for o in parked.waiting]}


def _parked(raw: Raw) -> Parked:
    return Parked(raw["reason"], raw["since"], tuple(_origin(o) for o in raw["waiting"]))


def _raw_origin(origin: Origin) -> Raw:
    return {name: getattr(origin, name) for name in Origin.__slots__} | {"headers": _flat(origin.headers)}


def _origin(raw: Raw) -> Origin:
    return Origin(**{**raw, "headers": _headers(raw)})


def _flat(headers: Headers) -> list[str | bytes]:
    """Names and values in turn: to the database a list of pairs is as many lists more."""
    return list(chain.from_iterable(headers))


def _headers(raw: Raw) -> tuple[tuple[str, bytes], ...]:
    flat = raw["headers"]
    return tuple(zip(flat[::2], flat[1::2], strict=True))
