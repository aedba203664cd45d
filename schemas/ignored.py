"""Finds the fields of a message that nobody reads, with the field that was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
    try:
        body = from_json(value)
    except ValueError:
        return {}
    found: dict[str, str | None] = {}
    for name, meant in _unknown(model, body, "", shown):
        if len(found) == MOST:
            break
        found[name[:LONGEST]] = meant
    return found


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
