"""How many complaints are watched, and how many are at risk; `service.py` has the counters."""

from __future__ import annotations

from prometheus_client import Gauge

from services.shared.loop.timer_gauges import Level, Levels

ARMED = Gauge("closedloop_timers_armed", "Complaints that are watched, by the target whose rung is next", ["target"])
AT_RISK = Gauge(
    "closedloop_at_risk",
    "Complaints with a target that was warned of and is neither met nor breached yet, by who has to meet it",
    ["department", "plan"],
)

LEVELS: Levels = (Level(ARMED, (0,)), Level(AT_RISK, (1, 2)))
"""The meaning of each word of a stage, see `services.escalation.rules.stage`."""
