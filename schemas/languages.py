"""Chooses the language of an answer: that of the message, else the one its sender asks for; pure."""

from __future__ import annotations

import re
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
OTHERWISE: Language = "en"
"""Where nobody says which."""
MOST = 20
"""How many ranges of an `Accept-Language` are looked at."""
_CHINESE = re.compile("[\u3400-\u9fff]")


def is_chinese(text: str) -> bool:
    """Whether any of it is written in Chinese."""
    return not text.isascii() and _CHINESE.search(text) is not None


def known(name: object) -> Language | None:
    """The language that is called so, region and script left aside: `zh-Hans-CN` is zh; None for all others."""
    first = name.strip().lower().replace("_", "-").partition("-")[0] if isinstance(name, str) else ""
    return next((language for language in LANGUAGES if language == first), None)


def accepted(header: str | None) -> Language | None:
    """The language that an `Accept-Language` (RFC 9110, 12.5.4) wants most; None where it wants none of ours.

    Of equal weights the first counts. `*` stands for every language that is not named, English first.
    """
    ranges = [_weighed(part) for part in (header or "").split(",", MOST)[:MOST]]
    named = {known(name) for name, _ in ranges}
    wanted: tuple[float, Language | None] = (0.0, None)
    for name, weight in ranges:
        language = next((each for each in LANGUAGES if each not in named), None) if name == "*" else known(name)
        if language is not None and weight > wanted[0]:
            wanted = weight, language
    return wanted[1]


def _weighed(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    key, _, value = parameter.replace(" ", "").partition("=")
    if key.lower() != "q":
        return name.strip(), 1.0
    try:
        weight = float(value)
    except ValueError:
        return name.strip(), 0.0
    return name.strip(), weight if 0 <= weight <= 1 else 0.0
