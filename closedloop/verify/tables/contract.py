"""The contract as an outsider reads it: topics, the facts and who says them, and what each of them must carry."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

NAMESPACE = uuid.UUID("5d0d6c3e-7c1b-5a53-9f0e-c105ed100b00")

PUBLISHED: Mapping[str, Any] = json.loads((Path(__file__).parents[3] / "schemas/contract.json").read_text("utf-8"))
"""The contract as data: facts, messages, targets and topics."""

_TOPICS: Mapping[str, str] = PUBLISHED["topics"]
FACTS, POLICIES = _TOPICS["complaints"], _TOPICS["policies"]
SUBMISSIONS, REPLIES, VISITS = _TOPICS["submissions"], _TOPICS["replies"], _TOPICS["visits"]
QUEUES, RECEIPTS, DEAD_LETTERS = _TOPICS["queue"], _TOPICS["receipts"], _TOPICS["dead-letters"]
HTTP_SUBMISSIONS = f"{SUBMISSIONS}http"
"""What the causes of complaints over HTTP are named after; no record on this topic becomes a complaint."""
STORY = "dlq-"
"""How the headers begin in which a dead letter tells its own story."""

EDGES = (SUBMISSIONS, REPLIES, VISITS)
"""What outsiders write."""

MESSAGES = (QUEUES, RECEIPTS)
"""What outsiders are told."""

READ_IN_ORDER = (EDGES, (*MESSAGES, DEAD_LETTERS), (FACTS, POLICIES))
"""The end of each topic is taken in this order, so that what follows from a record lies inside the same picture."""

PARKS = ("poison", "parked")
"""The reasons of letters that ask for a repair: a rule stumbled, and the complaint waits for it to be mended."""

_FACTS: Mapping[str, Mapping[str, Any]] = PUBLISHED["facts"]
_MODELS: Mapping[str, Mapping[str, Any]] = {**_FACTS, **PUBLISHED["messages"]}
_RECORDS: Mapping[str, Mapping[str, Any]] = PUBLISHED["records"]

SAID_BY: Mapping[str, str] = {kind: fact["said_by"] for kind, fact in _FACTS.items()}
"""Every fact, in the order of a complaint's life, and the one service that says it."""

TO_ANOTHER = frozenset(kind for kind, fact in _FACTS.items() if fact.get("to_another"))
"""What one subject says to another: keyed by its receiver, and numbered by its sender."""

KIND_OF: Mapping[str, str] = {model["type"]: kind for kind, model in _MODELS.items()}
"""`closedloop.complaint.received.v1` is `ComplaintReceived`."""


class Field(NamedTuple):
    """A field of a message: its name and form, and what stands for it where it is absent, if it may be."""

    name: str
    form: str
    may_be_absent: bool
    default: Any


FIELDS: Mapping[str, tuple[Field, ...]] = {
    kind: tuple(
        Field(name, field["form"], "default" in field, field.get("default")) for name, field in model["fields"].items()
    )
    for kind, model in {**_MODELS, **_RECORDS}.items()
}
"""Of facts and messages by their kind, of records in lists by the form of these lists."""

_TARGETS: Mapping[str, Mapping[str, Any]] = PUBLISHED["targets"]

MET_BY: dict[str, tuple[str, ...]] = {name: tuple(target["met_by"]) for name, target in _TARGETS.items()}
"""Which facts do what a target asks for; a holding reply also does what it says itself that it meets."""


@cache
def targets(column: str, value: Any) -> frozenset[str]:
    """The targets with this value in a column, or with it among the column's values."""
    return frozenset(
        name
        for name, target in _TARGETS.items()
        if (value in target[column] if isinstance(target[column], list) else value == target[column])
    )


ACROSS_CYCLES = targets("outlives", "cycle")
"""Targets of the first cycle that outlive it."""
OF_OTHERS = frozenset(name for name, target in _TARGETS.items() if target["whose"] != ["owner"])
"""Targets that others than the owner may meet."""


def complaint_id(source: str, source_id: str) -> str:
    """Which complaint an upstream system speaks of."""
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{source_id}"))
