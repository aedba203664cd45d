"""The few types that every contract is made of: instants, spans of time, identifiers and the frozen record."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_SHORT = r"([0-9]+(?:\.[0-9]+)?) *(ms|s|m|h|d|w)"
_ISO_8601 = (
    r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def to_instant(moment: datetime) -> datetime:
    """The same moment in UTC, cut to milliseconds: what the broker's and the database's clocks can tell apart."""
    if moment.tzinfo is UTC and moment.microsecond % 1000 == 0:
        return moment
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:  # pydantic gathers a ValueError, anything else would stop the reader
        raise PydanticCustomError("instant_out_of_range", "in UTC it lies outside the years 1 to 9999") from error
    beyond = moment.microsecond % 1000
    return moment.replace(microsecond=moment.microsecond - beyond) if beyond else moment


def to_moment(value: Any) -> Any:
    """The same value; a number, or text that is one, is refused: nobody can tell seconds from milliseconds."""
    # Each fact has many times, and hardly any other text has a dash behind its fourth sign.
    if isinstance(value, str) and value[4:5] == "-":
        return value
    is_number = isinstance(value, int | float)
    is_number = is_number or (isinstance(value, str) and re.fullmatch(r"\s*[-+]?[0-9.]+\s*", value) is not None)
    if is_number:
        raise PydanticCustomError("datetime_type", "Input should be a time such as 2026-03-02T08:15:00+08:00")
    return value


def to_number(value: Any) -> Any:
    """The same value; text is taken where it is all digits; true and false are no numbers."""
    is_other_text = isinstance(value, str) and not re.fullmatch("[0-9]+", value)
    if isinstance(value, bool) or is_other_text:
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


_SHAPELESS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category, of which nothing is to be seen: fillers of Hangul and the blank of Braille."""


def is_visible(text: str) -> bool:
    """Whether there is more in it than blanks, control characters and signs without a width or a shape."""
    return any(sign not in _SHAPELESS and unicodedata.category(sign)[0] not in "ZCM" for sign in text)


def to_visible(text: str) -> str:
    """The same text; one in which nothing is to be seen is refused."""
    if not is_visible(text):
        raise PydanticCustomError("blank", "there is nothing to be seen in it")
    return text


def to_span(value: Any) -> Any:
    """Read `24h`, `3d`, `90m`; pass ISO 8601 on to pydantic. Raises ValueError for all else, as for a bare number."""
    if isinstance(value, timedelta):
        return value
    text = value if isinstance(value, str) else ""
    if re.fullmatch(f"-?{_ISO_8601}", text):
        return text
    found = re.fullmatch(_SHORT, text)
    if found is None:
        raise ValueError("a length of time is written like 24h, 3d or PT24H")
    try:
        return timedelta(**{_UNITS[found[2]]: float(found[1])})
    except OverflowError as error:
        raise ValueError("a length of time that no calendar holds") from error


Instant = Annotated[AwareDatetime, BeforeValidator(to_moment), AfterValidator(to_instant)]
"""A moment, aware, UTC, in whole milliseconds."""

Span = Annotated[
    timedelta,
    BeforeValidator(to_span),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_SHORT}|{_ISO_8601})$", "examples": ["24h", "3d", "PT24H"]}),
]
"""A length of time: short (`24h`, `3d`) or ISO 8601 (`PT24H`), where a year counts 365 days and a month 30."""

Digits = BeforeValidator(to_number)
"""Marks a whole number that outsiders send: text of digits is one, as in many systems; true and false are none."""

Flag = Annotated[bool, Strict()]
"""true or false, as outsiders send it: no number and no text is one, for `"no"` would be either."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
"""A name that is part of a topic: lower case, digits and hyphens, because `.` and `_` collide in metric names."""

ComplaintId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""UUIDv5 of the upstream system's name and its own id of the complaint."""

Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True, slots=True)
class Free:
    """Marks a field that people fill in their own words: what is private in it does not become part of a fact."""


@dataclass(frozen=True, slots=True)
class Private:
    """Marks a field that identifies a person; its value is masked in the free texts of the same message, too."""

    kind: Literal["name", "phone", "mail"]


FreeLine = Annotated[Line, Free()]
Visible = AfterValidator(to_visible)
FreeText = Annotated[Text, Free()]


class Record(BaseModel):
    """A frozen message: fields it does not know are ignored, so that writers may add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")


class Said(Record):
    """What a service says on the topic of facts; the record's key is the id of the subject that it is about."""

    said_by: ClassVar[str]
    if TYPE_CHECKING:
        # Declared where its place among the fields is right.
        at: Instant

    @property
    def about(self) -> str:
        """The id of that subject."""
        raise NotImplementedError


class ToAnother(Said):
    """What one subject says to another. The receiver takes it once and in the order of `number`, per sender."""

    at: Instant
    number: int = Field(ge=1, description="the sender's count of all that it has said to others, kept in its case")
