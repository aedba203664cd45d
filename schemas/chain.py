"""The chain of command as policy packs say it: ladders, their steps, and the people who hold the offices."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Literal

from pydantic import Field

from schemas.base import Instant, Line, Name
from schemas.lengths import Length, Part, is_absent


class Absence(Part):
    """From when until when somebody is away; half open."""

    starts_at: Instant
    ends_at: Instant


class Person(Part):
    """Somebody who holds an office, and who stands in meanwhile."""

    zh: Line
    en: Line
    deputy: Name | None = None
    absent: tuple[Absence, ...] = ()

    def is_away(self, at: datetime) -> bool:
        """Whether they are absent at that moment."""
        return any(absence.starts_at <= at < absence.ends_at for absence in self.absent)


class Step(Part):
    """One step of a ladder: at a share of the target's time, so long before or after its date, or at an opening."""

    at_percent: int | None = Field(default=None, gt=0, le=1000)
    after: Length | None = None
    before: Length | None = Field(default=None, exclude_if=is_absent, description="so long before the date")
    at: Literal["next_opening"] | None = Field(
        default=None, exclude_if=is_absent, description="the date where it is open then, else when it opens next"
    )
    level: int = Field(ge=0)
    role: Line
    queue: Literal["owner", "centre"] = "owner"
    action: Line = Field(description="warn, urge (催办), supervise (督办), criticise (通报批评), report, remind, …")
    copies: tuple[Line, ...] = Field(default=(), description="the other offices that are told")

    @property
    def stands(self) -> tuple[object, ...]:
        """What says where it stands: one of four in a ladder, none of a reminder."""
        return tuple(one for one in (self.at_percent, self.before, self.after, self.at) if one is not None)

    @property
    def is_warning(self) -> bool:
        """Whether it stands before the target's date."""
        return self.before is not None or (self.at_percent is not None and self.at_percent < 100)

    @property
    def is_up_to_the_date(self) -> bool:
        """Whether it stands before the target's date, or on it."""
        return self.is_warning or self.at_percent == 100


class Reminder(Part):
    """A message that is repeated after the last step, until somebody acts."""

    every: Length
    role: Line
    queue: Literal["owner", "centre"] = "centre"
    action: Line = "remind"


class Ladder(Part):
    """The steps in the order of their time, and the reminder above them."""

    steps: tuple[Step, ...]
    reminder: Reminder | None = None

    @cached_property
    def up_to_the_date(self) -> Ladder:
        """The ladder without what stands above the target's date."""
        return Ladder(steps=tuple(step for step in self.steps if step.is_up_to_the_date))

    @property
    def highest(self) -> int:
        """The level of its top."""
        return max(step.level for step in self.steps)
