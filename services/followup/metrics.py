"""What followup counts beside what every service counts; `service.py` says which facts raise them."""

from __future__ import annotations

from prometheus_client import Counter

REQUESTED = Counter("closedloop_visits_requested", "Visits whose time had come", ["desk"])
ATTEMPTED = Counter("closedloop_visits", "Visits reported, by outcome", ["outcome"])
REFUSED = Counter("closedloop_visits_refused", "Reports that were not legal", ["reason"])
REOPENED = Counter("closedloop_reopened", "Complaints whose customer says they are not solved")
CLOSED = Counter("closedloop_closed", "Complaints closed, by ending", ["ending"])
