"""CloudEvents 1.0 on Kafka: how a message is named, headed and read back (binary mode out; all three ways in)."""

from __future__ import annotations

import codecs
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha1
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from schemas.base import is_visible
from schemas.edges import EDGES
from schemas.facts import PLOT, Fact
from schemas.faults import where_and_what
from schemas.ignored import hinted
from schemas.legible import MAX_ATTRIBUTE, Headers, header, is_wrapped, legible
from schemas.refusals import Explained, Faults, because
from schemas.sizes import MAX_VALUE_BYTES

NAMESPACE = uuid.UUID("5d0d6c3e-7c1b-5a53-9f0e-c105ed100b00")
VERSION = "v1"
MAX_HEADER_BYTES = 16 * 1024
"""How much all headers of a message that is taken at the edge may hold, names included."""
ATTRIBUTES = ("id", "source", "type")
"""The attributes of a CloudEvent that are read."""

M = TypeVar("M", bound=BaseModel)


class Unreadable(Explained, ValueError):
    """Bytes that are not the message their place asks for; the text says why and echoes no content."""

    code = "unreadable"
    """The reason in its dead letter."""


class Unnamed(Unreadable):
    """A message that would begin something and has no id: sent again, it would begin another."""

    code = "id_missing"


@dataclass(frozen=True, slots=True)
class Message:
    """One Kafka record to be sent."""

    topic: str
    key: str | bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    @property
    def key_bytes(self) -> bytes | None:
        """The key as it is sent; a dead letter's is what came, text or not."""
        return self.key.encode() if isinstance(self.key, str) else self.key


@dataclass(frozen=True, slots=True)
class Received(Generic[M]):
    """A message as read: its body and who calls it what."""

    body: M
    source: str
    id: str


@cache
def type_of(model: type[BaseModel]) -> str:
    """`ComplaintReceived` is `closedloop.complaint.received.v1`: reverse-DNS, past tense, major version."""
    return ".".join(["closedloop", *re.findall(r"[A-Z][a-z]+", model.__name__), VERSION]).lower()


@cache
def schema_id(model: type[BaseModel]) -> str:
    """The absolute `$id` of a model's JSON Schema, also the `ce_dataschema` of its messages."""
    return f"urn:closedloop:schema:{type_of(model).removeprefix('closedloop.')}"


FACT_TYPES: Mapping[bytes, type[Fact]] = {type_of(model).encode(): model for model in PLOT}
MESSAGE_TYPES: Mapping[str, type[BaseModel]] = {type_of(model): model for model in (*PLOT, *EDGES)}


@cache
def _fixed_headers(model: type[BaseModel], source: str) -> tuple[tuple[str, bytes], ...]:
    return (
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_type", type_of(model).encode()),
        ("ce_source", source.encode()),
        ("ce_dataschema", schema_id(model).encode()),
    )


def name_based(name: str) -> str:
    """The text of `uuid.uuid5(NAMESPACE, name)` (RFC 9562, 5.5) at a third of its cost: every message has one."""
    h = sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{'89ab'[int(h[16], 16) & 3]}{h[17:20]}-{h[20:32]}"


def event_id(subject: str, service: str, sequence: int) -> str:
    """The same decision always gets the same id: nothing of clock, host, offset or attempt is in it."""
    return name_based(f"{subject}/{service}/{sequence}")


def complaint_id(source: str, source_id: str) -> str:
    """A retry of a submission meets its own complaint, because the id follows from who sent what.

    Over HTTP the source's id is a digest made with the secret of the site, so that nobody else can compute this one.
    """
    return name_based(f"{source}\n{source_id}")


def encode(
    body: BaseModel,
    *,
    topic: str,
    subject: str,
    service: str,
    sequence: int,
    at: datetime,
    cause: str,
    key: str | None = None,
) -> Message:
    """A message in binary mode, keyed by its subject unless it has a key of its own.

    `sequence` counts all that the service says of the subject.
    """
    headers = (
        *_fixed_headers(type(body), f"/closedloop/{service}"),
        ("ce_id", event_id(subject, service, sequence).encode()),
        ("ce_time", at.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()),
        ("ce_subject", subject.encode()),
        ("ce_sequence", str(sequence).encode()),
        ("ce_causationid", cause.encode()),
    )
    return Message(topic, subject if key is None else key, to_json(body, exclude_none=True), headers)


def text_header(headers: Headers, name: str) -> str | None:
    """A header as text; None without it. Raises Unreadable for bytes that are no UTF-8."""
    value = header(headers, name)
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(because("unreadable.header", name=name)) from error


