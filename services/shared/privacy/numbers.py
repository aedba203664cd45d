"""Numbers that belong to a person: telephones, identity numbers and cards, found group by group in a run of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.gb import nhs

from services.shared.privacy import telephones
from services.shared.privacy.contexts import Label, is_measured, label_before
from services.shared.privacy.marks import Found
from services.shared.privacy.windows import (
    CARD_SHAPES,
    COUNTRY_BEFORE,
    DATES,
    FEWEST,
    SHAPES_15,
    Window,
    is_born,
    is_day,
    windows_at,
)

_RUN = re.compile(r"[0-9](?:[ \t./()_~\u00b7*|,\u3001-]{0,3}[0-9]){6,}")
"""As many digits as a number has, or more, with what people write between them."""

_MOMENT = re.compile(r"(?:[0-9]{2}/[0-9]{2}/(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?: [0-9]{2})?")
"""Most digits in most texts are a day and an hour, written like this."""

_GROUP = re.compile(r"[0-9]+")
_CODE_BEFORE = re.compile(r"([a-z]+)[-_#/.]?$", re.IGNORECASE)
_TAIL_X = re.compile(r"[ -]?[Xx](?![A-Za-z0-9])")
_EXTENSION = re.compile(
    r"\s?(?:转|分机|ext\.?|extension|x|#)\s?:?\s?[0-9]{1,5}(?![0-9])|-[0-9]{1,5}(?![0-9-])", re.IGNORECASE
)
_ISSUER = re.compile(r"62|4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|3[47]|35|30[0-5]|36|38|60|64|65|9558|9559|8[18]")
_NOBODYS = ("keep", "qq")
_CARD_HEAD = (4, 4, 4, 4)
_WHOLE = 10
"""A code of so many digits is one number: behind a slash another one begins."""
_OWNERS = frozenset(("user", "customer", "client", "contact", "caller", "tenant", "owner"))
_PARTING = frozenset(("or", "and"))
_ACCOUNT_JOIN = frozenset(" .-\u00b7_")


def found_in(text: str) -> Iterator[Found]:
    """Every number in this text that belongs to a person."""
    for run in _RUN.finditer(text):
        if _MOMENT.fullmatch(run[0]) is None:
            yield from _in_run(text, run.start(), run.end())


def _in_run(text: str, start: int, end: int) -> Iterator[Found]:
    groups = [m.span() for m in _GROUP.finditer(text, start, end)]
    beyond, at = _first_too_late(groups), 0
    while at < beyond:
        here = groups[at][0]
        if at and _is_joined(text, groups[at - 1][1], here):
            at += 1
            continue
        if _is_part_of_a_code(text, here):
            at = _beyond_the_code(text, groups, at)
            continue
        label = label_before(text, here)
        got, taken = _longest(text, groups, at, label)
        if got is not None:
            yield got
        elif label == "keep":
            taken = max(taken, _beyond_the_code(text, groups, at) - at)
        at += taken


def _first_too_late(groups: list[tuple[int, int]]) -> int:
    """From which group on too few digits are left."""
    at, left = len(groups), 0
    while at and left < FEWEST:
        at -= 1
        left += groups[at][1] - groups[at][0]
    return at + 1 if left >= FEWEST else 0


def _longest(text: str, groups: list[tuple[int, int]], at: int, label: Label | None) -> tuple[Found | None, int]:
    """What begins with this group, in as many groups as fit, and how many of them it takes."""
    windows = list(windows_at(text, groups, at, label))
    is_said = label == "phone" or bool(windows and windows[0].plus)
    for strict in (True, False) if is_said else (True,):
        for window in reversed(windows):
            kind = _kind(text, window, strict)
            if kind == "":
                return None, len(window.shape)
            if kind is not None:
                start, end = _whole(text, window, kind)
                return Found(start, end, kind), _taken(groups, at + len(window.shape), end) - at
    return None, 1


def _taken(groups: list[tuple[int, int]], at: int, end: int) -> int:
    """The first group of digits behind a number, which may be its extension."""
    while at < len(groups) and groups[at][0] < end:
        at += 1
    return at


def _kind(text: str, window: Window, strict: bool) -> str | None:
    """The kind of number, such as `phone`; "" for a number that is nobody's; None if it cannot be told."""
    if window.end < len(text) and _goes_on(text, window.end):
        return None
    identity = _identity(text, window)
    if identity is not None:
        return identity
    if strict and (_is_date(window) or _is_fraction(window)):
        return ""
    if is_measured(text, window.end) and window.label != "phone":
        return ""
    card = _card(window)
    if card is not None:
        return "" if window.label in _NOBODYS else card
    kind = telephones.kind(window, strict, is_latin=text.isascii())
    return "" if kind is not None and _is_nobodys_telephone(window) else kind


def _is_nobodys_telephone(window: Window) -> bool:
    """Whether the word before speaks against it: people's accounts are mobile numbers, but no others."""
    if window.label == "ledger":
        return not window.plus and not telephones.is_mobile(window.digits[-11:])
    return window.label in (*_NOBODYS, "device")


