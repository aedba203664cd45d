"""What followup counts beside what every service counts: each metric declared once, with its meaning."""

from __future__ import annotations

from prometheus_client import Counter

from schemas.facts import ComplaintClosed, ComplaintReopened, VisitAttempted, VisitRefused, VisitRequested
from services.shared.tally import Count, Counts

REQUESTED = Counter("closedloop_visits_requested", "Visits whose time had come", ["desk"])
ATTEMPTED = Counter("closedloop_visits", "Visits reported, by outcome", ["outcome"])
REFUSED = Counter("closedloop_visits_refused", "Reports that were not legal", ["reason"])
REOPENED = Counter("closedloop_reopened", "Complaints whose customer says they are not solved")
CLOSED = Counter("closedloop_closed", "Complaints closed, by ending", ["ending"])

COUNTS: Counts = (
    Count(VisitRequested, REQUESTED, ("desk",)),
    Count(VisitAttempted, ATTEMPTED, ("outcome",)),
    Count(VisitRefused, REFUSED, ("reason",)),
    Count(ComplaintReopened, REOPENED),
    Count(ComplaintClosed, CLOSED, ("ending",)),
)
