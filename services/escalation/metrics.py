"""What escalation counts beside what every service counts: each metric declared once, with its meaning."""

from __future__ import annotations

from prometheus_client import Counter

from schemas.facts import BreachRetracted, ComplaintEscalated, DeadlineApproaching, DeadlineBreached, DeadlineMet
from services.shared.tally import Count, Counts

COUNTS: Counts = {
    DeadlineApproaching: Count(
        Counter("closedloop_deadlines_approaching", "Warnings before a deadline", ["department", "target"]),
        ("department", "target"),
    ),
    DeadlineBreached: Count(
        Counter("closedloop_breached", "Deadlines that passed, retracted ones included", ["department", "target"]),
        ("department", "target"),
    ),
    ComplaintEscalated: Count(
        Counter("closedloop_escalated", "Rungs taken above a breach, reminders included", ["department", "level"]),
        ("department", "level"),
    ),
    DeadlineMet: Count(Counter("closedloop_met", "Targets met in time", ["target"]), ("target",)),
    BreachRetracted: Count(
        Counter("closedloop_retracted", "Breaches taken back: the answer had arrived in time", ["target"]), ("target",)
    ),
}
