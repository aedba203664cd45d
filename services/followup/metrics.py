"""What followup counts beside what every service counts: each metric declared once, with its meaning."""

from __future__ import annotations

from prometheus_client import Counter

from schemas.facts import ComplaintClosed, ComplaintReopened, VisitAttempted, VisitRefused, VisitRequested
from services.shared.tally import Count, Counts

COUNTS: Counts = {
    VisitRequested: Count(Counter("closedloop_visits_requested", "Visits whose time had come", ["desk"]), ("desk",)),
    VisitAttempted: Count(Counter("closedloop_visits", "Visits reported, by outcome", ["outcome"]), ("outcome",)),
    VisitRefused: Count(Counter("closedloop_visits_refused", "Reports that were not legal", ["reason"]), ("reason",)),
    ComplaintReopened: Count(Counter("closedloop_reopened", "Complaints whose customer says they are not solved")),
    ComplaintClosed: Count(Counter("closedloop_closed", "Complaints closed, by ending", ["ending"]), ("ending",)),
}
