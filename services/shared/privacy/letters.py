"""Letters of names in other alphabets than ASCII: which are capitals, and what they are without their accents."""

from __future__ import annotations

import unicodedata

_RANGES = (range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))
_LETTERS = [chr(code) for letters in _RANGES for code in letters if chr(code).isalpha()]
UPPER = "A-Z" + "".join(sign for sign in _LETTERS if sign.isupper())
LETTER = "A-Za-z" + "".join(_LETTERS)
SIGN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1eff'\u2019-"
"""What a name goes on with, for the inside of a class of signs; accents may stand on their own."""

NAME = rf"[{UPPER}][{SIGN}]{{1,20}}"
_STRUCK = {"\u0142": "l", "\u0111": "d", "\u00f8": "o", "\u0131": "i", "\u0127": "h", "\u00f0": "d", "\u2019": "'"}
"""These are letters of their own in Unicode."""

_BARE = {ord(sign): bare for sign in _LETTERS if (bare := unicodedata.normalize("NFD", sign)[0]).isascii()}
_BARE |= {ord(sign): bare for sign, bare in _STRUCK.items()}


def bare_letters(lowered: str) -> str:
    """The text without its accents, sign by sign."""
    return lowered if lowered.isascii() else lowered.translate(_BARE)
