"""Says what was forgotten, and where it belongs: one line for each thing instead of two sets side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NoReturn

import pytest

from services.shared.loop.memory import World


def each(names: Iterable[Any], says: str) -> list[str]:
    """The sentence about each name: it stands for `{}`."""
    return sorted(says.format(getattr(name, "__name__", name)) for name in names)


def beyond(there: Iterable[Any], known: Collection[Any], says: str) -> list[str]:
    """The sentence about each one that is there and not known."""
    return each((one for one in dict.fromkeys(there) if one not in known), says)


def out_of_order(there: Iterable[Any], right: Iterable[Any], says: str) -> list[str]:
    """The sentence about the first one that stands elsewhere than it should, of those that are in both."""
    ours, theirs = list(there), list(right)
    both = zip([one for one in ours if one in theirs], [one for one in theirs if one in ours], strict=False)
    return each([given for given, wanted in both if given != wanted][:1], says)


def nothing(*found: Iterable[str]) -> None:
    """Fails with the lines that were found, if there are any, without the test's own text around them."""
    lines = [line for lines in found for line in lines]
    if lines:
        _fail("\n".join(lines))


def _fail(text: str) -> NoReturn:
    pytest.fail(text, pytrace=False)


def stuck(world: World) -> Iterator[str]:
    """Why documents stand still or have something unsaid."""
    for (service, id), document in world.documents.items():
        if document.parked is not None:
            yield f"{service} has parked {id}: {document.parked.reason}"
        elif document.unsaid:
            yield f"{service} has not said everything of {id}"
