"""The clocks of a complaint: what runs or is done, and what ended without having been met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.facts import ComplaintClosed, Target
from schemas.targets import cycle_of, kind_of
from services.escalation.model import Case, Watched, key_of
from services.escalation.told import NOTHING_TOLD, Told


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a clock has ended without its target having been met, when, and the target that took its place."""

    at: datetime
    by: str
    successor: Target | None = None


@dataclass(frozen=True, slots=True)
class TargetClock:
    """One target of one cycle that is watched, or was."""

    cycle: int
    target: Target
    department: str
    plan: str | None
    level: int
    done_at: datetime | None
    since: datetime | None = None
    """When the target got this date."""
    warned: frozenset[int] = frozenset()
    """The rungs that were told when the target had other dates, and still stand."""
    ended: Ended | None = None

    @property
    def key(self) -> str:
        """Names the clock among all of the case."""
        return key_of(self.cycle, self.target.name, self.target.revision)

    @property
    def stopped_at(self) -> datetime | None:
        """When its target was met, moved or cancelled, by the time that counts; None while it runs."""
        return self.done_at or (self.ended.at if self.ended else None)

    @property
    def how(self) -> str:
        """How it stopped: met, moved or cancelled."""
        if self.done_at is not None:
            return "met"
        return "moved" if self.ended and self.ended.successor else "cancelled"

    @property
    def is_late(self) -> bool:
        """Whether it stopped too late: what moves or cancels a target has to come before its date."""
        if self.done_at is not None:
            return self.done_at > self.target.due_at
        return self.ended is not None and self.ended.at >= self.target.due_at


def told_of(case: Case, clock: TargetClock) -> Told:
    """The rungs and the verdict that were told of a clock."""
    return case.told.get(clock.key, NOTHING_TOLD)


def clocks(case: Case) -> Iterator[TargetClock]:
    """Every clock of the current plan and visit, running or done; none once the complaint has ended."""
    if case.visit.closed_at is None:
        yield from _current(case)


def ended(case: Case) -> Iterator[TargetClock]:
    """The stopped clocks that may have no verdict yet: those of the previous plan, and all others once a cycle is over.

    Closing cancels nothing. Whatever closing needs was done, though the facts that tell so may arrive later. Targets
    that router set meanwhile are cancelled by router, with another plan.
    """
    gone = case.plan.gone
    if gone is not None:
        now = {w.target.name: w.target for w in case.plan.watched if case.plan.cycle == gone.cycle}
        for watched in gone.watched:
            successor = now.get(watched.target.name)
            clock = _clock(case, watched, gone.cycle)
            end, done_at = Ended(gone.at, gone.by, successor), case.plan.done.get(clock.key)
            yield replace(clock, plan=gone.name, level=gone.level, done_at=done_at, ended=end)
    if case.visit.closed_at is not None:
        yield from _current(case)
    yield from (_clock(case, watched, case.plan.cycle) for watched in case.plan.watched if _is_overtaken(case, watched))


def _current(case: Case) -> Iterator[TargetClock]:
    plan, visit = case.plan, case.visit
    for watched in plan.watched:
        if not _is_overtaken(case, watched):
            yield _clock(case, watched, plan.cycle)
    if visit.target is not None:
        done = visit.done.get(key_of(visit.cycle, "visit", visit.target.revision))
        yield TargetClock(visit.cycle, visit.target, visit.desk, visit.plan, plan.raised, done)


def _is_overtaken(case: Case, watched: Watched) -> bool:
    """Whether the next cycle has begun: its plan follows, what was asked for in this one was done."""
    return case.plan.cycle < case.visit.cycle and "cycle" not in kind_of(watched.target.name).outlives


def _clock(case: Case, watched: Watched, of_cycle: int) -> TargetClock:
    plan, target = case.plan, watched.target
    cycle = cycle_of(target.name, of_cycle)
    done = plan.done.get(key_of(cycle, target.name, target.revision))
    is_met_by_the_end = ComplaintClosed in kind_of(target.name).met_by
    if done is None and is_met_by_the_end and plan.answered and plan.cycle == case.visit.cycle:
        # Only now: until the answer is heard, another plan may be on its way.
        done = case.visit.closed_at
    level, warned = max(plan.level, plan.raised), _warned(case, cycle, target)
    return TargetClock(cycle, target, watched.department, plan.name, level, done, watched.since, warned)


def _warned(case: Case, cycle: int, target: Target) -> frozenset[int]:
    before = (case.told.get(key_of(cycle, target.name, revision)) for revision in range(1, target.revision))
    return frozenset(rung for told in before if told for rung in told.rungs if rung not in told.retracted)
