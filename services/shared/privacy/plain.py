"""A text as the rules of privacy read it: one sign for every way of writing a digit, a letter or a dash."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from services.shared.privacy.scripts import SIMPLIFIED

_SCRIPTS = (
    (0x80, 0x3400),
    (0xA000, 0xAC00),
    (0xF900, 0x10000),
    (0x10400, 0x10600),
    (0x1D400, 0x1D800),
    (0x1F100, 0x1F200),
)
"""Where signs stand that mean an ASCII sign; ideographs and Hangul are left out because there are none among them."""

_DASHES = "\u30fc\u2500\u2501\u2212\u02d7\u2043"
"""Signs that are no dashes by their class and are typed as such."""

_DOTS = "\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe00-\ufe0f\ufeff]")


def _plain(sign: str) -> str | None:
    """The one ASCII sign that this one stands for, if there is one."""
    if sign in _DASHES or unicodedata.category(sign) == "Pd":
        return "-"
    if sign in _DOTS:
        return "\u00b7"
    if unicodedata.category(sign) == "Zs":
        return " "
    if unicodedata.category(sign) in ("Nd", "No") and (digit := unicodedata.digit(sign, None)) is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", sign)
    return normal if len(normal) == 1 and normal.isascii() else None


def _pairs() -> Iterator[tuple[int, str]]:
    for first, beyond in _SCRIPTS:
        for code in range(first, beyond):
            found = _plain(chr(code))
            if found is not None:
                yield code, found


_SIGNS = dict(_pairs()) | {0x130: "I"}
"""With the one letter that becomes two when it is made small."""

_STRANGE = re.compile("[" + "".join(f"{chr(first)}-{chr(beyond - 1)}" for first, beyond in _SCRIPTS) + "]+")
"""Where a sign may stand for another; most of a Chinese text is none of these."""

_TRADITIONAL = re.compile(f"[{''.join(SIMPLIFIED)}]")


@dataclass(frozen=True, slots=True)
class Plain:
    """The text to look at, and where each of its signs stands in what was written; None where nothing was left out."""

    text: str
    places: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]


def plain(text: str) -> Plain:
    """The text sign by sign: full width, circles and bold become ASCII, and traditional signs simplified ones."""
    if text.isascii():
        return Plain(text)
    if _INVISIBLE.search(text) is None:
        return Plain(_in_ascii(text))
    places = tuple(at for at, sign in enumerate(text) if not _INVISIBLE.match(sign))
    return Plain(_in_ascii("".join(text[at] for at in places)), (*places, len(text)))


def _in_ascii(text: str) -> str:
    text = _STRANGE.sub(lambda found: found[0].translate(_SIGNS), text)
    return _TRADITIONAL.sub(lambda found: SIMPLIFIED[found[0]], text)
