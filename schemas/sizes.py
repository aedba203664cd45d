"""Limits in bytes, as sent, for texts and messages: whatever is accepted fits the messages about it.

A text travels on: the complaint's stands in every work order, an answer beside it, a note in the detail. In JSON a
control character is six bytes, a quotation mark two, a Chinese character three.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import to_json

from schemas.refusals import Reason, because

MAX_VALUE_BYTES = 256 * 1024
"""The largest value that is taken at the edge or said by a service."""
TEXT_BYTES = 60 * 1024
"""The largest text: 20,000 Chinese characters go in. A work order holds three, and leaves 76 KiB for all else."""
TEXTS_BYTES = 128 * 1024
"""How large all texts of a message may be together: whatever follows from it holds them once."""
WIDEST = 6
"""How many bytes a character may become."""


def sent_bytes(text: str) -> int:
    """How many bytes a text becomes, without its quotation marks."""
    return len(to_json(text)) - 2


def fitting(text: str, most: int = TEXT_BYTES) -> str:
    """The text as far as it fits, cut between two characters."""
    if len(text) * WIDEST <= most or sent_bytes(text) <= most:
        return text
    low, high = most // WIDEST, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sent_bytes(text[:middle]) <= most else (low, middle - 1)
    return text[:low]


def too_large(message: BaseModel) -> Reason | None:
    """Which text of a message is too large to travel on, or that all of them are; None where they are not."""
    texts = [*_texts(message, "")]
    if sum(len(text) for _, text in texts) * WIDEST <= TEXT_BYTES:
        return None
    sizes = {name: sent_bytes(text) for name, text in texts}
    for name, size in sizes.items():
        if size > TEXT_BYTES:
            return because("too_large.text", field=name, bytes=size, most=TEXT_BYTES)
    whole = sum(sizes.values())
    if whole > TEXTS_BYTES:
        return because("too_large.texts", bytes=whole, most=TEXTS_BYTES)
    return None


def _texts(message: BaseModel, within: str) -> Iterator[tuple[str, str]]:
    for name, value in message:
        if isinstance(value, str):
            yield f"{within}{name}", value
        elif isinstance(value, BaseModel):
            yield from _texts(value, f"{within}{name}.")
