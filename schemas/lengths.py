"""How long something may take, as policy packs say it: all of the time, working time, or again and again."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from schemas.base import Record, Span


class Part(Record):
    """A part of a pack: a word it does not know is refused, because a mistyped rule would silently not hold."""

    model_config = ConfigDict(extra="forbid")


class Working(Part):
    """A length of working time, which counts while the calendar of whoever has to act is open."""

    working: Span = Field(description="open hours; 24h are a day and a night of them")


Length = Span | Working
"""How long something may take: all of the time counts, or working time alone."""


class Every(Part):
    """A target that begins anew each time it is met."""

    every: Length


def span_of(length: Length) -> Span:
    """How long that is, whatever counts."""
    return length.working if isinstance(length, Working) else length


def once(length: Length | Every) -> Length:
    """How long a target may take, whether it begins anew or not."""
    return length.every if isinstance(length, Every) else length
