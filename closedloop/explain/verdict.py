"""The verdict on a target: in time, late, moved, taken away or running, with the used part of its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from closedloop.explain.following import Followed
from schemas.facts import BreachRetracted, DeadlineMissed, Rung
from schemas.policy import PolicyPack
from schemas.targets import kind_of
from services.shared.timing.counting import Counting, counting_for

State = Literal["running", "passed", "met", "missed", "breached", "moved", "cancelled", "ended"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`at` is when it was done, moved or taken away, or else the moment that was asked for; `by` the fact that did it.

    `passed`: the date is over and nobody has been told of it yet; `breached`: somebody has; `ended`: a pause at its
    cap, with which nobody is late. Used and left are what counts, then what the wall shows; left is negative by as
    much as it is late. `moved_to` and `to_revision` are the date that took the place of one that was moved.
    """

    state: State
    open: bool
    at: datetime
    by: str | None
    used: timedelta
    used_wall: timedelta
    left: timedelta
    left_wall: timedelta
    stands: bool
    """Whether a breach was told and not taken back."""
    taken_back: bool
    taken_back_because: str | None
    """met, moved or cancelled."""
    moved_to: datetime | None
    to_revision: int | None
    said: str | None
    """The fact in which escalation tells how the clock ended; None where it has not yet."""


def verdict(policy: PolicyPack, followed: Followed, now: datetime) -> Verdict:
    """How a clock stands at `now`."""
    state, at, stop = _state(followed, now), _at(followed, now), followed.stop
    target, counts = followed.clock.target, counting_for(policy, followed.clock.target)
    successor = followed.clock.ended.successor if followed.clock.ended and state == "moved" else None
    left, left_wall = _left(followed, counts, at)
    return Verdict(
        state=state,
        open=stop is None and state != "ended",
        at=at,
        by=None if stop is None or state == "ended" else type(stop).__name__,
        used=counts.between(target.starts_at, at),
        used_wall=at - target.starts_at,
        left=left,
        left_wall=left_wall,
        stands=_stands(followed),
        taken_back=_breach_taken_back(followed) is not None,
        taken_back_because=back.why if (back := _breach_taken_back(followed)) else None,
        moved_to=successor.due_at if successor else None,
        to_revision=successor.revision if successor else None,
        said=type(followed.verdict).__name__ if followed.verdict else None,
    )


def _left(followed: Followed, counts: Counting, at: datetime) -> tuple[timedelta, timedelta]:
    """The time that is left; the delay of a late one comes from escalation."""
    due_at, said = followed.clock.target.due_at, followed.verdict
    if isinstance(said, DeadlineMissed):
        return -said.late, -said.late_wall
    return counts.between(at, due_at) if at <= due_at else -counts.between(due_at, at), due_at - at


def _at(followed: Followed, now: datetime) -> datetime:
    clock, stop = followed.clock, followed.ended_by
    if _ends_itself(followed, now):
        return clock.target.due_at
    if clock.done_at is not None:
        return clock.done_at
    return clock.ended.at if clock.ended else stop.at if stop else now


def _state(followed: Followed, now: datetime) -> State:
    clock = followed.clock
    if _ends_itself(followed, now):
        return "ended"
    if clock.done_at is not None:
        return "met" if clock.done_at <= clock.target.due_at else "missed"
    if followed.ended_by is not None:
        return "moved" if clock.ended and clock.ended.successor else "cancelled"
    if _stands(followed):
        return "breached"
    return "running" if now < clock.target.due_at else "passed"


def _ends_itself(followed: Followed, now: datetime) -> bool:
    """Whether the date has come at which this happens without anybody's doing."""
    clock, stop = followed.clock, followed.ended_by
    if not kind_of(clock.target.name).ends_at_its_date or clock.done_at is not None:
        return False
    return (clock.ended.at if clock.ended else stop.at if stop else now) >= clock.target.due_at


def _stands(followed: Followed) -> bool:
    is_told = any(isinstance(rung, Rung) and rung.due_at >= rung.target_due_at for rung in followed.told)
    return is_told and _breach_taken_back(followed) is None and not kind_of(followed.clock.target.name).ends_at_its_date


def _breach_taken_back(followed: Followed) -> BreachRetracted | None:
    return followed.retracted if isinstance(followed.retracted, BreachRetracted) else None
