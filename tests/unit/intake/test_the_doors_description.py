"""Whoever reads `/openapi.json` alone learns what every field and every parameter means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from services.shared.process.http import add_second_tries, new_app
from services.shared.watching.health import Health
from tests.unit.intake.doors import stubbed

Told = dict[str, Any]


def of_the_door() -> Told:
    """The public door of intake."""
    return cast(Told, stubbed().get("/openapi.json").json())


def of_the_operators() -> Told:
    """The own port of every service."""
    app = new_app("a service", Health())
    add_second_tries(app, None, None, None)  # type: ignore[arg-type]
    return cast(Told, TestClient(app).get("/openapi.json").json())


def parts(told: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Every part of a document, with the way to it."""
    yield way, told
    if isinstance(told, dict | list):
        for name, part in told.items() if isinstance(told, dict) else enumerate(told):
            yield from parts(part, f"{way}/{name}")


def is_example(way: str) -> bool:
    return "/examples/" in way or "/example/" in way


def fields(told: Told) -> Iterator[tuple[str, Any]]:
    """Every field of every schema, every parameter and every header."""
    for way, part in parts(told):
        if isinstance(part, dict) and not is_example(way) and not way.endswith("/properties"):
            for kind in ("properties", "headers"):
                known = part.get(kind)
                yield from ((f"{way}/{kind}/{name}", one) for name, one in known.items()) if known else ()
            yield from ((f"{way}/{one['name']}", one) for one in part.get("parameters", ()))


DOCUMENTS = pytest.mark.parametrize("document", [of_the_door, of_the_operators])


@DOCUMENTS
def test_every_field_and_every_parameter_says_what_it_means(document: Any) -> None:
    found = dict(fields(document()))

    assert len(found) > 10
    assert [way for way, field in found.items() if not field.get("description")] == []


@DOCUMENTS
def test_whatever_a_description_refers_to_stands_in_it(document: Any) -> None:
    told = document()
    known = {f"#{way}" for way, _ in parts(told)}

    assert [part for way, part in parts(told) if way.endswith("/$ref") and part not in known] == []


def test_the_fields_of_an_answer_are_among_those_that_are_described() -> None:
    schemas = of_the_door()["components"]["schemas"]

    assert {"complaint_id", "reference", "received_at", "ignored", "did_you_mean"} == {
        *schemas["Accepted"]["properties"]
    }
    assert len(schemas["Status"]["properties"]) == 9 and len(schemas["ByReference"]["properties"]) == 5
