"""Records that no service can read, by what is wrong with them: value and headers."""

from __future__ import annotations

import json
from typing import Any

from schemas.edges import Submission
from schemas.envelope import type_of
from schemas.sizes import MAX_VALUE_BYTES

STRUCTURED = (("content-type", b"application/cloudevents+json"),)
DEEP = b"[" * 10_000 + b"]" * 10_000
MEGABYTES = 3 * 1024 * 1024
"""More than a topic takes, but a compressed record may bring it."""

Headers = tuple[tuple[str, Any], ...]


def structured(**attributes: Any) -> bytes:
    return json.dumps({"specversion": "1.0", "data": {"subject": "it leaks"}, **attributes}).encode()


BAD: dict[str, tuple[bytes | None, Headers]] = {
    "no value": (None, ()),
    "empty": (b"", ()),
    "no text": (b"\xff\xfe\x00", ()),
    "no object": (b"[]", ()),
    "another schema": (b'{"colour": "yellow"}', ()),
    "not a number": (b"NaN", ()),
    "nested deeply": (DEEP, ()),
    "nested deeply within": (b'{"subject": ' + DEEP + b"}", ()),
    "half a character": (b'{"subject": "\\ud800"}', ()),
    "a number beyond any": (b"9" * 5_000, ()),
    "too large": (b'{"subject": "' + b"x" * MAX_VALUE_BYTES + b'"}', ()),
    "far too large": (b"x" * MEGABYTES, ()),
    "an unknown type": (b"{}", (("ce_type", b"org.example.other.v1"),)),
    "an unknown version": (b"{}", (("ce_type", type_of(Submission).replace("v1", "v2").encode()),)),
    "a type as long as a book": (b"{}", (("ce_type", b"x" * 300_000),)),
    "a type that is no text": (b"{}", (("ce_type", b"\xff"),)),
    "an id as long as a page": (b'{"subject": "it leaks"}', (("ce_id", b"x" * 1_000),)),
    "a source as long as a book": (b'{"subject": "it leaks"}', (("ce_source", b"x" * 300_000),)),
    "headers beyond measure": (b'{"subject": "it leaks"}', (("x", b"x" * MEGABYTES),)),
    "headers without value": (b"?", (("ce_id", None), ("ce_type", None), ("content-type", None), ("x", None))),
    "headers of a dead letter": (b"?", (("dlq-reason", b"x"), ("dlq-original-offset", b"?"), ("dlq-service", b"\xff"))),
    "a wrapper without content": (b"{}", STRUCTURED),
    "a wrapper that is a list": (b"[1]", STRUCTURED),
    "a wrapper nested deeply": (DEEP, STRUCTURED),
    "a wrapper with half a character as id": (b'{"id": "\\ud800", "data": {"subject": "x"}}', STRUCTURED),
    "a wrapper with half a character as source": (b'{"source": "\\udfff", "data": {"subject": "x"}}', STRUCTURED),
    "a wrapper with half a character as type": (b'{"type": "\\ud800", "data": {"subject": "x"}}', STRUCTURED),
    "a wrapper with a number as id": (structured(id=7), STRUCTURED),
    "a wrapper with an id as long as a page": (structured(id="x" * 1_000), STRUCTURED),
    "a wrapper with a type as long as a book": (structured(type="x" * 200_000), STRUCTURED),
}
