"""The expected result, computed from the file alone: the other half of the proof."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from closedloop.replay.outcome import Outcome, most_first
from closedloop.replay.records import History, Request


def expected(history: History) -> Outcome:
    """The outcome that the file's own times ask for, as it stands in the end."""
    taken, until = history.requests, history.until
    dirty = [request for request in taken if _is_closed_before_it_began(request)]
    promised = [request for request in taken if request.due_at is not None]
    met = [request for request in promised if _answered_by(request, request.due_at, until)]
    open_or_late = [request for request in promised if not _answered_by(request, request.due_at, until)]
    breached = [request for request in open_or_late if request.due_at is not None and request.due_at <= until]
    late = [request for request in breached if _answered_by(request, until, until)]
    return Outcome(
        accepted=len(taken),
        answered=sum(_answered_by(request, until, until) for request in taken),
        with_deadline=len(promised),
        without_deadline=len(taken) - len(promised),
        met=len(met),
        missed=len(late),
        breached=len(breached),
        answered_late=len(late),
        still_open=len(breached) - len(late),
        breached_by_agency=most_first(Counter(request.department for request in breached)),
        refused=most_first(Counter({"before_receipt": len(dirty)} if dirty else {})),
    )


def _answered_by(request: Request, moment: datetime | None, until: datetime) -> bool:
    """Whether there was an answer that counts by then."""
    if request.closed_at is None or moment is None or _is_closed_before_it_began(request):
        return False
    return request.closed_at <= min(moment, until)


def _is_closed_before_it_began(request: Request) -> bool:
    return request.closed_at is not None and request.closed_at < request.opened_at
