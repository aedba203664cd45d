"""The messages about an input that is not taken: a dead letter for operators, an answer for its sender."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from schemas import legible
from schemas.envelope import Message
from schemas.languages import OTHERWISE, Language, known
from schemas.refusals import coded
from services.shared.machine import letters
from services.shared.machine.documents import Document, Input, Tell
from services.shared.machine.failures import Refused
from services.shared.machine.heard import remembered, turned_away_once
from services.shared.machine.saying import encoded, say
from services.shared.machine.table import Service

MOST_SAID = 2_000
"""How many characters a sender is told about why a message was turned away."""


def refuse(
    service: Service, document: Document, given: Input[Any], refusal: Refused, now: datetime
) -> tuple[Document, list[Message]]:
    """The document with the refusal said; or the letters, where no document can say them."""
    if document.case is None:
        said = turn_away(service, given, refusal, now)
        if given.edge is None or given.origin.offset == letters.NOWHERE:
            return document, said
        # The record, not its sender's id: what is sent again under that id, corrected, is another record.
        return say(service, document, given, said, heard=turned_away_once(document, given)), []
    letter = letters.dead_letter(service.name, given.origin, refusal.why.code, refusal, now)
    told = _apology(given, refusal, service.language(document.case))
    return say(service, document, given, [letter, *told], **remembered(document, given)), []


def turn_away_for_good(
    service: Service, document: Document, given: Input[Any], refusal: Refused, now: datetime
) -> Document:
    """Said by the document although no case takes it: what waited is read no more, so only a document can still say."""
    said = turn_away(service, given, refusal, now)
    return say(service, document, given, said, heard=turned_away_once(document, given))


def turn_away(service: Service, given: Input[Any], refusal: Refused, now: datetime) -> list[Message]:
    """The letters about an input that no document takes: one for the operators, the others for its sender."""
    letter = letters.dead_letter(service.name, given.origin, refusal.why.code, refusal, now)
    # Named for the record, not for a case: there is none whose count would tell two refusals apart.
    named = replace(given, subject=given.origin.position)
    return [letter, *(encoded(service, named, 1 + n, tell) for n, tell in enumerate(_apology(given, refusal)))]


def _apology(given: Input[Any], refusal: Refused, spoken: str | None = None) -> Iterable[Tell]:
    if given.edge is None:
        return ()
    reasons = tuple(reason[:MOST_SAID] for reason in coded([refusal.why], _language(given, spoken)))
    return given.edge.turned_away(given.member, given.id, given.body, reasons, given.at)


def _language(given: Input[Any], spoken: str | None) -> Language:
    """The language of the message, else that of its case, the one its sender asks for, or the one it is written in."""
    own = getattr(given.body, "language", None) if "language" in given.body.model_fields_set else None
    headers, value = given.origin.headers, given.origin.value
    said = known(own) or known(spoken) or legible.language_asked(headers)
    return said or legible.language_written(headers, value) or OTHERWISE
