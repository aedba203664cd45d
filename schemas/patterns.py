"""The patterns of a policy pack, and how a text is normalised before it is compared."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from unicodedata import category, normalize

_BLANKS_AT_SLASH = re.compile(" ?/ ?")


@lru_cache(maxsize=10_000)
def fits(patterns: tuple[str, ...], value: str | None) -> bool:
    """Whether a value fits one of these patterns; what is missing fits `*` alone.

    `*` stands for any number of signs, `/` included, and `?` for exactly one. Every other sign stands for itself.
    Pattern and value are compared `as_compared`.
    """
    return "*" in map(as_compared, patterns) or (value is not None and any(_fits(value, one) for one in patterns))


def as_compared(text: str) -> str:
    """The text as it is compared: people vary letter case, full-width signs and blanks without meaning anything."""
    one_width = normalize("NFKC", normalize("NFKC", text).casefold())
    visible = one_width if one_width.isascii() else "".join(sign for sign in one_width if category(sign) != "Cf")
    return _BLANKS_AT_SLASH.sub("/", " ".join(visible.split()))


def _fits(value: str, pattern: str) -> bool:
    # fnmatch knows classes in brackets; a class of nothing but the bracket is the bracket itself.
    return fnmatchcase(as_compared(value), as_compared(pattern).replace("[", "[[]"))
