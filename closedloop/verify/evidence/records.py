"""Records as they lie on the topics, read once into what the checks look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from closedloop.verify.pack.clock import to_ms
from closedloop.verify.pack.lengths import Pause, Target, span_ms
from closedloop.verify.tables.contract import FIELDS, KIND_OF
from closedloop.verify.tables.facts import Row, row_of


@dataclass(frozen=True, slots=True)
class Lying:
    """Where something lies on the topics."""

    topic: str
    partition: int
    offset: int

    @property
    def place(self) -> str:
        """Where it lies, for people."""
        return f"{self.topic} {self.partition}-{self.offset}"

    @property
    def position(self) -> tuple[int, int]:
        """Where it stands among all that lies on its topic."""
        return self.partition, self.offset

    @property
    def origin(self) -> tuple[str, int, int]:
        """The place that a letter about it must name."""
        return self.topic, self.partition, self.offset


@dataclass(frozen=True, slots=True)
class Record(Lying):
    """One record of a topic.

    `headers` hold the first value of each name, in lower case; of those that tell a letter's story the last.
    """

    timestamp_ms: int
    key: str | None
    headers: Mapping[str, str]
    value: bytes | None
    damaged: bool = False
    """Whether the wire's own format does not let anybody read it; `value` is what stands there."""


class Telling(NamedTuple):
    """Rungs that were told on one queue to the same people."""

    queue: str
    rungs: tuple[int, ...]
    action: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said(Lying):
    """A fact, work order or receipt: which service said it of what, and what it was caused by."""

    id: str
    kind: str
    service: str
    subject: str
    sequence: int
    cause: str
    cycle: int
    body: Mapping[str, Any]
    appended: int
    key: str | None
    digest: int

    @property
    def row(self) -> Row:
        """What the checks know of its kind."""
        return row_of(self.kind)


def said(record: Record) -> Said | None:
    """The message in a record; None where it is none that the contract knows."""
    heads = record.headers
    kind = KIND_OF.get(heads.get("ce_type", ""), "")
    try:
        body = _body(kind, json.loads(record.value or b""))
        return Said(
            id=heads["ce_id"],
            kind=kind,
            service=heads["ce_source"].removeprefix("/closedloop/"),
            subject=heads["ce_subject"],
            sequence=int(heads["ce_sequence"]),
            cause=heads["ce_causationid"],
            cycle=body.get("cycle", 1),
            body=body,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            appended=record.timestamp_ms,
            key=record.key,
            digest=hash((kind, record.value)),
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _body(kind: str, value: Any) -> dict[str, Any]:
    """The fields that matter, instants as milliseconds; texts and records of people's words are forgotten."""
    read = {}
    for name, form, may_be_absent, default in FIELDS[kind]:
        given = value.get(name) if may_be_absent else value[name]
        given = default if given is None and form == "number" else given
        if form in _READ and not (may_be_absent and given is None):
            read[name] = _READ[form](given)
    return read


def _as(kind: type, read: Callable[[Any], Any], value: Any) -> Any:
    """A JSON value of this kind, and of no other."""
    if not isinstance(value, kind):
        raise TypeError(f"no {kind.__name__}")
    return read(value)


def _each(form: str, record: Callable[..., Any], value: list[Any]) -> tuple[Any, ...]:
    """Records in a list; `starts_at` is `starts`."""
    return tuple(record(**{n.removesuffix("_at"): v for n, v in _body(form, item).items()}) for item in value)


_READ: Mapping[str, Any] = {
    "name": partial(_as, str, str),
    "number": partial(_as, int, int),
    "instant": partial(_as, str, to_ms),
    "flag": partial(_as, bool, bool),
    "duration": partial(_as, str, span_ms),
    "list": partial(_as, list, tuple),
    "targets": partial(_as, list, partial(_each, "targets", Target)),
    "pauses": partial(_as, list, partial(_each, "pauses", Pause)),
    "tellings": partial(_as, list, partial(_each, "tellings", Telling)),
}
