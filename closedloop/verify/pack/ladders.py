"""Ladders as policy packs promise them: when each rung of a target is due, what it says and at which level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from closedloop.verify.pack.days import before, end
from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Counting, Length, Target
from closedloop.verify.pack.working import Working
from closedloop.verify.tables.facts import called

OF_UTC = Working({"zone": "UTC", "hours": {}})
"""The days of UTC, without any hours."""


class Step(NamedTuple):
    """A step of a ladder, and its level: at a share of the target's time, so long before or after, or at an opening."""

    percent: int | None
    level: int
    after: Length | None = None
    before: Length | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder for one target: what is said, when it is due, at which level, under which number.

    At the top nobody stands above it.
    """

    kind: str
    due: int
    level: int
    number: int
    is_top: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps in the order of their time, and how often is reminded above them."""

    steps: tuple[Step, ...]
    every: Length | None = None
    has_top: bool = True

    @property
    def up_to_the_date(self) -> Ladder:
        """The ladder without what stands above the target's date; it ends there, and has no top."""
        steps = tuple(step for step in self.steps if step.before or (step.percent or 101) <= 100)
        return Ladder(steps, has_top=False)

    def rung(
        self,
        number: int,
        target: Target,
        level: int,
        counts: Counting = ALL_OF_THE_TIME,
        calendar: Working = OF_UTC,
    ) -> Rung | None:
        """The rung of this number, counted from 1; None above the last where nobody is reminded.

        `counts` is what counts for the target, `calendar` is that of whoever has to act, `level` by how many levels
        the ladder is raised.
        """
        if not self.steps:
            return None
        taken = self.steps[:number]
        # However the lengths compare in the time that counts, no step stands below the one before it.
        due = max(target.starts, *(_due(target, step, counts, calendar) for step in taken))
        if number <= len(self.steps):
            highest = max(step.level for step in self.steps)
            top = self.has_top and number == len(self.steps)
            return Rung(_kind(taken[-1]), due, min(taken[-1].level + level, highest), number, top)
        if self.every is None:
            return None
        again = end(calendar, self.every.times(number - len(self.steps)), due, of_a_date=True).due
        return Rung(called("escalated"), again, taken[-1].level, number, True)


def _kind(step: Step) -> str:
    percent = step.percent or (0 if step.before else 101)
    return called("warned" if percent < 100 else "breached" if percent == 100 else "escalated")


def _due(target: Target, step: Step, counts: Counting, calendar: Working) -> int:
    if step.before is not None:
        return before(calendar, step.before, target.due)
    if step.after is not None:
        return end(calendar, step.after, target.due, of_a_date=True).due
    if step.percent is None:
        return calendar.opening(target.due)[0]
    percent = step.percent
    whole = counts.between(target.starts, target.due)
    # Raised to whole milliseconds, so that nothing is early; above the date it counts from the date itself.
    start, share = (target.starts, percent) if percent < 100 else (target.due, percent - 100)
    return counts.add(start, -(-whole * share // 100))
