"""JSON of another kind than a field's is no value of it: refused by name in both languages, but for what is listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from schemas.edges import Reply, Submission, VisitReport
from schemas.envelope import Unreadable, parse
from schemas.refusals import coded

COMPLAINT = "757179e2-8eae-5504-ab09-64ab22150213"
REPORT = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "x")
WHOLE: dict[type[BaseModel], dict[str, Any]] = {
    Submission: {"id": "7", "subject": "x", "customer": {}},
    Reply: {"id": "7", "complaint_id": COMPLAINT, "reply": "report", "incident": {}, "report": REPORT},
    VisitReport: {"id": "7", "complaint_id": COMPLAINT, "attempt": 1, "visitor": "wang", "outcome": "solved"},
}
LIST, OBJECT = [1], {"x": 1}
WRONG: dict[str, tuple[Any, ...]] = {
    "text": (0, 1, 20260001, 1.5, True, False, LIST, OBJECT),
    "word": (0, 1, True, False, LIST, OBJECT),
    "number": (True, False, 1.5, "", " 1", "1.0", "1e0", "+1", "1_0", "一", "１", "0x1", "many", LIST, OBJECT),
    "flag": (0, 1, 1.0, "", "true", "false", "True", "yes", "no", "on", "off", "1", "0", "t", "是", LIST, OBJECT),
    "moment": (0, 1, 1772409300, 1772409300000, 1.5, "1772409300", "1.5", "-1", True, LIST, OBJECT),
    "object": (0, 1, True, "", "{}", LIST),
}
"""By the kind of a field: what is no value of it."""
TAKEN: dict[str, tuple[tuple[Any, Any], ...]] = {
    "number": ((3, 3), (3.0, 3), ("3", 3), ("0003", 3)),
    "flag": ((True, True), (False, False)),
    "moment": (("2026-03-02T08:15:00+08:00", "2026-03-02T00:15:00Z"), ("2026-03-02 00:15:00Z", "2026-03-02T00:15:00Z")),
}
"""What is taken, and as what."""


@dataclass(frozen=True)
class Place:
    """One field of a message, maybe within another; `kind` is that of its JSON."""

    model: type[BaseModel]
    path: tuple[str, ...]
    kind: str

    def __str__(self) -> str:
        return f"{self.model.__name__}.{'.'.join(self.path)}"

    def holding(self, value: Any) -> bytes:
        """The message with this value in this field."""
        body = json.loads(json.dumps(WHOLE[self.model]))
        inner = body
        for name in self.path[:-1]:
            inner = inner[name]
        inner[self.path[-1]] = value
        return json.dumps(body).encode()


def places() -> Iterator[Place]:
    for model in WHOLE:
        schema = model.model_json_schema()
        yield from fields(model, schema, schema.get("$defs", {}), ())


def fields(
    model: type[BaseModel], schema: dict[str, Any], defs: dict[str, Any], path: tuple[str, ...]
) -> Iterator[Place]:
    for name, described in schema["properties"].items():
        choices = [choice for choice in described.get("anyOf", [described]) if choice.get("type") != "null"]
        (choice,) = choices
        if "$ref" in choice or "allOf" in choice:
            yield Place(model, (*path, name), "object")
            yield from fields(model, defs[choice["$ref"].split("/")[-1]], defs, (*path, name))
        else:
            yield Place(model, (*path, name), kind(choice))


def kind(choice: dict[str, Any]) -> str:
    if "enum" in choice or "const" in choice:
        return "word"
    of_text = "moment" if choice.get("format") == "date-time" else "text"
    return {"string": of_text, "integer": "number", "boolean": "flag"}[choice["type"]]


PLACES = tuple(places())
GOOD = [pytest.param(p, *row, id=f"{p}={row[0]!r}") for p in PLACES for row in TAKEN.get(p.kind, ())]


def refusal_of(place: Place, value: Any) -> tuple[str, ...]:
    """What is said in Chinese and English of this value in this place; nothing where it is taken."""
    try:
        parse(place.model, place.holding(value))
    except Unreadable as refused:
        return tuple(told for language in ("zh", "en") for told in coded([refused.why], language))
    return ()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_what_is_of_another_kind_is_refused_and_the_field_named_in_both_languages(place: Place) -> None:
    said = {repr(value): refusal_of(place, value) for value in WRONG[place.kind]}

    assert {value: told for value, told in said.items() if len(told) != 2} == {}
    assert {value: told for value, told in said.items() if any(".".join(place.path) not in one for one in told)} == {}
    assert {value: zh for value, (zh, _) in said.items() if "应" not in zh and "至少" not in zh} == {}


@pytest.mark.parametrize(("place", "value", "meant"), GOOD)
def test_what_is_taken_is_taken_as_what_was_meant(place: Place, value: Any, meant: Any) -> None:
    found = parse(place.model, place.holding(value)).model_dump(mode="json")
    for name in place.path:
        found = found[name]

    assert found == meant and type(found) is type(meant)


def test_every_kind_of_field_is_tried() -> None:
    assert {place.kind for place in PLACES} == set(WRONG)
    assert len(PLACES) > 40
