"""The languages that people read, and one text in each of them; everything that says something stands on this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
Words = Mapping[Language, str]


def in_both(en: str, zh: str) -> Words:
    """One text in both languages."""
    return {"en": en, "zh": zh}
