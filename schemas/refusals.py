"""Why something is refused: a stable code, a sentence of the table in either language, and what the sentence names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import Field

from schemas.base import Line, Record
from schemas.faults import where_and_what
from schemas.languages import Language
from schemas.sentences import SENTENCES

LONGEST = 500
"""How many characters of what a sender wrote are said back."""


class Why(Protocol):
    """A reason of a refusal, with its sentences."""

    @property
    def code(self) -> str:
        """The same in every language, for programs."""

    def said(self, language: Language) -> str:
        """The explanation, for people."""


class Reason(Record):
    """A sentence of the table, and the values that it names."""

    sentence: Line = Field(description="a row of the table of sentences: a code, behind a dot which of its sentences")
    values: dict[str, str] = Field(default={}, description="what the sentence names")

    @property
    def code(self) -> str:
        """The same in every language, for programs."""
        return self.sentence.partition(".")[0]

    def said(self, language: Language) -> str:
        """The explanation, for people."""
        return SENTENCES[self.sentence][language].format_map(self.values)

    @property
    def can_be_said(self) -> bool:
        """Whether this version knows the sentence: a newer one may have said it."""
        row = SENTENCES.get(self.sentence)
        try:
            return row is not None and all(text.format_map(self.values) for text in row.values())
        except KeyError:
            return False


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of a message's fields, as pydantic found them."""

    errors: tuple[Any, ...]
    code: str = "unreadable"

    def said(self, language: Language) -> str:
        """Each fault: where and what."""
        return "; ".join(where_and_what(error, language) for error in self.errors)


class Explained(Exception):
    """Something that its sender hears why of; its text is English, for logs and operators."""

    def __init__(self, why: Why | str) -> None:
        self.why: Why = because("unreadable", what=why) if isinstance(why, str) else why
        super().__init__(self.why.said("en"))


def because(sentence: str, **values: object) -> Reason:
    """The reason of this row; moments are written as ISO 8601, and what is long is cut."""
    return Reason(sentence=sentence, values={name: _text(value) for name, value in values.items() if value is not None})


def coded(whys: Iterable[Why], language: Language) -> tuple[str, ...]:
    """Each as `code: explanation`: what stands before the colon is for programs."""
    return tuple(f"{why.code}: {why.said(language)}" for why in whys)


def _text(value: object) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return text.encode(errors="replace").decode()[:LONGEST]
