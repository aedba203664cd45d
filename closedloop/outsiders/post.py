"""One record for an edge topic and its time of sending, as a CloudEvent in binary mode or as plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from schemas.edges import Reply, VisitReport
from schemas.envelope import type_of
from schemas.topics import REPLIES, VISITS


@dataclass(frozen=True, slots=True)
class Post:
    """One record to be sent, not before `at` (virtual)."""

    at: datetime
    topic: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def plain(at: datetime, topic: str, body: BaseModel) -> Post:
    """Just the JSON: the sender's own id stands in the body."""
    return Post(at, topic, body.model_dump_json(exclude_none=True).encode())


def binary(at: datetime, topic: str, body: BaseModel, source: str, id: str) -> Post:
    """A CloudEvent whose identity stands in its headers."""
    headers = (
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_type", type_of(type(body)).encode()),
        ("ce_source", source.encode()),
        ("ce_id", id.encode()),
    )
    return Post(at, topic, body.model_dump_json(exclude_none=True).encode(), headers)


def reply(at: datetime, department: str, body: Reply | VisitReport) -> Post:
    """A department's or desk's word, on its own topic, under its own id."""
    row = VISITS if isinstance(body, VisitReport) else REPLIES
    return binary(at, row.of(department), body, f"/departments/{department}", body.id or "")
