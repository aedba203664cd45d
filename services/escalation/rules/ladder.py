"""The arithmetic of a ladder: when each rung of a clock is due, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, takewhile

from schemas.policy import Ladder, PolicyPack, Step, span_of
from services.escalation.model import Clock
from services.shared.clock import ceil_ms
from services.shared.counting import counting


@dataclass(frozen=True, slots=True)
class RungDue:
    """One rung of one clock: its number from 1, when it is due, and what the policy says about it."""

    number: int
    due_at: datetime
    percent: int
    level: int
    role: str
    queue: str
    action: str


def rungs(clock: Clock, policy: PolicyPack, told: int = 0) -> Iterator[RungDue]:
    """The rungs of a clock in order, after those already told; endless where a reminder stands above the last step."""
    ladder = policy.ladder_of(clock.target.name, clock.plan)
    for number, step in enumerate(ladder.steps[told:], start=told + 1):
        yield _rung(
            clock, policy, number, due_at(clock, step.at_percent, policy), step.at_percent, _raised(ladder, step, clock)
        )
    if ladder.reminder is None:
        return
    reminder, last = ladder.reminder, ladder.steps[-1]
    above = Step(at_percent=1000, level=last.level, role=reminder.role, queue=reminder.queue, action=reminder.action)
    highest = due_at(clock, last.at_percent, policy)
    counts = counting(policy, policy.calendar_of(clock.department, reminder.every))
    for n in count(max(1, told - len(ladder.steps) + 1)):
        due = ceil_ms(counts.add(highest, n * span_of(reminder.every)))
        yield _rung(clock, policy, len(ladder.steps) + n, due, 1000, above)


def due_at(clock: Clock, percent: int, policy: PolicyPack) -> datetime:
    """When this share of the target's time has counted, in whole milliseconds, never early."""
    target, counts = clock.target, counting(policy, clock.target.calendar)
    whole = counts.between(target.starts_at, target.due_at)
    if percent >= 100:
        # From the date itself: it may stand where nothing counts, such as at midnight.
        return ceil_ms(counts.add(target.due_at, whole * (percent - 100) / 100))
    return ceil_ms(counts.add(target.starts_at, whole * percent / 100))


def next_rung(clock: Clock, told: int, policy: PolicyPack) -> RungDue | None:
    """The first rung after those already told; None where the ladder ends."""
    return next(rungs(clock, policy, told), None)


def missed(clock: Clock, told: int, until: datetime, policy: PolicyPack) -> list[RungDue]:
    """The rungs that were due by then and have not been told, in order."""
    return list(takewhile(lambda rung: rung.due_at <= until, rungs(clock, policy, told)))


def _raised(ladder: Ladder, step: Step, clock: Clock) -> Step:
    """The step as a later cycle takes it: told to the level above, as far as the ladder goes."""
    level = min(step.level + clock.level, max(s.level for s in ladder.steps))
    if level == step.level:
        return step
    above = next((s for s in ladder.steps if s.level == level), step)
    return step.model_copy(update={"level": level, "role": above.role, "queue": above.queue})


def _rung(clock: Clock, policy: PolicyPack, number: int, due: datetime, percent: int, step: Step) -> RungDue:
    queue = policy.centre if step.queue == "centre" else clock.department
    return RungDue(number, due, percent, step.level, step.role, queue, step.action)
