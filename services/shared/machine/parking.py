"""A document that is parked: nothing is decided about it until it is released, and what follows waits in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.shared.machine import letters
from services.shared.machine.documents import Document, Due, Input, Parked, due_input
from services.shared.machine.failures import Damaged
from services.shared.machine.saying import say
from services.shared.machine.table import Service
from services.shared.timing.clock import floor_ms

MAX_WAITING, MAX_BYTES = 1_000, 4 << 20
"""How many inputs may wait in a parked document, and how large they may be together. MongoDB takes 16 MiB: half
is for the letters about them, the rest for the case and `heard`."""
OVERFLOWN = "more came behind it than a document can hold: mend the rule, then rebuild the service from the log"
FROM_OUTSIDE, BYTES_FROM_OUTSIDE = 250, 2 << 20
"""From how many on, or from which size on, no more messages from outside may wait: the rest is for facts."""


def has_room(parked: Parked, given: Input[Any]) -> bool:
    """Whether one more input may wait; none may once something before it could not."""
    most, size = (MAX_WAITING, MAX_BYTES) if given.edge is None else (FROM_OUTSIDE, BYTES_FROM_OUTSIDE)
    waiting = [*parked.waiting, given.origin]
    return not parked.beyond and len(waiting) <= most and sum(map(letters.size_of, waiting)) <= size


def waits_already(parked: Parked, given: Input[Any]) -> bool:
    """Whether this very input waits."""
    return any(given.origin.is_same_record(waiting) for waiting in parked.waiting)


def refuse_damaged(document: Document) -> None:
    """Raises Damaged where a part of the document cannot be read."""
    if document.damage is not None:
        raise Damaged(document.damage.reason)


def park(service: Service, document: Document, given: Input[Any], bug: Exception | str, now: datetime) -> Document:
    """The document parked by this input, with the letter about it."""
    letter = letters.dead_letter(service.name, given.origin, "poison", bug, now)
    waiting = () if isinstance(given.body, Due) else (given.origin,)
    parked = Parked(letters.describe(bug), floor_ms(now), waiting)
    return say(service, document, given, [letter], parked=parked)


def park_all(service: Service, document: Document, inputs: list[Input[Any]], bug: Exception, now: datetime) -> Document:
    """The document as it was, parked with all of these: after them nobody can say when its next timer is due."""
    first, *others = inputs or [due_input(document, now)]
    document = park(service, document, first, bug, now)
    for given in others:
        document = wait_behind(service, document, given, document.parked, now) if document.parked else document
    return document


def wait_behind(service: Service, document: Document, given: Input[Any], parked: Parked, now: datetime) -> Document:
    """The parked document with one more input that waits; one that waits already is left out.

    Where there is no room for it, only its letter holds it, and the log: such a document is not released but rebuilt.
    """
    if waits_already(parked, given):
        return document
    letter = letters.dead_letter(service.name, given.origin, "parked", parked.reason, now)
    if has_room(parked, given):
        parked = replace(parked, waiting=(*parked.waiting, given.origin))
    else:
        parked = replace(parked, beyond=parked.beyond + 1, reason=OVERFLOWN)
    return say(service, document, given, [letter], parked=parked)
