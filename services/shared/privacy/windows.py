"""Groups of digits that may be a person's number, taken from a longer run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from services.shared.privacy import telephones
from services.shared.privacy.contexts import Label

FEWEST, MOST = 7, 20
"""How many digits a number has that belongs to a person."""

COUNTRY_BEFORE = re.compile(r"(?:\(\s?)?\+\s?$|\+\($")
DATES = frozenset(((4, 2, 2), (4, 2, 2, 2, 2), (4, 2, 2, 2, 2, 2), (2, 2, 4), (4, 1, 2), (4, 2, 1), (4, 1, 1)))
_PROVINCES = frozenset((*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)))
_BEYOND = frozenset((71, 81, 82, 83))
SHAPES_15 = frozenset(
    ((15,), (6, 6, 3), (3, 3, 3, 3, 3), (5, 5, 5), (4, 4, 4, 3), (6, 9), (12, 3), (6, 2, 2, 2, 3), (8, 7))
)
CARD_SHAPES = frozenset(
    (
        *((4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (4, 4, 4, 2), (4, 6, 5), (4, 6, 4), (6, 13)),
        *((6, 10), (8, 8), (5, 5, 5, 4), (6, 4, 4, 4), (4, 4, 8), (4, 12), (8, 4, 4), (6, 4, 4, 2)),
    )
)
_SHAPES = SHAPES_15 | telephones.SHAPES | DATES | CARD_SHAPES | {(3, 2, 4)}
_TRUNKS = {
    "1": (11,),
    "01": (12,),
    "086": (14,),
    "44": (11, 12, 13),
    "852": (11, 12),
    "853": (11, 12),
    "886": (11, 12),
}
"""What stands before a number proper, and how many digits there are with it."""

_MOST_LOCAL = 8
"""A telephone without its area is told by the word before it only."""


class Window(NamedTuple):
    """Some groups of digits that stand together, and what stands between them."""

    start: int
    end: int
    digits: str
    shape: tuple[int, ...]
    between: tuple[str, ...]
    label: Label | None
    plus: bool


def windows_at(text: str, groups: list[tuple[int, int]], at: int, label: Label | None) -> Iterator[Window]:
    """What begins with this group and may be somebody's number, the shortest first."""
    start = groups[at][0]
    plus = "+" in text[max(0, start - 4) : start] and COUNTRY_BEFORE.search(text, max(0, start - 4), start) is not None
    digits, shape, gaps = "", tuple[int, ...](), list[str]()
    for place in range(at, len(groups)):
        a, b = groups[place]
        if place > at:
            gaps.append(text[groups[place - 1][1] : a])
        shape = (*shape, b - a)
        digits += text[a:b]
        if len(digits) > MOST:
            return
        if len(digits) >= FEWEST and (plus or _may_be_one(digits, shape, gaps, label)):
            yield Window(start, b, digits, shape, tuple(gaps), label, plus)


def _may_be_one(digits: str, shape: tuple[int, ...], gaps: list[str], label: Label | None) -> bool:
    """Whether a closer look is worth its time: most groups of digits are parted as no number of a person is."""
    size, is_said = len(digits), label not in (None, "keep")
    if len(shape) == 1 or digits[:2] == "00":
        return True
    if shape in _SHAPES:
        return size > _MOST_LOCAL or shape in DATES or is_said
    if size in (17, 18):
        return label == "identity" or is_born(digits[:2], digits[6:14])
    if digits[:2] == "86" and 11 <= size <= (14 if digits[2] == "0" else 13):
        return True
    sizes = next((sizes for trunk, sizes in _TRUNKS.items() if digits.startswith(trunk)), None)
    if sizes is not None:
        return (size in sizes or is_said) and telephones.is_usual_abroad(shape)
    return is_said and gaps.count(gaps[0]) == len(gaps)


def is_born(province: str, day: str) -> bool:
    """Whether an identity number begins like this: with a province, later with a day on which somebody was born."""
    if int(province) not in _PROVINCES and int(province) not in _BEYOND:
        return False
    return is_day(int(day[:4]), int(day[4:6]), int(day[6:])) and "1890" < day[:4] < "2050"


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