def _identity(text: str, window: Window) -> str | None:
    """Identity, passport and health numbers: by their dates and check digits, or because the word before says so."""
    digits, label = window.digits, window.label
    whole = digits + "X" if len(digits) == 17 and _TAIL_X.match(text, window.end) else digits
    if len(whole) == 18 and is_born(digits[:2], digits[6:14]):
        return "identity" if ric.is_valid(whole) else None if label == "keep" else "identity"
    if len(whole) == 18 and uscc.is_valid(whole) and label != "identity":
        return ""
    if label == "keep":
        return None
    if len(digits) == 15 and window.shape in SHAPES_15 and is_born(digits[:2], "19" + digits[6:12]):
        return "identity"
    if window.shape == (3, 2, 4) and _is_social_security(digits, window.between):
        return "identity"
    if window.shape == (3, 3, 4) and nhs.is_valid(digits) and not telephones.is_american(digits):
        return "health"
    return label if label in ("identity", "passport", "health") and _is_one_token(window) else None


def _is_social_security(digits: str, between: tuple[str, ...]) -> bool:
    is_even = between[0] == between[1] and between[0] in ("-", " ", ".")
    return is_even and digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"


def _is_one_token(window: Window) -> bool:
    return all(gap.isspace() or (len(gap) == 1 and gap in _ACCOUNT_JOIN) for gap in window.between)


def _is_date(window: Window) -> bool:
    """Whether this is a day, with or without its time, however it is written."""
    digits, shape = window.digits, window.shape
    if shape in ((8,), (12,), (14,), (8, 4), (8, 6)) or (shape in DATES and shape[0] == 4):
        year, rest = int(digits[:4]), digits[4:8]
        if shape in DATES and len(shape) == 3 and len(digits) < 8:
            return 1900 <= year < 2100
        return 1900 <= year < 2100 and is_day(year, int(rest[:2]), int(rest[2:] or 1)) and _is_time(digits[8:])
    return shape == (2, 2, 4) and 1900 <= int(digits[4:]) < 2100


def _is_fraction(window: Window) -> bool:
    """Whether a point and many digits follow one digit, as in 0.2125550123."""
    return len(window.shape) == 2 and window.between[0] == "." and window.shape[0] == 1 and window.label != "phone"


def _is_time(digits: str) -> bool:
    return not digits or (int(digits[:2]) < 24 and int(digits[2:4]) < 60 and int(digits[4:6] or 0) < 60)


def _card(window: Window) -> str | None:
    """Cards by issuer and check digit, or because the word before says so; accounts and devices by the word."""
    digits, label = window.digits, window.label
    if not 8 <= len(digits) <= 19 or not _is_one_token(window):
        return None
    if label == "device":
        return "device" if 14 <= len(digits) <= 16 else None
    if label == "account":
        return "account"
    if len(window.shape) > 1 and window.shape not in CARD_SHAPES:
        return None
    if label == "card" and len(digits) >= 15:
        return "card"
    is_issued = len(digits) >= (13 if label == "card" else 14) and _ISSUER.match(digits) is not None
    if is_issued and luhn.is_valid(digits):
        return "card"
    if label == "ledger" and len(digits) >= 16:
        return "account"
    # No part of what is written like a card is somebody's telephone.
    return "" if window.shape[:4] == _CARD_HEAD and (is_issued or label in _NOBODYS) else None


def _goes_on(text: str, end: int) -> bool:
    """Whether what ends here is only a part of something longer."""
    after = text[end : end + 2]
    if after[0] in ".-_" and after[1:].isdigit():
        return _EXTENSION.match(text, end) is None
    if not (after[0].isascii() and after[0].isalpha()):
        return False
    if _TAIL_X.match(text, end) or _EXTENSION.match(text, end):
        return False
    return after[0].isupper() or not after[1:].isalpha()


def _is_joined(text: str, end: int, start: int) -> bool:
    """Whether a group of digits is only the next part of a longer code."""
    return start - end == 1 and text[end] in "-_."


def _is_part_of_a_code(text: str, start: int) -> bool:
    """Whether letters stand right before these digits, as in a serial number, and are no word that introduces them."""
    if not start or not (text[start - 1] in "-_#/." or (text[start - 1].isascii() and text[start - 1].isalpha())):
        return False
    found = _CODE_BEFORE.search(text, max(0, start - 16), start)
    if found is None or label_before(text, start) not in (None, "keep"):
        return False
    word, joint = found.group(1), text[start - 1]
    if joint in "/.#" or word.lower() in (_OWNERS if joint in "-_" else _PARTING):
        return False
    return joint in "-_" or word.isupper() or len(word) <= 2


def _beyond_the_code(text: str, groups: list[tuple[int, int]], at: int) -> int:
    size = groups[at][1] - groups[at][0]
    at += 1
    while at < len(groups) and groups[at][0] - groups[at - 1][1] == 1 and text[groups[at - 1][1]] in "-_./":
        if text[groups[at - 1][1]] == "/" and size >= _WHOLE:
            break
        size += groups[at][1] - groups[at][0]
        at += 1
    return at


def _whole(text: str, window: Window, kind: str) -> tuple[int, int]:
    """From the plus or the bracket before the digits to the letter or the extension after them."""
    start, end = window.start, window.end
    if kind == "identity" and len(window.digits) == 17 and (tail := _TAIL_X.match(text, end)):
        return start, tail.end()
    if kind != "phone":
        return start, end
    if window.plus and (sign := COUNTRY_BEFORE.search(text, max(0, start - 4), start)):
        start = sign.start()
    elif start and text[start - 1] == "(" and any(")" in gap for gap in window.between):
        start -= 1
    extension = _EXTENSION.match(text, end)
    return start, extension.end() if extension else end
