"""What intake counts beside what every service counts: each metric declared once, with its meaning."""

from __future__ import annotations

from prometheus_client import Counter

from schemas.facts import ComplaintReceived
from services.shared.tally import Count, Counts

RECEIVED = Counter("closedloop_received", "Complaints received", ["source", "channel"])

COUNTS: Counts = (Count(ComplaintReceived, RECEIVED, ("source", "channel")),)
