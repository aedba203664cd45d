"""The messages of a document: numbered on one count, and encoded at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas import envelope
from schemas.base import Said
from schemas.envelope import Message
from schemas.refusals import because
from schemas.sizes import MAX_VALUE_BYTES
from schemas.topics import COMPLAINTS as FACTS
from services.shared.machine.documents import Document, Input, Outgoing, Tell
from services.shared.machine.failures import TooLarge
from services.shared.machine.table import Service

MOST_TO_OTHERS = 512 * 1024
"""How many bytes one decision may say where other subjects hear of it: what is more is said in several steps."""


def say(
    service: Service, document: Document, given: Input[Any], told: Iterable[Tell | Said | Message], **changes: Any
) -> Document:
    """The changed document with all of this numbered and encoded: measured now, so that no send fails for its size."""
    unsaid = list(document.unsaid)
    sequence = document.sequence
    for sequence, item in enumerate(told, start=document.sequence + 1):
        ready = item if isinstance(item, Message) else encoded(service, given, sequence, item)
        unsaid.append(Outgoing(sequence, ready))
    return document.but(sequence=sequence, unsaid=tuple(unsaid), **changes)


def encoded(service: Service, given: Input[Any], sequence: int, item: Tell | Said) -> Message:
    """A fact or message as it is sent, under the id that follows from subject, service and number. Raises TooLarge."""
    topic, body, key = (item.topic, item.body, item.key) if isinstance(item, Tell) else (FACTS.name, item, None)
    message = envelope.encode(
        body,
        topic=topic,
        subject=given.subject,
        service=service.name,
        sequence=sequence,
        at=given.at,
        cause=given.id,
        key=key,
    )
    if len(message.value) > MAX_VALUE_BYTES:
        size = {"bytes": len(message.value), "most": MAX_VALUE_BYTES}
        raise TooLarge(because("too_large", what=type(body).__name__, **size))
    return message


def bytes_to_say(document: Document) -> int:
    """How much waits in a document to be said."""
    return sum(len(item.message.value) for item in document.unsaid)


def refuse_too_much(before: Document, decided: Document) -> None:
    """Raises OverflowError where a decision has more to say to others than one write should carry."""
    size = bytes_to_say(decided) - bytes_to_say(before)
    if size > MOST_TO_OTHERS:
        raise OverflowError(f"{size} bytes for others in one decision: say it in steps of {MOST_TO_OTHERS} at most")
