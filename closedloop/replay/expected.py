"""The expected result, computed from the file alone: the other half of the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from closedloop.replay.outcome import Outcome, most_first
from closedloop.replay.records import Request


def expected(requests: Iterable[Request], until: datetime) -> Outcome:
    """The outcome that the file's own times ask for, as it stands at `until`."""
    taken = [request for request in requests if not _is_due_before_it_began(request)]
    dirty = [request for request in taken if _is_closed_before_it_began(request)]
    promised = [request for request in taken if request.due_at is not None]
    met = [request for request in promised if _answered_by(request, request.due_at)]
    breached = [r for r in promised if not _answered_by(r, r.due_at) and r.due_at is not None and r.due_at <= until]
    late = [request for request in breached if _answered_by(request, until)]
    return Outcome(
        accepted=len(taken),
        answered=sum(_answered_by(request, until) for request in taken),
        with_deadline=len(promised),
        met=len(met),
        breached=len(breached),
        answered_late=len(late),
        still_open=len(breached) - len(late),
        breached_by_agency=most_first(Counter(request.department for request in breached)),
        refused=most_first(Counter({"before_receipt": len(dirty)} if dirty else {})),
    )


def _answered_by(request: Request, moment: datetime | None) -> bool:
    """Whether there was an answer that counts by then."""
    if request.closed_at is None or moment is None or _is_closed_before_it_began(request):
        return False
    return request.closed_at <= moment


def _is_closed_before_it_began(request: Request) -> bool:
    return request.closed_at is not None and request.closed_at < request.created_at


def _is_due_before_it_began(request: Request) -> bool:
    return request.due_at is not None and request.due_at <= request.created_at
