"""The outcome of a dead letter that was handed back: taken, heard before, refused, or turned away again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from schemas.envelope import Message, text_header
from schemas.topics import COMPLAINTS as FACTS
from services.shared.machine.documents import Document, Input
from services.shared.machine.early import refusal
from services.shared.machine.heard import is_same_content, was_turned_away
from services.shared.machine.letters import UNDECIDED

TRIED = ("unreadable", "id_missing", "conflict", *UNDECIDED)
"""Reasons of letters that are worth another try: by a newer version, or by whoever parked the case."""


def stays_refused(reason: str | None) -> bool:
    """Whether a letter's record has its outcome for good: no rule is asked again, whichever pack holds by now."""
    return reason is not None and reason not in TRIED


def outcome(document: Document, given: Input[Any]) -> dict[str, Any]:
    """Whether the input was taken and why not; `said` has each fact that followed, with its reason if it has one.

    `document` is the one that was saved with the decision.
    """
    if document.parked is not None:
        return _not_taken(f"its case is parked: {document.parked.reason}")
    if any(given.origin.is_same_record(waiting) for waiting in document.early):
        return _not_taken("its case is not known yet: it waits for it")
    if was_turned_away(document, given):
        return STAYS_REFUSED
    if document.case is None or refusal(document, given) is not None:
        return _not_taken("turned away again, for the reason in its dead letter")
    if given.edge is not None and not is_same_content(document.heard.get(given.known_as, ""), given):
        return _not_taken("conflict: the same id was sent before with another content; the first one holds")
    said = [_told(item.message) for item in document.unsaid if _follows(item.message, given)]
    return {"taken": True, "reason": None if said else "heard before: nothing changes", "said": said}


def turned_away_again(letters: Iterable[Message]) -> dict[str, Any]:
    """The outcome of a record that still cannot be read, with the reason that a new letter would give."""
    reasons = (text_header(letter.headers, "dlq-exception-message") for letter in letters)
    return _not_taken(f"turned away again: {next(filter(None, reasons), 'it cannot be read')}")


def _not_taken(reason: str) -> dict[str, Any]:
    return {"taken": False, "reason": reason, "said": []}


def _follows(message: Message, given: Input[Any]) -> bool:
    return message.topic == FACTS.name and text_header(message.headers, "ce_causationid") == given.id


def _told(message: Message) -> dict[str, Any]:
    body = from_json(message.value)
    return {
        "type": text_header(message.headers, "ce_type"),
        "reason": body.get("reason"),
        "detail": body.get("detail"),
    }


STAYS_REFUSED = _not_taken("it was refused and stays so: what is sent again, corrected, is taken")
