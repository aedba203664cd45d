"""Finds the complaint of an id or a reference, whole or only its beginning."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from schemas.references import Mistyped, beginning, has_check, read

SHOWN = 5


class NotFound(Exception):
    """No complaint on the topic is called so."""


class Ambiguous(Exception):
    """More than one complaint is called so."""


def begins_with(asked: str) -> str:
    """How the id begins of whom this names: a whole id, the beginning of one, or an earlier reference as CL-FMKFK24K.

    Of a reference with a check letter nothing is known but itself: "". Raises NotFound for what can be none of them.
    """
    reference = reference_in(asked)
    if reference is not None:
        return "" if has_check(reference) else beginning(reference)
    text = asked.strip()
    if re.fullmatch("[0-9a-fA-F][0-9a-fA-F-]{0,35}", text):
        return text.lower()
    raise NotFound(f"{asked!r} is neither a complaint's id, nor how one begins, nor a reference such as CL-4F7-K2M-Q9X")


def reference_in(asked: str) -> str | None:
    """The reference that this is, as it stands in facts; None for an id. Raises NotFound for a mistyped one."""
    if not re.match(r"\s*[Cc][Ll]", asked):
        return None
    try:
        return read(asked)
    except Mistyped as wrong:
        raise NotFound(f"{asked!r} is no reference: {wrong}") from wrong


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
        some = ", ".join(sorted(ids)[:SHOWN])
        raise Ambiguous(f"{asked} may be any of {len(ids)} complaints, such as {some}")
    return next(iter(ids))
