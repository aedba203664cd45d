"""Every text that outsiders send is masked, or is known not to be: on the page as in the types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.base import Free
from schemas.edges import Reply, Submission, VisitReport
from tests import forgotten

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
INPUTS: tuple[type[BaseModel], ...] = (Submission, Reply, VisitReport)
NOT_MASKED = {
    "Submission": {"id"},
    "Reply": {"id", "handler"},
    "VisitReport": {"id", "visitor"},
    "Customer": {"id", "name", "phone", "email"},
}
"""Texts that stay as they were sent; a customer's do not leave intake's database."""


def marks(annotation: Any) -> Iterator[Any]:
    """What is said about a field's type, also inside of `… | None`."""
    if get_origin(annotation) is Annotated:
        kind, *said = get_args(annotation)
        for item in said:
            yield from item.metadata if isinstance(item, FieldInfo) else (item,)
        yield from marks(kind)
    elif get_origin(annotation) in (UnionType, Union):
        for kind in get_args(annotation):
            yield from marks(kind)


def texts(model: type[BaseModel]) -> Iterator[tuple[str, str, bool]]:
    """Model, field and whether it is free, of every text that an outsider may fill as they like."""
    for name, field in model.model_fields.items():
        said = [*field.metadata, *marks(field.annotation)]
        if any(isinstance(item, MaxLen) for item in said):
            yield model.__name__, name, any(isinstance(item, Free) for item in said)
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from texts(kind)


ALL = sorted({text for model in INPUTS for text in texts(model)})


@pytest.mark.parametrize(("model", "field", "free"), ALL)
def test_a_text_from_outside_is_masked_unless_it_is_known_why_not(model: str, field: str, free: bool) -> None:
    known = field in NOT_MASKED.get(model, set())

    says = "{}, which people fill as they like, is not masked: make it FreeLine or FreeText, or name it in NOT_MASKED"
    forgotten.nothing(forgotten.each([] if free or known else [f"{model}.{field}"], says))
    assert not (free and known)


@pytest.mark.parametrize(("model", "field", "free"), ALL)
def test_the_page_names_every_text_from_outside(model: str, field: str, free: bool) -> None:
    page = PAGE.read_text("utf-8")

    there = f"`{field}`" in page or (free and model == "IncidentReport")
    says = "docs/privacy.md does not say whether {} is masked: its table of messages has a row for each"
    forgotten.nothing(forgotten.each([] if there else [f"`{field}` of {model}"], says))