def read_fact(headers: Headers, value: bytes | None) -> tuple[Fact, str, int]:
    """A fact, the service that said it and its sequence there; raises Unreadable."""
    model = FACT_TYPES.get(header(headers, "ce_type") or b"")
    if model is None or value is None:
        raise Unreadable("unknown fact type" if model is None else "a fact without a value")
    sequence = text_header(headers, "ce_sequence") or ""
    if not re.fullmatch("[0-9]{1,18}", sequence):
        raise Unreadable("a fact without ce_sequence")
    return parse(model, value), model.said_by, int(sequence)


def read_edge(model: type[M], headers: Headers, value: bytes | None, origin: str) -> Received[M]:
    """A message from outside: binary, structured or plain JSON; `origin` names one that carries no identity.

    Raises Unreadable for bytes that are no such message, another type or version, or more than may be taken.
    """
    if not value:
        raise Unreadable(because("unreadable.nothing"))
    if len(value) > MAX_VALUE_BYTES:
        raise Unreadable(because("unreadable.value", bytes=len(value), most=MAX_VALUE_BYTES))
    size = sum(len(name) + len(content or b"") for name, content in headers)
    if size > MAX_HEADER_BYTES:
        raise Unreadable(because("unreadable.headers", bytes=size, most=MAX_HEADER_BYTES))
    attributes, value = opened(headers, value)
    for name, text in attributes.items():
        if text is not None and len(text) > MAX_ATTRIBUTE:
            raise Unreadable(because("unreadable.attribute", name=name, characters=len(text), most=MAX_ATTRIBUTE))
    refuse_other_type(model, attributes)
    topic, _, position = origin.partition("#")
    id = attributes.get("id") or ""
    return Received(parse(model, value), attributes.get("source") or topic, id if is_visible(id) else position)


def opened(headers: Headers, value: bytes) -> tuple[Mapping[str, str | None], bytes]:
    """Id, source and type of a message and its content, whichever way it is sent; raises Unreadable."""
    value = in_utf8(value)
    if is_wrapped(headers) or (header(headers, "ce_id") is None and _looks_wrapped(value)):
        return _structured(value)
    return {name: text_header(headers, f"ce_{name}") for name in ATTRIBUTES}, value


def in_utf8(value: bytes) -> bytes:
    """A message without the byte order mark it may begin with; raises Unreadable for any encoding but UTF-8."""
    found = json.detect_encoding(value)
    if not found.startswith("utf-8"):
        raise Unreadable(because("unreadable.encoding", found=found.upper()))
    value = value.removeprefix(codecs.BOM_UTF8)
    try:
        value.decode()
    except UnicodeDecodeError as error:
        where = {"position": error.start, "byte": f"0x{value[error.start]:02x}"}
        raise Unreadable(because("unreadable.body", **where)) from error
    return value


def refuse_other_type(model: type[BaseModel], attributes: Mapping[str, str | None]) -> None:
    """Raises Unreadable if a message names another type than its topic asks for."""
    if attributes.get("type") not in (None, type_of(model)):
        raise Unreadable(because("unreadable.type", type=attributes["type"], wanted=type_of(model)))


def parse(model: type[M], value: bytes) -> M:
    """The model in these bytes; raises Unreadable with every reason, without echoing the content."""
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        faults = hinted(model, value, error.errors(include_input=False, include_url=False))
        raise Unreadable(Faults(faults)) from error
    except RecursionError as error:
        raise Unreadable(because("unreadable.deep")) from error


def reasons(errors: Iterable[Any]) -> list[str]:
    """pydantic's findings as one line each: where and what."""
    return [where_and_what(error, "en") for error in errors]


def _looks_wrapped(value: bytes) -> bool:
    """Whether this is a structured CloudEvent whose record does not say so: no message has a field `specversion`."""
    if b'"specversion"' not in value:
        return False
    event = legible(value)
    return isinstance(event.get("data"), dict) and all(
        _is_text(event.get(name)) for name in ("specversion", *ATTRIBUTES)
    )


def _structured(value: bytes) -> tuple[dict[str, str | None], bytes]:
    try:
        event = json.loads(value)
        data = json.dumps(event["data"]).encode()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(because("unreadable.event")) from error
    attributes = {name: event.get(name) for name in ATTRIBUTES}
    if not all(value is None or _is_text(value) for value in attributes.values()):
        raise Unreadable(because("unreadable.attributes"))
    return attributes, data


def _is_text(value: object) -> bool:
    """Whether this is text that can be written down: JSON may hold halves of characters, UTF-8 may not."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
