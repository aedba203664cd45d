"""Finds the fields of a message that nobody reads, with the field that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json

MOST = 20
"""How many are named."""
LONGEST = 100
"""How many characters of a name are said."""
ALIKE = 0.7
"""How much alike two words are of which one may have been meant."""


def ignored(model: type[BaseModel], value: bytes, shown: Callable[[str], str]) -> dict[str, str | None]:
    """Each unknown field in these bytes, such as `customer.phne`, with the known field most like it.

    `shown` takes out of a name what must not be said: a map by telephone numbers has them as its names.
    """
    return _named(model, _body(value), shown)


def _named(model: type[BaseModel], body: object, shown: Callable[[str], str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, meant in _unknown(model, body, "", shown):
        if len(found) == MOST:
            break
        found[name[:LONGEST]] = meant
    return found


def hinted(model: type[BaseModel], value: bytes, errors: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The faults that pydantic found in these bytes; where a word was nearly right, `ctx` has it.

    `written` is the field that stands where another one is missing; `meant` is the allowed word nearest to the value.
    """
    body = _body(value)
    meant = {word: name for name, word in _named(model, body, lambda name: name).items()}
    return tuple(_hinted(error, body, meant) for error in errors)


def _hinted(error: Mapping[str, Any], body: object, meant: Mapping[str | None, str]) -> Mapping[str, Any]:
    place, known = [str(step) for step in error["loc"]], error.get("ctx") or {}
    if error["type"] == "missing" and (written := meant.get(".".join(place))):
        return {**error, "ctx": {**known, "written": written.rpartition(".")[2]}}
    if error["type"] == "literal_error":
        near = get_close_matches(_at(body, error["loc"]), re.findall("'([^']*)'", str(known["expected"])), 1, ALIKE)
        return {**error, "ctx": {**known, "meant": near[0]}} if near else error
    return error


def _body(value: bytes) -> Any:
    """The body in these bytes; None where they are no JSON."""
    try:
        return from_json(value)
    except ValueError:
        return None


def _at(body: Any, place: Iterable[Any]) -> str:
    """The text that stands at a place of a body; "" where none does."""
    found = body
    try:
        for step in place:
            found = found[step]
    except (LookupError, TypeError):
        return ""
    return found[:LONGEST].lower() if isinstance(found, str) else ""


def said(found: Mapping[str, str | None]) -> dict[str, Any]:
    """The same as an answer and a receipt say it: `ignored` and, where a word was near, `did_you_mean`."""
    meant = {name: word for name, word in found.items() if word is not None}
    return {"ignored": tuple(found) or None, "did_you_mean": meant or None}


def _unknown(
    model: type[BaseModel], body: object, within: str, shown: Callable[[str], str]
) -> Iterator[tuple[str, str | None]]:
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        field = model.model_fields.get(name)
        if field is None:
            # Twice as much is looked at, so that no number is cut in two where the name is.
            legible = name[: 2 * LONGEST].encode(errors="replace").decode()
            yield f"{within}{shown(legible)}", _meant(name, model, within)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _unknown(field.annotation, value, f"{within}{name}.", shown)


def _meant(name: str, model: type[BaseModel], within: str) -> str | None:
    near = get_close_matches(name[:LONGEST].lower(), model.model_fields, 1, ALIKE)
    return f"{within}{near[0]}" if near else None
