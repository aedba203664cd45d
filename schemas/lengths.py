"""How long something may take, as policy packs say it: hours, working time, or days; or again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from schemas.base import Digits, Record, Span

_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_TEN, _MIDNIGHT = 10 * 60, 24 * 60
_TEXT = r"([0-9]+(?:\.[0-9]+)?) *(d|w)"


class Part(Record):
    """A part of a pack: a word it does not know is refused, because a mistyped rule would silently not hold."""

    model_config = ConfigDict(extra="forbid")


class Working(Part):
    """A length of working time, which counts while the calendar of whoever has to act is open."""

    working: Span = Field(description="open hours; 24h are a day and a night of them")


def to_length(value: Any) -> Any:
    """Read `3d` and `2w` as local days; whatever else is said stays as it is. Raises ValueError for a part of a day."""
    found = re.fullmatch(_TEXT, value) if isinstance(value, str) else None
    if found is None:
        return value
    if "." in found[1]:
        raise ValueError(f"{value}: days are whole ones; parts of a day are written in hours, such as 36h")
    return {"days": int(found[1]) * (7 if found[2] == "w" else 1)}


def to_time(value: Any) -> Any:
    """Read `17:00`; YAML takes it for 1020 where it stands without quotes. Raises ValueError for what is no time."""
    if isinstance(value, int) and _TEN <= value < _MIDNIGHT:
        value = f"{value // 60}:{value % 60:02}"
    if not isinstance(value, str) or re.fullmatch(_TIME, value) is None:
        raise ValueError(f"{value}: a time of the day is written like 17:00 or 08:30")
    return value


def is_absent(value: object) -> bool:
    """Whether nothing is said: then nothing stands in the JSON, and packs published before keep their hash."""
    return value is None


def _is_staying(value: object) -> bool:
    return value == "stays"


Time = Annotated[str, BeforeValidator(to_time), WithJsonSchema({"type": "string", "pattern": _TIME})]
"""A time of the day by the wall clock: `17:00`."""

Number = Annotated[int, Digits, Field(ge=0, le=999_999_999)]


class Days(Part):
    """A number of local days, `days` or `working_days`; `docs/working-time.md` defines how they are counted."""

    days: Number | None = Field(default=None, exclude_if=is_absent, description="every day counts")
    working_days: Number | None = Field(
        default=None, exclude_if=is_absent, description="days count on which the calendar has hours"
    )
    counted_from: Literal["moment", "opening", "next_day"] | None = Field(
        default=None,
        exclude_if=is_absent,
        description="absent: the moment itself for days, the next opening for working days",
    )
    ends: Literal["same_time", "end_of_day", "close"] | Time | None = Field(
        default=None,
        exclude_if=is_absent,
        description="absent: at the same clock time; where it is counted from the next day, at the end of the last one",
    )
    cut_off: Time | None = Field(
        default=None, exclude_if=is_absent, description="what begins at this time or later counts as of the next day"
    )
    closed_last_day: Literal["stays", "next_open"] = Field(
        default="stays",
        exclude_if=_is_staying,
        description="whether a last day that is no working day stays, or the next working day takes its place",
    )

    @property
    def number(self) -> int:
        """How many days."""
        return (self.days if self.working_days is None else self.working_days) or 0

    @property
    def counts_from(self) -> Literal["moment", "opening", "next_day"]:
        """From where they are counted, said or not."""
        return self.counted_from or ("moment" if self.working_days is None else "opening")

    @property
    def ends_at(self) -> str:
        """Where on the last day they end, said or not."""
        return self.ends or ("end_of_day" if self.counts_from == "next_day" else "same_time")

    @property
    def needs_calendar(self) -> bool:
        """Whether only a calendar can tell where they end."""
        asks = self.counts_from == "opening" or self.ends_at == "close" or self.closed_last_day == "next_open"
        return asks or self.working_days is not None


class EarlierOf(Part):
    """Several lengths of which the one holds that ends first."""

    earlier_of: tuple[Length, ...] = Field(min_length=2)


class LaterOf(Part):
    """Several lengths of which the one holds that ends last."""

    later_of: tuple[Length, ...] = Field(min_length=2)


Length = Annotated[Span | Working | Days | EarlierOf | LaterOf, BeforeValidator(to_length)]
"""How long something may take: hours of all of the time, working time, or days; or the earlier or later of several."""

EarlierOf.model_rebuild()
LaterOf.model_rebuild()


class Every(Part):
    """A target that begins anew each time it is met."""

    every: Length


def parts_of(length: Length) -> tuple[Length, ...]:
    """The lengths of which one holds; none for a length that is simple."""
    if isinstance(length, EarlierOf):
        return length.earlier_of
    return length.later_of if isinstance(length, LaterOf) else ()


def simple(length: Length) -> Iterator[timedelta | Working | Days]:
    """The simple lengths of which it is made."""
    if isinstance(length, EarlierOf | LaterOf):
        for part in parts_of(length):
            yield from simple(part)
    else:
        yield length


def by_calendar(length: Length) -> bool:
    """Whether a calendar is needed to count it."""
    return any(isinstance(one, Working) or (isinstance(one, Days) and one.needs_calendar) for one in simple(length))


def span_of(length: Length) -> Span:
    """How long that is, whatever counts; a day is taken for 24 hours."""
    if isinstance(length, Working):
        return length.working
    if isinstance(length, Days):
        return timedelta(days=length.number)
    if isinstance(length, EarlierOf | LaterOf):
        pick = min if isinstance(length, EarlierOf) else max
        return pick(span_of(part) for part in parts_of(length))
    return length


def is_comparable(one: Length, other: Length) -> bool:
    """Whether the spans of two lengths tell which is longer, wherever they begin."""
    return not parts_of(one) and not parts_of(other) and _counts(one) == _counts(other)


def _counts(length: Length) -> tuple[object, ...]:
    """What a simple length counts, and where it ends."""
    if not isinstance(length, Days):
        return (isinstance(length, Working),)
    rule = length.counts_from, length.ends_at, length.cut_off, length.closed_last_day
    return length.working_days is not None, *rule


def many(length: Length, times: int) -> Length:
    """So many times a length: each number in it, so many times."""
    if isinstance(length, Working):
        return Working(working=length.working * times)
    if isinstance(length, Days):
        field = "days" if length.working_days is None else "working_days"
        return length.model_copy(update={field: length.number * times})
    if isinstance(length, EarlierOf):
        return EarlierOf.model_construct(earlier_of=tuple(many(part, times) for part in length.earlier_of))
    if isinstance(length, LaterOf):
        return LaterOf.model_construct(later_of=tuple(many(part, times) for part in length.later_of))
    return length * times


def once(length: Length | Every) -> Length:
    """How long a target may take, whether it begins anew or not."""
    return length.every if isinstance(length, Every) else length
