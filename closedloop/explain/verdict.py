"""How a target came out, or how it stands: in time, late, taken away, or still running, with what is used of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from closedloop.explain.following import Followed
from schemas.facts import Fact, Rung
from schemas.policy import PolicyPack
from services.shared.counting import counting

State = Literal["running", "passed", "met", "breached", "cancelled"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`at` is when it was done or taken away, or else the moment that was asked for; `by` the fact that did it.

    `passed`: the date is over and nobody has been told of it yet. Used and left are what counts, then what the wall
    shows; left is negative by as much as it is late.
    """

    state: State
    open: bool
    at: datetime
    by: str | None
    used: timedelta
    used_wall: timedelta
    left: timedelta
    left_wall: timedelta
    taken_back: bool


def verdict(policy: PolicyPack, followed: Followed, now: datetime) -> Verdict:
    """How a clock stands at `now`."""
    clock, ended = followed.clock, followed.stop
    at = clock.done_at or (followed.ended_by.at if followed.ended_by else now)
    counts, target = counting(policy, clock.target.calendar), clock.target
    return Verdict(
        state=_state(followed, now),
        open=ended is None,
        at=at,
        by=None if ended is None else type(ended).__name__,
        used=counts.between(target.starts_at, at),
        used_wall=at - target.starts_at,
        left=counts.between(at, target.due_at),
        left_wall=target.due_at - at,
        taken_back=followed.retracted is not None,
    )


def _state(followed: Followed, now: datetime) -> State:
    done_at, due_at = followed.clock.done_at, followed.clock.target.due_at
    if done_at is not None:
        return "met" if done_at <= due_at else "breached"
    if any(_is_breach(rung) for rung in followed.told) and followed.retracted is None:
        return "breached"
    if followed.ended_by is not None:
        return "cancelled"
    return "running" if now < due_at else "passed"


def _is_breach(fact: Fact) -> bool:
    return isinstance(fact, Rung) and fact.due_at >= fact.target_due_at
