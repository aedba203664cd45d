"""Masks free text: the finders that look at it, and the replacement of each finding by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.languages import Language, is_chinese
from services.shared.privacy import addresses, births, codes, handles, names, numbers, rooms, spelt
from services.shared.privacy.marks import Found, mark
from services.shared.privacy.plain import plain

_ROUNDS = 4
"""What is masked may have hidden what stands next to it: so the text is looked at until there is nothing left."""

_DIGIT = re.compile("[0-9]")
_NO_DIGIT = re.compile("[^0-9]+")
_FEWEST = 5
"""A telephone number that is shorter could be any number."""

_AREA = re.compile(r"\(?0[0-9]{2,3}\)?[ )-]{1,2}(?=[0-9 -]{7,})|(?:\+|00)[0-9]{1,3}[ -](?=[0-9 -]{8,})")
"""The area, or the country, of a telephone that is written apart from the rest."""


class Known(NamedTuple):
    """Something private that is known beforehand: a name, a telephone or an address of mail."""

    kind: str
    value: str


def masked(text: str, said: Language | None = None, known: tuple[Known, ...] = (), spoken: str | None = None) -> str:
    """Free text with what is private replaced by its kind.

    The kind is written in the language that the message names, else in the text's own; `spoken` is the language of
    what the message is about, which decides for a text without a word of Chinese.
    """
    language: Language = said or ("zh" if spoken == "zh" or is_chinese(text) else "en")
    for _ in range(_ROUNDS):
        before, text = text, _once(text, language, known)
        if text is before:
            break
    return text


def _once(text: str, language: Language, known: tuple[Known, ...]) -> str:
    seen = plain(text)
    found = _apart(sorted(_found(seen.text, known)))
    if not found:
        return text
    parts, written = list[str](), 0
    for one in found:
        start, end = seen.place(one.start, one.end)
        parts += [text[written:start], mark(one.kind, language)]
        written = end
    return "".join((*parts, text[written:]))


def _found(text: str, known: tuple[Known, ...]) -> Iterator[Found]:
    lowered = text.lower()
    if _DIGIT.search(text):
        yield from numbers.found_in(text)
        yield from codes.found_in(text, lowered)
        yield from addresses.found_in(text, lowered)
        yield from rooms.found_in(text, lowered)
    yield from rooms.found_in_words(text)
    yield from births.found_in(text, lowered)
    yield from handles.found_in(text, lowered)
    yield from spelt.found_in(text, lowered)
    yield from names.introduced(text, lowered)
    for kind, value in known:
        yield from _known(text, lowered, kind, value)


def _known(text: str, lowered: str, kind: str, value: str) -> Iterator[Found]:
    """Where something stands that the message itself says of a person, as it is spelt there or otherwise."""
    value = plain(value).text
    if kind == "name":
        yield from names.known(lowered, value)
    elif kind == "phone":
        yield from _known_telephone(text, value)
    elif kind == "mail" and "@" in value and (mail := value.strip().lower()) in lowered:
        yield from (Found(m.start(), m.end(), kind) for m in re.finditer(re.escape(mail), lowered))


def _known_telephone(text: str, value: str) -> Iterator[Found]:
    """Where the telephone stands, with its area or without."""
    digits, seen = _NO_DIGIT.sub("", value), _NO_DIGIT.sub("", text)
    area = _AREA.match(value)
    for number in (digits, digits[len(_NO_DIGIT.sub("", area[0])) :] if area else ""):
        if len(number) >= _FEWEST and number in seen:
            form = r"[ ()./-]{0,3}".join(number)
            yield from (Found(m.start(), m.end(), "phone") for m in re.finditer(rf"(?<![0-9]){form}(?![0-9])", text))


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of what overlaps, what begins first."""
    kept = list[Found]()
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
