"""What router counts beside what every service counts: each metric declared once, with its meaning."""

from __future__ import annotations

from prometheus_client import Counter

from schemas.facts import ComplaintAnswered, ComplaintReturned, ComplaintRouted, ComplaintUnroutable, ReplyRefused
from services.shared.tally import Count, Counts

COUNTS: Counts = {
    ComplaintRouted: Count(
        Counter("closedloop_routed", "Complaints given to a department, by whom", ["department", "by"]),
        ("department", "by"),
    ),
    ComplaintUnroutable: Count(Counter("closedloop_unroutable", "Complaints that no route fits")),
    ComplaintReturned: Count(
        Counter("closedloop_returned", "Complaints that a department gave back (退单)", ["department"]), ("department",)
    ),
    ComplaintAnswered: Count(
        Counter("closedloop_answered", "Answers given to customers", ["department"]), ("department",)
    ),
    ReplyRefused: Count(
        Counter("closedloop_replies_refused", "Replies that were not legal", ["department", "reason"]),
        ("department", "reason"),
    ),
}
