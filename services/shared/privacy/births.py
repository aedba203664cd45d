"""Dates of birth: any date is somebody's once a word says that a person was born on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy.marks import Found

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_SPELT = "[\u3007零一二三四五六七八九十]"
_DATE = (
    rf"(?:{_YEAR}\s?[年./-]\s?[0-9]{{1,2}}(?:\s?[月./-]\s?(?:[0-9]{{1,2}}\s?[日号]?)?)?|{_YEAR}[0-9]{{4}}|"
    rf"[0-9]{{2}}年[0-9]{{1,2}}月(?:[0-9]{{1,2}}[日号])?|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-](?:{_YEAR}|[0-9]{{2}})|"
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\.?,?\s{_YEAR}|"
    rf"{_MONTH}\.?\s(?:[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s)?{_YEAR}|"
    rf"{_SPELT}{{4}}年{_SPELT}{{1,3}}月(?:{_SPELT}{{1,3}}[日号])?)(?![0-9])"
)
_FILLERS = r"(?:\s|[:=(),是为在于]|农历|阴历|阳历|公历|is|was|on){0,4}"
_CHINESE = re.compile(rf"(?:出生(?:日期|年月日?|时间)?|(?<![发产学新])生于|生日){_FILLERS}({_DATE})", re.IGNORECASE)
_ENGLISH = re.compile(
    rf"\b(?:born(?:\s(?:in|at)\s[A-Z][a-z]{{1,20}})?(?:\s(?:on|in))?|date of birth|birth\s?da(?:te|y)|d\.?o\.?b\b\.?)"
    rf"{_FILLERS}({_DATE})",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?<![0-9])({_DATE})\s?(?:出生|生(?=[人的,。;、\s]|$))", re.IGNORECASE)
_BEHIND_SIGN = re.compile(r"[0-9月日号]\s?(?:出生|生)")


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every date of birth; a year alone tells nobody apart."""
    if "生" in text:
        if any(sign in text for sign in ("出生", "生于", "生日")):
            yield from (Found(m.start(1), m.end(1), "birth") for m in _CHINESE.finditer(text))
        if _BEHIND_SIGN.search(text):
            yield from (Found(m.start(1), m.end(1), "birth") for m in _BEHIND.finditer(text))
    if any(sign in lowered for sign in ("born", "birth", "dob", "d.o.b")):
        yield from (Found(m.start(1), m.end(1), "birth") for m in _ENGLISH.finditer(text))
