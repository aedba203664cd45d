"""Early records: they wait, in bounded number, for the fact that begins their case; the log alone decides; pure.

Topics have no order between them, so a reply may be read before the fact that begins its case. Whether it knows the
case follows from the append times of both records, never from the order of reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from schemas.refusals import because
from services.shared.machine.documents import Document, Input, Surplus
from services.shared.machine.failures import Refused
from services.shared.machine.letters import Origin
from services.shared.timing.clock import from_ms

WAIT = timedelta(seconds=60)
"""How long after a record its case may begin (both as appended, real time) and still take it. It spans what may keep
the writer of the beginning: a restart, a session that expires, a new leader. Who waits for a refusal waits as long."""
SKEW = timedelta(seconds=5)
"""By how much the clocks of database and brokers may differ before a case could begin within WAIT unseen."""
MOST = 16
"""How many inputs of one unknown subject wait: all are decided in the write that begins the case."""
MOST_BYTES = 512 * 1024
"""How large they may be together."""
ANY = "any"
"""Stands for the digest of an input whose content is not known any more: whatever comes under its id is a repeat."""
UNKNOWN = Refused(because("unknown_subject"))
CROWDED = Refused(because("unknown_subject.crowded", most=MOST))


def waits(document: Document, given: Input[Any]) -> bool:
    """Whether the input concerns a case that nobody can say yet will not begin."""
    return _needs_a_case(given) and document.case is None and document.parked is None and document.damage is None


def refusal(document: Document, given: Input[Any]) -> Refused | None:
    """Why no case takes this input, whenever it is read: its case began too late for it, or too many waited."""
    if not _needs_a_case(given):
        return None
    place, offset = _place(given.origin)
    surplus = document.surplus.get(place)
    if surplus is not None and surplus.first <= offset <= surplus.last:
        return CROWDED
    late = document.begun is not None and document.begun > from_ms(given.origin.timestamp_ms) + WAIT
    return UNKNOWN if late else None


def kept(document: Document, given: Input[Any]) -> Document:
    """The document with this input waiting in it, or counted as one too many: from then on until none waits."""
    origin = given.origin
    if any(origin.is_same_record(waiting) for waiting in document.early):
        return document
    size = sum(_size(waiting) for waiting in (*document.early, origin))
    if not document.surplus and (not document.early or (len(document.early) < MOST and size <= MOST_BYTES)):
        return document.but(early=(*document.early, origin))
    place, offset = _place(origin)
    known = document.surplus.get(place, Surplus(offset, offset, from_ms(origin.timestamp_ms)))
    widened = Surplus(known.first, max(known.last, offset), from_ms(origin.timestamp_ms))
    return document.but(surplus={**document.surplus, place: widened})


def begun(before: Document, case: Any, record: Origin) -> datetime | None:
    """Note the append time of the record that begins the case; a case that has begun keeps its own."""
    is_first = before.case is None and case is not None and before.begun is None
    return from_ms(record.timestamp_ms) if is_first else before.begun


def over(document: Document, read_until: datetime) -> tuple[tuple[Origin, ...], Document]:
    """The inputs that waited in vain once the facts are read up to that append time, and the document without them."""
    if not _still_waits(document):
        return (), document
    late = tuple(origin for origin in document.early if _until(from_ms(origin.timestamp_ms)) <= read_until)
    early = tuple(origin for origin in document.early if origin not in late)
    young = any(_until(each.at) > read_until for each in document.surplus.values())
    surplus: Mapping[str, Surplus] = document.surplus if early or young else {}
    return late, document.but(early=early, surplus=surplus)


def wait_until(document: Document) -> datetime | None:
    """Up to which append time the facts have to be read before anything that waits here is over."""
    if not _still_waits(document):
        return None
    times = [from_ms(origin.timestamp_ms) for origin in document.early]
    times = times or [max(each.at for each in document.surplus.values())]
    return _until(min(times))


def is_empty(document: Document) -> bool:
    """Whether nothing is left to remember: such a document is removed, after a while.

    Which records were turned away is remembered by their dead letters.
    """
    taken = [name for name in document.heard if not is_record(name)]
    holds = (document.marks, taken, document.early, document.surplus, document.contact)
    return document.case is None and document.parked is None and document.damage is None and not any(holds)


def is_record(name: str) -> bool:
    """Whether something heard is a record that was turned away: other names have a slash behind a topic's member."""
    return "/" not in name


def _needs_a_case(given: Input[Any]) -> bool:
    return given.edge is not None and not given.edge.creates


def _still_waits(document: Document) -> bool:
    is_open = document.case is None and document.parked is None and document.damage is None
    return is_open and bool(document.early or document.surplus)


def _until(appended: datetime) -> datetime:
    return appended + WAIT + SKEW


def _place(origin: Origin) -> tuple[str, int]:
    return f"{origin.topic}#{origin.partition}", origin.offset


def _size(origin: Origin) -> int:
    heads = sum(len(name) + len(value or b"") for name, value in origin.headers)
    return len(origin.key or b"") + len(origin.value or b"") + heads
