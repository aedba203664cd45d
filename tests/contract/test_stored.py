"""What services have stored before this version can be read by it: golden documents of every service, never edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import pytest
from bson.json_util import JSONOptions, loads
from pydantic import BaseModel

from schemas.topics import SERVICES as NAMES
from services.shared.database import stored
from services.shared.database.stored import Raw
from services.shared.machine.documents import Case, Document, Timer
from tests import forgotten
from tests.builders import MONDAY, SERVICES

DATES = JSONOptions(tz_aware=True, tzinfo=UTC)
KEPT: dict[str, Raw] = {
    path.stem: loads(path.read_text("utf-8"), json_options=DATES)
    for path in sorted((Path(__file__).parent / "stored").glob("*.json"))
}
SPARSE: dict[str, Raw] = {
    path.stem: loads(path.read_text("utf-8"), json_options=DATES)
    for path in sorted((Path(__file__).parent / "stored" / "sparse").glob("*.json"))
}
"""The cases of documents that are kept whole, without what stood at its default."""
TABLES = {service.name: service for service in SERVICES}
NO_CASE = {"router-early", "router-empty"}
"""What came before its case: there is none yet, or there never was."""
Field = tuple[str, str]


def service_of(name: str) -> str:
    return name.partition("-")[0]


def document(name: str) -> Document:
    return stored.read(KEPT[name], case_of(name))


def case_of(name: str) -> type[Case]:
    return TABLES[service_of(name)].case_of(KEPT[name]["_id"])


@pytest.mark.parametrize("name", KEPT)
def test_a_document_of_old_can_still_be_read_and_is_the_same_once_it_is_written_anew(name: str) -> None:
    case = case_of(name)

    found = document(name)
    again = stored.read(stored.written(found, None, MONDAY), case)

    assert found.damage is None and isinstance(found.case, NoneType if name in NO_CASE else case)
    assert again == replace(found, version=found.version + 1)


@pytest.mark.parametrize("name", SPARSE)
def test_what_was_left_out_because_it_stood_at_its_default_is_still_that(name: str) -> None:
    assert case_of(name).model_validate(SPARSE[name]) == document(name).case


@pytest.mark.parametrize("name", KEPT)
def test_nothing_that_an_older_version_stored_of_a_case_is_dropped(name: str) -> None:
    """A field that the model no longer has would be gone with the next write, for an older version beside us too."""
    found = document(name).case

    assert not list(lost(KEPT[name].get("case"), found and found.model_dump()))


def lost(before: Any, after: Any, place: str = "case") -> Iterator[str]:
    """The places whose names are not there any more."""
    if isinstance(before, dict):
        for name, value in before.items():
            yield from [f"{place}.{name}"] if name not in after else lost(value, after[name], f"{place}.{name}")
    for n, value in enumerate(before) if isinstance(before, list) else ():
        yield from lost(value, after[n], f"{place}.{n}")


def test_of_every_service_something_is_kept_and_some_of_it_is_parked() -> None:
    assert {service_of(name) for name in KEPT} == set(NAMES)
    assert {service_of(name) for name, raw in KEPT.items() if "parked" in raw} == set(NAMES)


def models_in(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that a field of this kind may hold."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from models_in(part)


def fields_of(model: type[BaseModel]) -> Iterator[Field]:
    """Every field that a case of this model may hold, wherever it stands in it."""
    for name, field in model.model_fields.items():
        yield model.__name__, name
        for inner in models_in(field.annotation):
            yield from fields_of(inner)


def shown_in(value: Any) -> Iterator[Field]:
    """The fields that hold something."""
    if isinstance(value, BaseModel):
        for name, content in value:
            yield from [(type(value).__name__, name)] if content not in (None, (), {}) else []
            yield from shown_in(content)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
        yield from shown_in(part)


@pytest.mark.parametrize("service", NAMES)
def test_whatever_a_case_may_hold_is_shown_by_a_document_that_is_kept(service: str) -> None:
    """A new field has a default, so that older documents can be read, and an example that shows it."""
    shown = {field for name in KEPT if service_of(name) == service for field in shown_in(document(name).case)}

    held = {field for table in TABLES[service].tables.values() for field in fields_of(table.case)}
    missing = [f"{model}.{field}" for model, field in sorted(held - shown)]
    forgotten.nothing(forgotten.each(missing, f"no document {service}-*.json of tests/contract/stored shows {{}}"))


def test_whatever_a_document_may_hold_beside_its_case_is_shown_too() -> None:
    whole = replace(document("router-parked"), contact={"phone": "13800000000"}, sayer="router-1")
    there = set(stored.written(replace(whole, begun=MONDAY), Timer(MONDAY, "water", ("answer",)), MONDAY))
    for name in ("router-begun", *NO_CASE):
        there |= set(stored.written(document(name), None, MONDAY))

    assert {name for raw in KEPT.values() for name in raw} == there
