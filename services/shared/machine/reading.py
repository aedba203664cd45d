"""From a record to an input: who hears it, whose document it concerns, when it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import BaseModel

from schemas import envelope, legible
from schemas.base import ToAnother, is_visible
from schemas.envelope import FACT_TYPES, Message, Unnamed, Unreadable
from schemas.legible import Headers
from schemas.refusals import because
from schemas.topics import COMPLAINTS as FACTS
from services.shared.machine.documents import Document, Edge, Garbled, Input
from services.shared.machine.failures import Refused
from services.shared.machine.letters import NOWHERE, Broken, Origin, dead_letter
from services.shared.machine.refusing import turn_away
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock, from_ms, to_ms

OURS = b"closedloop."
"""How the types of facts begin: one of a newer version is passed over, a stranger's is not."""


def read(service: Service, origin: Origin, clock: Clock) -> Input[Any] | None:
    """The input in a record; None for one that this service does not hear.

    An unreadable fact becomes `Garbled`, so that its case is parked in order. At an edge, Unreadable is raised.
    """
    if origin.topic == FACTS.name:
        return _fact(service, origin, clock)
    edge, member = edge_of(service, origin.topic)
    return _of_edge(edge, member, origin, clock)


def command(
    service: Service,
    topic: str,
    sent: bytes,
    headers: Headers,
    real_now: datetime,
    clock: Clock,
    body: BaseModel | None = None,
) -> Input[Any]:
    """The input in what somebody says over HTTP, as if it had come on this topic; but no record of it stands anywhere.

    `body` is what was sent, with its id, where the caller has read it already. Raises Unreadable.
    """
    origin = Origin(topic, NOWHERE, NOWHERE, to_ms(real_now), None, sent, tuple(headers))
    edge, member = edge_of(service, topic)
    if body is None:
        return _of_edge(edge, member, origin, clock)
    return _from_outside(edge, member, body, topic, origin, clock)


def _of_edge(edge: Edge, member: str, origin: Origin, clock: Clock) -> Input[Any]:
    if isinstance(origin, Broken):
        raise Unreadable(because("unreadable.record", what=origin.why))
    named = f"{origin.topic}#{_key_as_id(origin.key)}" if edge.creates else origin.position
    got = envelope.read_edge(edge.model, origin.headers, origin.value, named)
    return _from_outside(edge, member, _identified(got.body, got.id), got.source, origin, clock)


def _from_outside(edge: Edge, member: str, body: BaseModel, source: str, origin: Origin, clock: Clock) -> Input[Any]:
    id: str = body.id  # type: ignore[attr-defined]
    at = clock.virtual(from_ms(origin.timestamp_ms))
    return Input(body, edge.subject(body, member, id), at, f"{source}/{id}", origin, member, edge=edge)


def read_again(service: Service, document: Document, clock: Clock) -> list[Input[Any]]:
    """The inputs that wait in a parked document, in order; one that cannot be read any more parks it again."""
    return read_kept(service, clock, document.id, document.parked.waiting if document.parked else ())


def rereader(service: Service, clock: Clock) -> Callable[[str, Iterable[Origin]], list[Input[Any]]]:
    """How a fold reads records that a document has kept."""
    return partial(read_kept, service, clock)


def read_kept(service: Service, clock: Clock, subject: str, kept: Iterable[Origin]) -> list[Input[Any]]:
    """The inputs in records that a document has kept, in order."""
    inputs = (_read_waiting(service, subject, origin, clock) for origin in kept)
    return [given for given in inputs if given is not None]


def _read_waiting(service: Service, subject: str, origin: Origin, clock: Clock) -> Input[Any] | None:
    try:
        return read(service, origin, clock)
    except Unreadable as problem:
        return _garbled(subject, origin, problem, clock)


def _garbled(subject: str, origin: Origin, problem: Unreadable, clock: Clock) -> Input[Garbled]:
    arrived = clock.virtual(from_ms(origin.timestamp_ms))
    return Input(Garbled(reason=str(problem)), subject, arrived, origin.position, origin)


def edge_of(service: Service, topic: str) -> tuple[Edge, str]:
    """The table's row for a topic, and the topic's member of its family. Raises Unreadable for any other topic."""
    for edge in service.every_edge:
        member = edge.topic.member(topic)
        if member is not None:
            return edge, member
    raise Unreadable(f"{service.name} does not read {topic}")


def unreadable(service: Service, origin: Origin, problem: Unreadable, clock: Clock, now: datetime) -> list[Message]:
    """The letters about a record that could not be read; at an edge its sender's has every id that could."""
    if origin.topic == FACTS.name:
        return [dead_letter(service.name, origin, "unreadable", problem, now)]
    edge, member = edge_of(service, origin.topic)
    at = clock.virtual(from_ms(origin.timestamp_ms))
    ids = legible.ids_in(origin.headers, origin.value, origin.key)
    if edge.creates and (named := _key_as_id(origin.key)):
        ids = {"id": named} | ids
    garbled = Garbled(reason=str(problem), language=legible.language_in(origin.headers, origin.value), **ids)
    given = Input(garbled, origin.position, at, origin.position, origin, member, edge=edge)
    return turn_away(service, given, Refused(problem.why), now)


def is_strange(origin: Origin) -> bool:
    """Whether a record of the fact topic does not say that it is a fact, of whatever version."""
    return not (legible.header(origin.headers, "ce_type") or b"").startswith(OURS)


def _key_as_id(key: bytes | None) -> str:
    """The key as the id of a record without one; its offset would be another one after a retry."""
    try:
        named = (key or b"").decode()
    except UnicodeDecodeError:
        return ""
    return named if len(named) <= legible.MAX_ATTRIBUTE and is_visible(named) else ""


def _identified(body: BaseModel, fallback: str) -> BaseModel:
    own = getattr(body, "id", None)
    if not own and not fallback:
        raise Unnamed(because("id_missing"))
    return body if own else body.model_copy(update={"id": fallback})


def _fact(service: Service, origin: Origin, clock: Clock) -> Input[Any] | None:
    kind = legible.header(origin.headers, "ce_type") or b""
    if is_strange(origin):
        raise Unreadable(origin.why if isinstance(origin, Broken) else "nothing of its headers says what it is")
    model = FACT_TYPES.get(kind)
    subject = (origin.key or b"").decode(errors="replace")
    if model is None or not service.of(subject).listens_to(model):
        return None
    try:
        if isinstance(origin, Broken):
            raise Unreadable(origin.why)
        fact, _, sequence = envelope.read_fact(origin.headers, origin.value)
        cause = envelope.text_header(origin.headers, "ce_id") or origin.position
        if fact.about != subject:
            raise Unreadable("the record's key is not the fact's subject")
        sender = envelope.text_header(origin.headers, "ce_subject") if isinstance(fact, ToAnother) else ""
        if sender is None:
            raise Unreadable("nobody says this to another")
    except Unreadable as problem:
        return _garbled(subject, origin, problem, clock)
    number = fact.number if isinstance(fact, ToAnother) else sequence
    return Input(fact, subject, fact.at, cause, origin, sequence=number, sender=sender)
