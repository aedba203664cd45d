"""Takes the JSON of a complaint out of an HTTP request, by media type and encoding; pure."""

from __future__ import annotations

import hmac
from email.message import Message

from schemas import envelope
from schemas.edges import Submission
from schemas.refusals import Explained, because

JSON, EVENT = "application/json", "application/cloudevents+json"
TAKEN = f"{JSON} or {EVENT}"


class NotTaken(Explained, ValueError):
    """The body is of a kind that this door does not take; the text says which it takes."""


def body_of(content_type: str | None, content_encoding: str | None, body: bytes) -> bytes:
    """The submission's JSON in a request, UTF-8 without a byte order mark; a request that names no type means JSON.

    Raises NotTaken for another media type or encoding, Unreadable for what is not what it is called.
    """
    if content_encoding not in (None, "", "identity"):
        raise NotTaken(because("not_taken.encoding", given=content_encoding[:50], taken=TAKEN))
    _refuse_others(content_type or JSON)
    attributes, data = envelope.opened((("content-type", (content_type or JSON).encode()),), body)
    envelope.refuse_other_type(Submission, attributes)
    return data


def source_id(idempotency_key: str, secret: str) -> str:
    """The source id of a complaint over HTTP: the same for the same key, and nobody else can compute it.

    A complaint's id follows from this name, and whoever has the id may read the answer.
    """
    return hmac.digest(secret.encode(), f"Idempotency-Key\n{idempotency_key}".encode(), "sha256")[:16].hex()


def _refuse_others(content_type: str) -> None:
    head = Message()
    head["content-type"] = content_type
    # What names no type at all, such as `json`, reads as text/plain.
    kind, charset = head.get_content_type(), head.get_content_charset("utf-8")
    if kind not in (JSON, EVENT):
        raise NotTaken(because("not_taken.type", given=content_type[:100], taken=TAKEN))
    if charset not in ("utf-8", "utf8"):
        raise NotTaken(because("not_taken.charset", given=str(charset)[:50], taken=TAKEN))
