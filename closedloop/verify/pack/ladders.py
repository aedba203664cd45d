"""Ladders as policy packs promise them: when each rung of a target is due, what it says and at which level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from closedloop.verify.pack.lengths import ALL_OF_THE_TIME, Counting, Length, Target
from closedloop.verify.tables.facts import called

Lasting = Callable[[int, Length], int]
"""Until when a length lasts from a moment on, for whoever has to act."""


class Step(NamedTuple):
    """A step of a ladder: at a percentage of the target's time, or so long after its date; and its level."""

    percent: int | None
    level: int
    after: Length | None = None


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
        steps = tuple(step for step in self.steps if step.percent is not None and step.percent <= 100)
        return Ladder(steps, has_top=False)

    def rung(
        self,
        number: int,
        target: Target,
        level: int,
        counts: Counting = ALL_OF_THE_TIME,
        lasting: Lasting = lambda start, length: start + length.span,
    ) -> Rung | None:
        """The rung of this number, counted from 1; None above the last where nobody is reminded.

        `counts` is what counts for the target, `level` by how many levels the ladder is raised.
        """
        if not self.steps:
            return None
        taken = self.steps[:number]
        # However the lengths compare in the time that counts, no step stands below the one before it.
        due = max(target.starts, *(_due(target, step, counts, lasting) for step in taken))
        if number <= len(self.steps):
            highest = max(step.level for step in self.steps)
            top = self.has_top and number == len(self.steps)
            return Rung(_kind(taken[-1]), due, min(taken[-1].level + level, highest), number, top)
        if self.every is None:
            return None
        waited = self.every._replace(span=(number - len(self.steps)) * self.every.span)
        return Rung(called("escalated"), lasting(due, waited), taken[-1].level, number, True)


def _kind(step: Step) -> str:
    percent = 101 if step.percent is None else step.percent
    return called("warned" if percent < 100 else "breached" if percent == 100 else "escalated")


def _due(target: Target, step: Step, counts: Counting, lasting: Lasting) -> int:
    if step.after is not None:
        return lasting(target.due, step.after)
    percent = step.percent or 0
    whole = counts.between(target.starts, target.due)
    # Raised to whole milliseconds, so that nothing is early; above the date it counts from the date itself.
    start, share = (target.starts, percent) if percent < 100 else (target.due, percent - 100)
    return counts.add(start, -(-whole * share // 100))
