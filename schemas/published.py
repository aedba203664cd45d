"""The contract as data, for readers that import nothing of ours: facts, fields, targets and topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from pydantic import BaseModel, TypeAdapter

from schemas import topics
from schemas.base import Span, ToAnother
from schemas.edges import Notice, Receipt, Reply, Submission, VisitReport, WorkOrder
from schemas.envelope import type_of
from schemas.facts import PLOT, Fact, Pause, Target, Telling
from schemas.targets import TARGETS, Kind

MESSAGES: tuple[type[BaseModel], ...] = (WorkOrder, Notice, Receipt)
"""What outsiders are told."""

EDGES: Mapping[topics.Topic, type[BaseModel]] = {
    topics.SUBMISSIONS: Submission,
    topics.REPLIES: Reply,
    topics.VISITS: VisitReport,
}
"""What outsiders write, by its topics."""

LONGEST_NAME = 1_000
"""Characters; a string that may be longer is a text, which no reader but a person needs."""

SPAN = TypeAdapter(Span).json_schema()

RECORDS: Mapping[type[BaseModel], str] = {Target: "targets", Pause: "pauses", Telling: "tellings"}
"""Lists of records that have a form of their own."""


def contract() -> dict[str, Any]:
    """All that `schemas/contract.json` holds."""
    return {
        "facts": {fact.__name__: _of_fact(fact) for fact in PLOT},
        "messages": {model.__name__: _of_message(model) for model in MESSAGES},
        "edges": {_key(row): _of_message(model) for row, model in EDGES.items()},
        "records": {form: {"fields": dict(_fields(model))} for model, form in RECORDS.items()},
        "targets": {name: _of_target(kind) for name, kind in TARGETS.items()},
        "topics": {_key(row): row.prefix for row in topics.TOPICS},
    }


def _of_fact(fact: type[Fact]) -> dict[str, Any]:
    family = [base.__name__ for base in fact.__mro__[1:] if issubclass(base, Fact) and base is not Fact]
    to_another: dict[str, Any] = {"to_another": True} if issubclass(fact, ToAnother) else {}
    return {"said_by": fact.said_by, **({"family": family[0]} if family else {}), **to_another, **_of_message(fact)}


def _of_message(model: type[BaseModel]) -> dict[str, Any]:
    return {"type": type_of(model), "fields": dict(_fields(model))}


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = model.model_json_schema(mode="validation")
    required = schema.get("required", ())
    for name, described in schema["properties"].items():
        form = _form(described)
        default = {} if name in required else {"default": described.get("default")}
        yield name, {"form": form, **default}


def _form(described: Mapping[str, Any]) -> str:
    """instant, duration, number, flag, name, text, list or record; or the records that are listed."""
    for choice in described.get("anyOf", ()):
        if choice.get("type") != "null":
            return _form(choice)
    if described.get("type") == "array":
        item = described["items"].get("$ref", "").rpartition("/")[2]
        return next((form for model, form in RECORDS.items() if model.__name__ == item), "list")
    if described.get("type") == "string":
        return _form_of_string(described)
    return {"integer": "number", "boolean": "flag"}.get(described.get("type", ""), "record")


def _form_of_string(described: Mapping[str, Any]) -> str:
    if described.get("format") == "date-time":
        return "instant"
    if described.get("pattern") == SPAN["pattern"]:
        return "duration"
    return "text" if described.get("maxLength", LONGEST_NAME) > LONGEST_NAME and "enum" not in described else "name"


def _of_target(kind: Kind) -> dict[str, Any]:
    return {column.name: _plain(getattr(kind, column.name)) for column in fields(kind)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | frozenset):
        named = [item.__name__ if isinstance(item, type) else item for item in value]
        return sorted(named) if isinstance(value, frozenset) else named
    return value


def _key(row: topics.Topic) -> str:
    return row.name.removeprefix("closedloop.").split(".<")[0]
