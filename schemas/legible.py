"""Headers, ids and language of a message, read even if the message cannot be taken."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from pydantic_core import from_json

from schemas import references
from schemas.languages import Language, accepted, is_chinese, known

MAX_ATTRIBUTE = 200
"""How many characters a message's id, source and type may have."""
WORDS = ("subject", "text", "note")
"""The fields in which people write in their own words."""
LEGIBLE_BYTES = 2 * 1024 * 1024
"""How much of a message that is not taken is searched for its ids."""
_COMPLAINT = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

Headers = Sequence[tuple[str, bytes]]


def header(headers: Headers, name: str) -> bytes | None:
    """The first header of that name, in any case of letters."""
    for key, value in headers:
        if key == name or key.lower() == name:
            return value
    return None


def ids_in(headers: Headers, value: bytes | None, key: bytes | None = None) -> dict[str, str]:
    """Every id that can be read of a message, whatever else is wrong with it: `id`, `complaint_id`, `reference`.

    They are looked for in the body, then in the headers, then in the key. A body that is cut off, too long or not UTF-8
    is read as far as possible.
    """
    event = legible(value)
    body = _content(headers, event)
    heads = {name: _decoded(header(headers, f"ce_{name}")) for name in ("id", "subject")}
    own = (_legible_id(said) for said in (body.get("id"), event.get("id"), heads["id"]))
    about = (
        body.get("complaint_id"),
        event.get("subject") if body is not event else None,
        heads["subject"],
        _decoded(key),
    )
    complaint = (said.lower() for said in about if isinstance(said, str) and re.fullmatch(_COMPLAINT, said.lower()))
    found = {
        "id": next((id for id in own if id), None),
        "complaint_id": next(complaint, None),
        "reference": _reference_in(body),
    }
    return {name: id for name, id in found.items() if id is not None}


def language_in(headers: Headers, value: bytes | None) -> Language | None:
    """The language that a message says it is in, whatever else is wrong with it."""
    return known(_content(headers, legible(value)).get("language"))


def language_written(headers: Headers, value: bytes | None) -> Language | None:
    """Chinese if a message's own words hold Chinese characters; else None, for the language is not known."""
    body = _content(headers, legible(value, "trailing-strings"))
    return "zh" if any(isinstance(body.get(name), str) and is_chinese(body[name]) for name in WORDS) else None


def language_asked(headers: Headers) -> Language | None:
    """The language that the sender of a message asks for in a header `accept-language`, as over HTTP."""
    return accepted(_decoded(header(headers, "accept-language")))


def _content(headers: Headers, event: dict[str, Any]) -> dict[str, Any]:
    wrapped = event.get("data") if "specversion" in event or is_wrapped(headers) else None
    return wrapped if isinstance(wrapped, dict) else event


def legible(value: bytes | None, cut_off: Literal[True, "trailing-strings"] = True) -> dict[str, Any]:
    """The object in these bytes, as far as there is one: without the text in whose midst it is cut off, or with it."""
    raw = (value or b"")[:LEGIBLE_BYTES]
    text = raw.decode(json.detect_encoding(raw), "replace")
    for read in (json.loads, partial(from_json, allow_partial=cut_off)):
        try:
            found = read(text)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _reference_in(body: dict[str, Any]) -> str | None:
    """The reference that a message names, by its name or in the place of the id; a mistyped one as it stands."""
    for said in (body.get("reference"), body.get("complaint_id")):
        if isinstance(said, str):
            try:
                return references.read(said)
            except references.Mistyped:
                continue
    return _legible_id(body.get("reference"))


def _legible_id(said: object) -> str | None:
    """A value that was meant as an id, as encodable text; a number may have been meant."""
    text = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
    return text.encode(errors="replace").decode()[:MAX_ATTRIBUTE] or None


def _decoded(header: bytes | None) -> str | None:
    return None if header is None else header.decode(errors="replace")


def is_wrapped(headers: Headers) -> bool:
    """Whether the headers say that the value is a structured CloudEvent."""
    return (_decoded(header(headers, "content-type")) or "").lower().startswith("application/cloudevents")
