"""Whether digits are somebody's telephone: Chinese, British and American forms, and those of every other country."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse

from services.shared.privacy.contexts import Label


class Digits(Protocol):
    """Some groups of digits, what stands between them and what the word before them says."""

    @property
    def digits(self) -> str:
        """All digits, one after another."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits each group has."""

    @property
    def between(self) -> tuple[str, ...]:
        """What stands between two groups each."""

    @property
    def label(self) -> Label | None:
        """What the word before says."""

    @property
    def plus(self) -> bool:
        """Whether a plus stands before them."""


_SERVICE = frozenset(
    (
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.PAGER,
    )
)
"""Kinds of numbers that belong to a company or an office and to nobody in particular."""

_MOBILE = frozenset(
    (
        *(
            (11,),
            (3, 4, 4),
            (3, 8),
            (7, 4),
            (3, 3, 5),
            (4, 3, 4),
            (4, 4, 3),
            (5, 6),
            (6, 5),
            (3, 5, 3),
            (3, 2, 2, 2, 2),
        ),
        *((3, 4, 2, 2), (3, 2, 2, 4), (3, 3, 3, 2), (3, 2, 3, 3), (3, 1, 3, 4), (5, 3, 3), (1, 2, 4, 4), (2, 1, 4, 4)),
        *((3, 4, 1, 3), (3, 2, 6), (3, 6, 2), (2, 3, 3, 3), (2, 3, 2, 2, 2), (1, 2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 1)),
        *((1,) * 11, (3, *(1,) * 8), (3, 4, *(1,) * 4), (2, 9), (3, 3, 2, 3), (8, 3), (9, 2), (1, 5, 5)),
    )
)
_LOCAL = frozenset(
    ((7,), (8,), (4, 4), (3, 4), (4, 3), (3, 3, 2), (2, 2, 2, 2), (2, 3, 3), (1, 3, 4), (3, 2, 2), (1,) * 8, (1,) * 7)
)
_BRITISH = frozenset(
    (
        *(
            (11,),
            (10,),
            (3, 4, 4),
            (4, 3, 4),
            (5, 6),
            (5, 5),
            (5, 3, 3),
            (4, 7),
            (3, 8),
            (5, 2, 2, 2),
            (4, 4, 3),
            (6, 5),
        ),
        *(
            (4, 3, 2, 2),
            (5, 3, 2),
            (5, 2, 4),
            (5, 4, 2),
            (6, 4),
            (1, 10),
            (1, 4, 6),
            (3, 4, 2, 2),
            (1, 2, 4, 4),
            (2, 3, 3, 3),
        ),
        *((1,) * 11, (4, 2, 2, 3), (2, 2, 3, 4), (5, 2, 3)),
    )
)
_LANDLINE = frozenset(
    (area, *rest) for area in (3, 4) for rest in ((7,), (8,), (4, 4), (3, 4), (4, 3), (2, 2, 2, 2), (3, 5), (2, 3, 3))
)
_AMERICAN = frozenset(((3, 3, 4), (3, 7), (3, 3, 2, 2), (6, 4), (1,) * 10))
_TAIPEI = (2, 4, 4)
SHAPES = _MOBILE | _LOCAL | _BRITISH | _AMERICAN | _LANDLINE | {_TAIPEI}
"""How the digits of a number without its country are parted."""
_FREE = frozenset(("800", "888", "877", "866", "855", "844", "833", "822"))
_NEIGHBOURS = ("852", "853", "886")
_GAPS = frozenset(" \t.-()/_~\u00b7*|+")


def kind(found: Digits, strict: bool, is_latin: bool) -> str | None:
    """`phone`; "" for a service number, which is nobody's; None for what is no telephone as far as can be told."""
    if not _is_evenly_parted(found):
        return None
    if found.digits[:3] == "400" and len(found.digits) == 10:
        return ""
    if found.plus or found.digits.startswith("00"):
        return _international(found, strict)
    for form in (_chinese, _british, _american, _abroad):
        told = form(found, is_latin)
        if told is not None:
            return told
    return None if strict or found.label != "phone" else _labelled(found)


def is_american(digits: str) -> bool:
    """Whether these ten digits are a number that is in use in North America."""
    return _type("US", digits) is not None


def _is_evenly_parted(found: Digits) -> bool:
    """Whether what stands between the groups is what people write into one telephone number."""
    if not found.between:
        return True
    signs = "".join(found.between)
    if "," in signs or "\u3001" in signs:
        return found.shape in ((3, 4, 4), (1,) * 11) and len(set(found.between)) == 1
    return _GAPS.issuperset(signs)


def _chinese(found: Digits, is_latin: bool) -> str | None:
    digits, shape = found.digits, found.shape
    if is_mobile(digits):
        return "phone" if shape in _MOBILE or (found.label == "phone" and len(set(found.between)) == 1) else None
    if digits.startswith("86") and len(digits) == 13 and is_mobile(digits[2:]):
        return "phone" if without(shape, 2) in _MOBILE else None
    if digits.startswith("0") and len(digits) == 12 and is_mobile(digits[1:]):
        return "phone" if without(shape, 1) in _MOBILE or shape == (4, 4, 4) else None
    if digits.startswith("086") and len(digits) == 14 and is_mobile(digits[3:]):
        return "phone"
    if digits.startswith("0") and (shape[0] in (3, 4) or len(shape) == 1 or set(shape) == {1}):
        return _landline(digits, shape)
    if digits.startswith("86") and 11 <= len(digits) <= (14 if digits[2] == "0" else 13):
        rest = digits[2:]
        return _told("CN", rest if rest.startswith("0") else f"0{rest}")
    return None


