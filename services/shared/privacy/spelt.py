"""Telephones whose digits are written as words: 一三八零零…, `one three eight …`, or a letter o for a zero."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy.marks import Found

_GAP = "[ .\u00b7,\u3001-]{0,2}"
_ONE = "1一幺壹"
_THREE_TO_NINE = "3-9三四五六七八九叁肆伍陆柒捌玖"
_ANY = f"0-2二两贰oO零〇{_ONE}{_THREE_TO_NINE}"
_MOBILE = re.compile(rf"(?<![{_ANY}A-Za-z])[{_ONE}]{_GAP}[{_THREE_TO_NINE}](?:{_GAP}[{_ANY}]){{9}}(?![{_ANY}A-Za-z])")

_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_SAID = re.compile(rf"(?<![a-z])(?:{_WORDS})(?:[ ,-]{{1,2}}(?:{_WORDS})){{8,14}}(?![a-z])")


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every mobile number in Chinese numerals, and nine words or more for English digits in a row."""
    if not text.isascii() or "o" in lowered:
        mobiles = (m for m in _MOBILE.finditer(text) if not re.fullmatch("[^一-龥〇oO]*", m[0]))
        yield from (Found(m.start(), m.end(), "phone") for m in mobiles)
    if "one" in lowered or "zero" in lowered or "seven" in lowered:
        yield from (Found(m.start(), m.end(), "phone") for m in _SAID.finditer(lowered))
