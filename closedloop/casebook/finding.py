"""Which complaint is meant: its whole id, the reference that people read to each other, or how either begins."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from uuid import UUID

from services.intake.rules import reference

SHOWN = 5


class NotFound(Exception):
    """No complaint on the topic is called so."""


class Ambiguous(Exception):
    """More than one complaint is called so."""


def begins_with(asked: str) -> str:
    """How the id begins of whom this names: a whole id, the beginning of one, or a reference such as CL-FMKFK24K.

    Raises NotFound for what can be neither.
    """
    text = asked.strip()
    if re.fullmatch("[Cc][Ll]-[A-Za-z2-7]{8}", text):
        digits = base64.b32decode(text[3:].upper()).hex()
        return f"{digits[:8]}-{digits[8:]}"
    if re.fullmatch("[0-9a-fA-F][0-9a-fA-F-]{0,35}", text):
        return text.lower()
    raise NotFound(f"{asked!r} is neither a complaint's id, nor how one begins, nor a reference such as CL-FMKFK24K")


def whole(prefix: str) -> bool:
    """Whether this is an id, not only its beginning."""
    try:
        return str(UUID(prefix)) == prefix
    except ValueError:
        return False


def the_only(asked: str, ids: Collection[str]) -> str:
    """The one that is meant. Raises NotFound and Ambiguous."""
    if not ids:
        raise NotFound(f"no complaint {asked} is on the topic")
    if len(ids) > 1:
        some = ", ".join(f"{id} ({reference(id)})" for id in sorted(ids)[:SHOWN])
        raise Ambiguous(f"{asked} may be any of {len(ids)} complaints, such as {some}")
    return next(iter(ids))