def _landline(digits: str, shape: tuple[int, ...]) -> str | None:
    for area in (3, 4):
        rest = len(digits) - area
        is_long_distance = digits[1] in "12" if area == 3 else digits[1] in "3456789"
        if rest not in (7, 8) or not is_long_distance or not (len(shape) == 1 or set(shape) == {1} or shape[0] == area):
            continue
        told = _told("CN", digits)
        if told is not None:
            return told
        if (
            shape[0] == area
            and shape[1:] in ((7,), (8,), (4, 4), (3, 4), (4, 3), (2, 2, 2, 2))
            and digits[1] not in "3789"
        ):
            return "phone"
    if shape[0] == 4 and shape[1:] in ((7,), (8,), (4, 4)) and digits[1:4] not in ("800", "808", "300", "345"):
        return "phone"
    return None


def _british(found: Digits, is_latin: bool) -> str | None:
    digits, shape = found.digits, found.shape
    if digits.startswith("0") and len(digits) in (10, 11) and shape in _BRITISH:
        told = _told("GB", digits)
        is_alike = digits[1] in "127" and (len(shape) > 1 or found.label == "phone" or digits[1] == "7")
        return told if told is not None else "phone" if is_alike else None
    if digits.startswith("44") and len(digits) in (11, 12, 13):
        return _told("GB", digits[2:].removeprefix("0").join(("0", "")))
    return None


def _american(found: Digits, is_latin: bool) -> str | None:
    digits, shape = found.digits, found.shape
    if len(digits) == 11 and digits.startswith("1"):
        digits, shape = digits[1:], without(shape, 1)
    if len(digits) != 10 or digits[0] in "01" or digits[3] in "01":
        return None
    if digits[:3] in _FREE:
        return ""
    if shape in _AMERICAN:
        return "phone"
    is_bare = shape == (10,) and (is_latin or found.label == "phone")
    return _told("US", digits) if is_bare else None


def _abroad(found: Digits, is_latin: bool) -> str | None:
    digits, shape = found.digits, found.shape
    if digits.startswith(_NEIGHBOURS) and len(digits) in (11, 12) and (shape[0] == 3 or found.label == "phone"):
        return _told("", digits)
    return _told("TW", digits) if shape == _TAIPEI and digits.startswith("02") else None


def _labelled(found: Digits) -> str | None:
    """What the word before calls a telephone is one, unless it is a day or an office's short number."""
    digits, shape = found.digits, found.shape
    if shape in _LOCAL:
        return None if digits[:2] in ("95", "96") and len(digits) < 8 else "phone"
    if len(shape) == 1 or len(set(found.between)) == 1:
        return "phone" if 9 <= len(digits) <= 13 else None
    return None


def _international(found: Digits, strict: bool) -> str | None:
    """With a plus or two zeros before the country's number."""
    digits = found.digits if found.plus else found.digits[2:]
    if any(before.endswith("(") and after.startswith(")") for before, after in _around(found, 1)):
        digits = digits.replace("0", "", 1) if digits.startswith("440") else digits[:2] + digits[2:].replace("0", "", 1)
    if not 8 <= len(digits) <= 15 or digits.startswith("0"):
        return None
    if digits.startswith(("86400", "86800")):
        return ""
    told = _told("", digits)
    return told if told is not None or strict or not found.plus else "phone"


def _around(found: Digits, length: int) -> list[tuple[str, str]]:
    gaps = found.between
    return [(gaps[n - 1], gaps[n]) for n in range(1, len(gaps)) if found.shape[n] == length]


def _told(region: str, digits: str) -> str | None:
    found = _type(region, digits)
    return None if found is None else "" if found in _SERVICE else "phone"


@lru_cache(maxsize=64)
def _type(region: str, digits: str) -> int | None:
    """What the library knows about a number; None for one that cannot be. The next question is often the same."""
    try:
        found = number_type(parse(digits if region else f"+{digits}", region or None))
    except NumberParseException:
        return None
    return None if found == PhoneNumberType.UNKNOWN else found


def is_mobile(digits: str) -> bool:
    """Whether these are the eleven digits of a Chinese mobile number."""
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


@lru_cache(maxsize=4096)
def is_usual_abroad(shape: tuple[int, ...]) -> bool:
    """Whether numbers are parted like this once the digits of a country or a trunk are taken off."""
    return any(without(shape, first) in SHAPES for first in (1, 2, 3))


def without(shape: tuple[int, ...], first: int) -> tuple[int, ...]:
    """The shape without the digits before the number proper, however they are joined to it."""
    if shape[0] == first:
        return shape[1:]
    if shape[0] < first:
        return without(shape[1:], first - shape[0]) if len(shape) > 1 else ()
    return (shape[0] - first, *shape[1:])
