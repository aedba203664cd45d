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
_LABEL_SIGN = re.compile(r"(?:证|卡|QQ|qq|扣|话|机|电)[号码是为:, ]{0,4}[0-9]{0,4}[零〇一幺壹二三四五六七八九]")

_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_SAID = re.compile(rf"(?<![a-z])(?:{_WORDS})(?:[ ,-]{{1,2}}(?:{_WORDS})){{8,14}}(?![a-z])")

_HAN_DIGIT = f"0-9零〇{_ONE}二两贰三四五六七八九叁肆伍陆柒捌玖"
_KINDS = {"身份证": "identity", "银行卡": "card", "卡号": "card", "qq": "qq", "扣扣": "qq"}
_KINDS |= dict.fromkeys(("电话", "手机", "座机", "固话", "宅电"), "phone")
_LABELLED = re.compile(
    rf"({'|'.join(_KINDS)})"
    rf"[号码是为:, ]{{0,4}}((?=[0-9]{{0,4}}[^0-9])[{_HAN_DIGIT}](?:{_GAP}[{_HAN_DIGIT}]){{6,18}}[Xx]?)"
    rf"(?![{_HAN_DIGIT}十百千万亿元块个年月日号楼栋])",
    re.IGNORECASE,
)
"""Numbers that have no form of their own once they are words, behind the word that says what they are."""


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every mobile number in Chinese numerals, and nine words or more for English digits in a row."""
    if not text.isascii() or "o" in lowered:
        mobiles = (m for m in _MOBILE.finditer(text) if not re.fullmatch("[^一-龥〇oO]*", m[0]))
        yield from (Found(m.start(), m.end(), "phone") for m in mobiles)
    if not text.isascii() and _LABEL_SIGN.search(text):
        yield from (Found(*m.span(2), _KINDS[m[1].lower()]) for m in _LABELLED.finditer(text))
    if "one" in lowered or "zero" in lowered or "seven" in lowered:
        yield from (Found(m.start(), m.end(), "phone") for m in _SAID.finditer(lowered))
