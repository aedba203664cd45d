"""An independent check of what happened: it reads the topics only, and shares no code with the services."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime

from closedloop.verify.counts import Counts, counts
from closedloop.verify.derive.terms import Terms
from closedloop.verify.evidence.log import Log, Mark
from closedloop.verify.evidence.reader import Unreachable, mark, read
from closedloop.verify.evidence.records import Record
from closedloop.verify.judge import CHECKS, judge
from closedloop.verify.pack.clock import Clock, to_ms
from closedloop.verify.saying.verdict import Failure, Row, Verdict

__all__ = [
    "CHECKS",
    "Clock",
    "Counts",
    "Failure",
    "Log",
    "Mark",
    "Record",
    "Row",
    "Terms",
    "Unreachable",
    "Verdict",
    "check",
    "counts",
    "judge",
    "mark",
    "read",
    "terms",
]


def terms(
    clock: Clock,
    *,
    accepted: Iterable[str] | None = None,
    now: datetime | None = None,
    bound_s: float = 60,
    settle_s: float = 0,
    tolerance_ms: float = 5,
    since: Mark | None = None,
) -> Terms:
    """On what terms to judge; `accepted` are the ids that senders got a 2xx for.

    `now` is virtual (default: this moment); `bound_s`, `settle_s` and `tolerance_ms` are real time: how long
    something due may wait, how young a record may be without its consequences, by how much host clocks may differ.
    `since` is the `mark` from before a replay and adds `silent`.
    """
    return Terms(
        clock,
        clock.virtual(time.time() * 1000) if now is None else to_ms(now),
        bound_s * 1000,
        settle_s * 1000,
        tolerance_ms,
        None if accepted is None else frozenset(accepted),
        since,
    )


def check(
    bootstrap: str, given: Terms, *, only: Collection[str] | None = None, may_be_empty: Collection[str] = ()
) -> Verdict:
    """Read all topics from offset 0 and judge; nothing that comes after the terms were set is held against anybody.

    Raises Unreachable, and kafka-python's KafkaError.
    """
    return judge(read(bootstrap), given, only=only, may_be_empty=may_be_empty)
