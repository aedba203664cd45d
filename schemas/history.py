"""The map of a history: what each column of a file of old requests holds, how times are written, what values mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.base import Line, Name
from schemas.facts import Channel
from schemas.languages import Language
from schemas.lengths import Part
from schemas.topics import HTTP_SOURCE

ISO = "iso"
"""Stands for ISO 8601 among the formats: `2022-01-03T10:41:29`, with a zone or without, or a day alone."""

PROBE = datetime(2022, 1, 3, 10, 41, 29, tzinfo=UTC)

Ending = Literal["ended", "open"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        raise PydanticCustomError(
            "time_zone", "{given} is no time zone, such as America/New_York", {"given": name}
        ) from error
    return name


def _format(text: str) -> str:
    """A format that gives a day when it is read back."""
    if text == ISO:
        return text
    try:
        read = datetime.strptime(PROBE.strftime(text), text)
    except ValueError as error:
        raise PydanticCustomError(
            "time_format", "{given} is no format of a time, such as %Y-%m-%d %H:%M:%S", {"given": text}
        ) from error
    if read.date() != PROBE.date():
        raise PydanticCustomError(
            "day_format", "{given} does not say which day it is, as %Y-%m-%d does", {"given": text}
        )
    return text


def _source(name: str) -> str:
    if name == HTTP_SOURCE:
        raise PydanticCustomError(
            "own_source", "{given} is the HTTP door's own name: another, such as city311", {"given": name}
        )
    return name


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        raise PydanticCustomError(
            "encoding", "{given} is no encoding, such as utf-8 or latin-1", {"given": name}
        ) from error
    return name


Column = Annotated[str, Field(min_length=1, max_length=200)]
Zone = Annotated[Line, AfterValidator(_zone)]
Format = Annotated[Line, AfterValidator(_format)]
Written = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d", "examples": ["2022-06-01 00:00:00"]}),
]
"""A time as people write it; without a zone it is the map's."""


class Columns(Part):
    """Which column of the file holds what; only `opened` must be named."""

    id: Column | None = Field(default=None, description="the sender's own id; where it is empty one is made of the row")
    opened: Column = Field(description="when the request was made")
    due: Column | None = Field(default=None, description="by when an answer was promised; empty: nothing was")
    closed: Column | None = Field(default=None, description="when it was answered; empty: it is still open")
    category: Column | None = Field(default=None, description="what it is about; the department is put before it")
    department: Column | None = Field(default=None, description="who had to answer it")
    channel: Column | None = Field(default=None, description="how it came in")
    ending: Column | None = Field(default=None, description="how it ended, or whether it has")
    note: Column | None = Field(default=None, description="what the customer was told; without it, the ending is told")
    subject: Column | None = Field(default=None, description="the request in one line; without it, the category is")
    text: Column | None = Field(default=None, description="the request in full")
    area: Column | None = Field(default=None, description="where it is")

    def named(self) -> Iterator[tuple[str, str]]:
        """What the columns hold, and their names in the file."""
        yield from ((what, column) for what, column in self if column is not None)


class Values(Part):
    """What values of the file mean. A key may hold `*` and `?`; the first that fits counts; letter case is nothing."""

    channel: dict[Line, Channel] = Field(default_factory=dict, description="such as {Constituent Call: phone}")
    ending: dict[Line, Ending] = Field(default_factory=dict, description="such as {closed: ended, '*': open}")
    department: dict[Line, Name] = Field(default_factory=dict, description="such as {PWDx: public-works}")


class HistoryMap(Part):
    """How a file of old requests is read, so that `closedloop replay` can send them again."""

    source: Annotated[Name, AfterValidator(_source)] = Field(description="the upstream system as which they are sent")
    zone: Zone = Field(description="the zone of times that name none, such as America/New_York")
    dates: tuple[Format, ...] = Field(
        default=(ISO,), min_length=1, description="how times are written, as strftime has it, or iso; tried in order"
    )
    drawn_at: Written | None = Field(
        default=None, description="when the file was drawn; else, the last time at which something happened in it"
    )
    policy: Line | None = Field(
        default=None, description="the pack that it is judged by; else, each department answers by the date of the row"
    )
    language: Language = Field(default="en", description="the language of the requests")
    encoding: Annotated[Line, AfterValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = Field(default=",", description="between two cells")
    columns: Columns
    optional: tuple[Column, ...] = Field(default=(), description="those of the columns that a file may do without")
    values: Values = Values()
