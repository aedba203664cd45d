"""Both languages in which a verdict is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
Words = Mapping[Language, str]


def in_both(en: str, zh: str) -> Words:
    """The same in both languages."""
    return {"en": en, "zh": zh}
