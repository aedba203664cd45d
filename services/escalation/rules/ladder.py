"""The arithmetic of a ladder: when each rung of a clock is due, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, takewhile

from schemas.lengths import many
from schemas.policy import Ladder, PolicyPack, Step
from schemas.targets import kind_of
from services.escalation.rules.clocks import TargetClock
from services.shared.timing.clock import ceil_ms
from services.shared.timing.counting import backwards, counting_for, further, next_opening


@dataclass(frozen=True, slots=True)
class RungDue:
    """One rung of one clock: its number from 1, when it is due, and what the policy says about it."""

    number: int
    due_at: datetime
    step: Step
    queue: str
    top: bool
    """Whether nobody stands above."""

    @property
    def is_reminder(self) -> bool:
        """Whether it stands above the last step."""
        return not self.step.stands


def rungs(clock: TargetClock, policy: PolicyPack, told: int = 0) -> Iterator[RungDue]:
    """The rungs of a clock in order, after those already told; endless where a reminder stands above the last step.

    Their numbers and times follow from the clock and its policy alone, whatever was told. A warning that was told
    before the date moved, and was due by then, is not told again.
    """
    ladder = policy.ladder_of(clock.target.name, clock.plan)
    last, highest = len(ladder.steps), clock.target.starts_at
    tops = () if kind_of(clock.target.name).ends_at_its_date else (last,)
    for number, step in enumerate(ladder.steps, start=1):
        if number <= told and number < last and _is_share(step) and _is_share(ladder.steps[number]):
            continue  # Told, and the next share stands no lower: it need not be counted.
        # However the lengths compare in the time that counts, no step stands below the one before it.
        highest = max(highest, _due_at(clock, step, policy))
        is_told = step.is_warning and number in clock.warned and highest <= (clock.since or highest)
        if number > told and not is_told:
            yield _rung(clock, policy, number, highest, _raised(ladder, step, clock), number in tops)
    if ladder.reminder is None:
        return
    reminder = ladder.reminder
    above = Step(level=ladder.steps[-1].level, role=reminder.role, queue=reminder.queue, action=reminder.action)
    for n in count(max(1, told - last + 1)):
        due = further(policy, many(reminder.every, n), clock.department, highest).due_at
        yield _rung(clock, policy, last + n, due, above, True)


def _is_share(step: Step) -> bool:
    return step.at_percent is not None


def due_at(clock: TargetClock, percent: int, policy: PolicyPack) -> datetime:
    """When this share of the target's time has counted, in whole milliseconds, never early."""
    target, counts = clock.target, counting_for(policy, clock.target)
    whole = counts.between(target.starts_at, target.due_at)
    if percent >= 100:
        # From the date itself: it may stand where nothing counts, such as at midnight.
        return ceil_ms(counts.add(target.due_at, whole * (percent - 100) / 100))
    return ceil_ms(counts.add(target.starts_at, whole * percent / 100))


def _due_at(clock: TargetClock, step: Step, policy: PolicyPack) -> datetime:
    if step.at_percent is not None:
        return due_at(clock, step.at_percent, policy)
    department, date = clock.department, clock.target.due_at
    if step.before is not None:
        return backwards(policy, step.before, department, date)
    if step.after is not None:
        return further(policy, step.after, department, date).due_at
    return next_opening(policy, department, date)


def next_rung(clock: TargetClock, told: int, policy: PolicyPack) -> RungDue | None:
    """The first rung after those already told; None where the ladder ends."""
    return next(rungs(clock, policy, told), None)


def missed(clock: TargetClock, told: int, until: datetime, policy: PolicyPack) -> list[RungDue]:
    """The rungs that were due by then and have not been told, in order."""
    return list(takewhile(lambda rung: rung.due_at <= until, rungs(clock, policy, told)))


def _raised(ladder: Ladder, step: Step, clock: TargetClock) -> Step:
    """The step as a later cycle or a major incident takes it: told to the level above, as far as the ladder goes."""
    level = min(step.level + clock.level, ladder.highest)
    if level == step.level:
        return step
    above = next((s for s in ladder.steps if s.level == level), step)
    return step.model_copy(update={"level": level, "role": above.role, "queue": above.queue})


def _rung(clock: TargetClock, policy: PolicyPack, number: int, due: datetime, step: Step, top: bool) -> RungDue:
    return RungDue(number, due, step, policy.centre if step.queue == "centre" else clock.department, top)
