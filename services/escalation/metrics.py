"""What escalation counts beside what every service counts; `service.py` says which facts raise them."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from services.shared.loop.timer_gauges import Level, Levels

APPROACHING = Counter("closedloop_deadlines_approaching", "Warnings before a deadline", ["department", "target"])
BREACHED = Counter("closedloop_breached", "Deadlines that passed, retracted ones included", ["department", "target"])
ESCALATED = Counter(
    "closedloop_escalated",
    "Rungs taken above a breach, reminders included; top: nobody stands above",
    ["department", "level", "top"],
)
CAUGHT_UP = Counter("closedloop_rungs_caught_up", "Rungs that nobody was there to tell when they were due", ["rung"])
MET = Counter("closedloop_met", "Targets met in time", ["target"])
MISSED = Counter("closedloop_missed", "Targets met late", ["target"])
MOVED = Counter("closedloop_moved", "Targets that got another date, by the fact that moved it", ["target", "why"])
CANCELLED = Counter(
    "closedloop_cancelled", "Targets that need not be met any more, by the fact that cancelled them", ["target", "why"]
)
RETRACTED = Counter("closedloop_retracted", "Breaches taken back: met, moved or cancelled in time", ["target"])
RUNGS_RETRACTED = Counter(
    "closedloop_rungs_retracted",
    "Clocks of which rungs were taken back that had fallen due only after the end, without a breach among them",
    ["target"],
)
ARMED = Gauge("closedloop_timers_armed", "Complaints that are watched, by the target whose rung is next", ["target"])
AT_RISK = Gauge(
    "closedloop_at_risk",
    "Complaints with a target that was warned of and is neither met nor breached yet, by who has to meet it",
    ["department", "plan"],
)

LEVELS: Levels = (Level(ARMED, (0,)), Level(AT_RISK, (1, 2)))
"""The meaning of each word of a stage, see `services.escalation.rules.stage`."""
