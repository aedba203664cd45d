"""The pauses that a target has had: for what, from when until when, how each ended, and how far it moved the date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from closedloop.explain.origin import moment
from schemas.facts import (
    ComplaintAnswered,
    ComplaintReturned,
    ComplaintRouted,
    Fact,
    Pause,
    Target,
    WorkPaused,
    WorkResumed,
)
from schemas.policy import PolicyPack
from services.shared.timing.counting import counting

OPEN, CAP = "open", "cap"
ENDS_A_PAUSE = (WorkResumed, ComplaintAnswered, ComplaintReturned, ComplaintRouted)


@dataclass(frozen=True, slots=True)
class Waited:
    """One pause of a target; `moved` is by how much of the time that counts it moves the date."""

    reason: str
    start: datetime
    end: datetime
    ended: str
    """`open` while it lasts, `cap` where it ended by itself, else the fact that ended it before."""
    moved: timedelta


def waits(policy: PolicyPack, target: Target, facts: Sequence[Fact], at: datetime) -> Iterator[Waited]:
    """The pauses of a target in order, as they stood at a moment."""
    counts = counting(policy, target.calendar)
    for pause in sorted(target.pauses, key=lambda pause: pause.starts_at):
        moved = counts.between(pause.starts_at, pause.ends_at)
        yield Waited(pause.reason, pause.starts_at, pause.ends_at, _ended(pause, facts, at), moved)


def _ended(pause: Pause, facts: Sequence[Fact], at: datetime) -> str:
    if at < pause.ends_at:
        return OPEN
    # A target that begins anew meanwhile waits from then on: its pause begins later than the work's.
    begun = [one for one in facts if isinstance(one, WorkPaused) and one.judged_at <= pause.starts_at]
    ends = (one for one in facts if isinstance(one, ENDS_A_PAUSE) and moment(one) == pause.ends_at)
    ended = next(ends, None)
    return CAP if ended is None or not begun or pause.ends_at >= begun[-1].until else type(ended).__name__
