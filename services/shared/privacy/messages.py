"""A message from outside as its rules may see it: every field that people fill in their own words is masked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.base import Free, Private
from schemas.languages import Language
from services.shared.privacy.text import Known, masked

M = TypeVar("M", bound=BaseModel)


class Field(NamedTuple):
    """What a model's field has to do with privacy."""

    name: str
    longest: int | None
    """How many characters a free text may have; None for a field that is none."""
    private: str | None
    """Which kind of private thing stands here."""
    is_part: bool
    """Whether a message of its own stands here."""


def without_private(body: M, spoken: str | None = None) -> M:
    """The message with its free texts masked, in its own language, the subject's where it names none, or the text's.

    Texts keep the length that their field allows; all other fields are what they were.
    """
    said = getattr(body, "language", None) if "language" in body.model_fields_set else None
    return _masked(body, tuple(_known(body)), said, spoken)


def _masked(body: M, known: tuple[Known, ...], said: Language | None, spoken: str | None) -> M:
    changes: dict[str, Any] = {}
    for field in _fields(type(body)):
        value = getattr(body, field.name)
        if field.longest is not None and isinstance(value, str):
            new: Any = _cut(masked(value, said, known, spoken), field.longest)
        elif field.is_part and isinstance(value, BaseModel):
            new = _masked(value, known, said, spoken)
        else:
            continue
        if new is not value:
            changes[field.name] = new
    return body.model_copy(update=changes) if changes else body


def _known(body: BaseModel) -> Iterator[Known]:
    """What the message itself says of who somebody is."""
    for field in _fields(type(body)):
        value = getattr(body, field.name)
        if field.private is not None and isinstance(value, str):
            yield Known(field.private, value)
        elif field.is_part and isinstance(value, BaseModel):
            yield from _known(value)


def _cut(text: str, longest: int) -> str:
    """A mark may be longer than what it stands for; half a mark would say nothing."""
    if len(text) <= longest:
        return text
    head, opened, rest = text[:longest].rpartition("[")
    return text[:longest] if not opened or "]" in rest else head or text[:longest]


@cache
def _fields(model: type[BaseModel]) -> tuple[Field, ...]:
    found = (_field(name, info) for name, info in model.model_fields.items())
    return tuple(field for field in found if field.longest is not None or field.private or field.is_part)


def _field(name: str, info: FieldInfo) -> Field:
    said = [*info.metadata, *_metadata(info.annotation)]
    is_free = any(isinstance(item, Free) for item in said)
    longest = min((item.max_length for item in said if isinstance(item, MaxLen)), default=1 << 30)
    private = next((item.kind for item in said if isinstance(item, Private)), None)
    is_part = any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in _kinds(info.annotation))
    return Field(name, longest if is_free else None, private, is_part)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return (annotation, *(kind for part in get_args(annotation) for kind in _kinds(part)))


def _metadata(annotation: Any) -> Iterator[Any]:
    """The annotations of a type, also inside another one such as `… | None`."""
    for part in _kinds(annotation):
        for item in getattr(part, "__metadata__", ()):
            yield from item.metadata if isinstance(item, FieldInfo) else (item,)
