"""The inputs that a document has heard: repeats are recognised, and a refused record stays refused."""

from __future__ import annotations

from typing import Any

from services.shared.machine import early, letters
from services.shared.machine.documents import Document, Due, Input
from services.shared.machine.table import Service

MOST_REFUSED = 1_000
"""How many records that were turned away a document remembers; their dead letters tell of all."""
MOST_WRITERS = 10_000
"""From how many others a document hears: of each it keeps the count. Who may hear from more is shared out by key."""

MOST_HEARD = 5_000
"""How many inputs from outside a document takes; each leaves its id here, and something in the case."""


def is_full(document: Document) -> bool:
    """Whether the document has taken as many inputs from outside as it may, and takes no more."""
    if len(document.heard) < MOST_HEARD:
        return False
    return sum(not early.is_record(name) for name in document.heard) >= MOST_HEARD


def is_repeat(service: Service, document: Document, given: Input[Any]) -> bool:
    """Whether the document has heard this input: a fact by its count, the rest by id and content."""
    if given.sequence is not None:
        return given.sequence <= document.marks.get(given.writer, 0)
    known = document.heard.get(given.known_as)
    return known is not None and (is_same_content(known, given) or again(given) in document.heard)


def is_same_content(known: str, given: Input[Any]) -> bool:
    """Whether what a document remembers of an input's id is this input's content, whichever version wrote it."""
    return known in (given.digest, early.ANY) or known == given.former_digest


def was_turned_away(document: Document, given: Input[Any]) -> bool:
    """Whether this very record was turned away by no case: it stays so, whatever the rules are now."""
    is_record = given.edge is not None and given.origin.offset != letters.NOWHERE
    return is_record and given.origin.position in document.heard


def turned_away_once(document: Document, given: Input[Any]) -> dict[str, str]:
    """The memory of the document with this record among the refused ones, of which the newest are kept."""
    records = [name for name in document.heard if early.is_record(name)]
    forgotten = {*records[: len(records) + 1 - MOST_REFUSED]}
    kept = {name: digest for name, digest in document.heard.items() if name not in forgotten}
    return {**kept, given.origin.position: given.digest}


def remembered(document: Document, given: Input[Any]) -> dict[str, Any]:
    """The input marked as taken: a fact by its writer's count, the rest by its id (a timer moves on by itself).

    Raises OverflowError where too many others have something to say to one subject.
    """
    if given.sequence is not None:
        marks = {**document.marks, given.writer: given.sequence}
        if len(marks) > MOST_WRITERS:
            raise OverflowError(f"more than {MOST_WRITERS} subjects have something to say to this one")
        return {"marks": marks}
    if isinstance(given.body, Due):
        return {}
    name = again(given) if given.known_as in document.heard else given.known_as
    return {"heard": {**document.heard, name: given.digest}}


def again(given: Input[Any]) -> str:
    """The idempotency key of a second input with a known id and another content."""
    return f"{given.known_as}#{given.digest}"
