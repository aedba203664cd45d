"""Writes the Grafana dashboard `closedloop – overview`: `python deploy/grafana/generate.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
ONE_OF = 'department=~"$department"'
ROW, STAT_HEIGHT, TREND_HEIGHT = 24, 4, 8

Panel = dict[str, Any]


def targets(queries: dict[str, str]) -> list[dict[str, Any]]:
    """Legend and query, in the order of the legend."""
    return [
        {"refId": chr(ord("A") + n), "datasource": DATASOURCE, "expr": query, "legendFormat": legend}
        for n, (legend, query) in enumerate(queries.items())
    ]


def panel(kind: str, title: str, description: str, unit: str, queries: dict[str, str], **defaults: Any) -> Panel:
    """The parts of every panel: a title, a sentence about its content, a unit and its queries."""
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "targets": targets(queries),
        "fieldConfig": {"defaults": {"unit": unit, "noValue": "0", **defaults}, "overrides": []},
        "options": {},
    }


def stat(title: str, description: str, query: str, alarm_at: float | None = None) -> Panel:
    """One number; red from `alarm_at` on."""
    steps = [{"color": "green", "value": None}, *([] if alarm_at is None else [{"color": "red", "value": alarm_at}])]
    found = panel("stat", title, description, "short", {title: query}, thresholds={"mode": "absolute", "steps": steps})
    found["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
    return found


def trend(title: str, description: str, unit: str, queries: dict[str, str]) -> Panel:
    """Lines over time."""
    found = panel("timeseries", title, description, unit, queries, custom={"fillOpacity": 10, "showPoints": "never"})
    found["options"] = {"legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"]}}
    return found


def per_minute(counter: str, by: str = "", where: str = "") -> str:
    """How many a minute, with the counter's restarts taken into account."""
    grouped = f" by ({by})" if by else ""
    selector = f"{{{where}}}" if where else ""
    return f"60 * sum{grouped}(rate({counter}{selector}[$__rate_interval]))"


STATS = (
    stat(
        "Received",
        "Complaints received since the processes started, from all sources; a complaint has no department yet.",
        "sum(closedloop_received_total)",
    ),
    stat(
        "Closed",
        "Complaints closed since the processes started, whatever the ending; an ending belongs to no department.",
        "sum(closedloop_closed_total)",
    ),
    stat(
        "Breached",
        "Deadlines that passed at the chosen departments since the processes started, retracted ones included.",
        f"sum(closedloop_breached_total{{{ONE_OF}}})",
        alarm_at=1,
    ),
    stat(
        "Escalated",
        "Rungs taken above a breach at the chosen departments since the processes started, reminders included.",
        f"sum(closedloop_escalated_total{{{ONE_OF}}})",
        alarm_at=1,
    ),
    stat(
        "Dead letters",
        "Messages that no service could take, since the processes started. See docs/runbooks.md.",
        "sum(closedloop_dead_letters_total)",
        alarm_at=1,
    ),
    stat(
        "Lag",
        "Records that the services have not read yet, over all topics and partitions.",
        "sum(closedloop_consumer_lag)",
        alarm_at=1000,
    ),
)

TRENDS = (
    trend(
        "In and out",
        "Complaints received, answered by the chosen departments, reopened and closed, a minute.",
        "cpm",
        {
            "received": per_minute("closedloop_received_total"),
            "answered": per_minute("closedloop_answered_total", where=ONE_OF),
            "reopened": per_minute("closedloop_reopened_total"),
            "closed": per_minute("closedloop_closed_total"),
        },
    ),
    trend(
        "Deadlines",
        "Warnings and breaches of the chosen departments, a minute, by target.",
        "cpm",
        {
            "warned: {{target}}": per_minute("closedloop_deadlines_approaching_total", "target", ONE_OF),
            "breached: {{target}}": per_minute("closedloop_breached_total", "target", ONE_OF),
        },
    ),
    trend(
        "Escalated by department",
        "Rungs taken above a breach, a minute, by department and level.",
        "cpm",
        {"{{department}}, level {{level}}": per_minute("closedloop_escalated_total", "department, level", ONE_OF)},
    ),
    trend(
        "At risk, and watched",
        "Complaints of the chosen departments that were warned of and are not late yet, and all that are watched.",
        "short",
        {
            "{{department}}, {{plan}}": f"max by (department, plan) (closedloop_at_risk{{{ONE_OF}}})",
            "watched: {{target}}": "max by (target) (closedloop_timers_armed)",
        },
    ),
    trend(
        "How deadlines ended",
        "Targets met in time and late, moved and cancelled, a minute, by the fact that did it; of all departments.",
        "cpm",
        {
            "met": per_minute("closedloop_met_total"),
            "late: {{target}}": per_minute("closedloop_missed_total", "target"),
            "moved: {{why}}": per_minute("closedloop_moved_total", "why"),
            "cancelled: {{why}}": per_minute("closedloop_cancelled_total", "why"),
        },
    ),
    trend(
        "Waiting and consent",
        "Pauses of the chosen departments by reason, and what became of requests for consent, a minute.",
        "cpm",
        {
            "{{department}} waits: {{reason}}": per_minute("closedloop_paused_total", "department, reason", ONE_OF),
            "{{what}} {{outcome}}": per_minute("closedloop_approvals_total", "what, outcome"),
        },
    ),
    trend(
        "Major incidents",
        "Incidents by who declared them, reports of them, and reports on how they stand that did not come, a minute.",
        "cpm",
        {
            "by the {{by}}": per_minute("closedloop_incidents_declared_total", "by"),
            "reported": per_minute("closedloop_incidents_reported_total"),
            "no news: {{department}}": per_minute(
                "closedloop_breached_total", "department", f'target="update",{ONE_OF}'
            ),
        },
    ),
    trend(
        "Nobody above, nobody there",
        "Rungs at the top of the chain, and rungs that nobody was there to tell when they were due, a minute.",
        "cpm",
        {
            "top: {{department}}": per_minute("closedloop_escalated_total", "department", f'top="true",{ONE_OF}'),
            "caught up: {{rung}}": per_minute("closedloop_rungs_caught_up_total", "rung"),
        },
    ),
    trend(
        "Returned and refused",
        "Complaints that the chosen departments gave back (退单), and replies that were not legal, a minute.",
        "cpm",
        {
            "returned by {{department}}": per_minute("closedloop_returned_total", "department", ONE_OF),
            "refused to {{department}}: {{reason}}": per_minute(
                "closedloop_replies_refused_total", "department, reason", ONE_OF
            ),
        },
    ),
    trend(
        "Lag by service",
        "Records that a service has not read yet; a line that never falls is a consumer that stands still.",
        "short",
        {"{{service}}": "sum by (service)(closedloop_consumer_lag)"},
    ),
    trend(
        "Dead letters by reason",
        "Messages that no service could take, since the processes started.",
        "short",
        {"{{service}}: {{reason}}": "sum by (service, reason)(closedloop_dead_letters_total)"},
    ),
    trend(
        "Parked and unsaid",
        "Complaints that stand still after an exception, and those with messages the broker has not acknowledged yet.",
        "short",
        {"{{service}}: {{state}}": "max by (service, state)(closedloop_documents)"},
    ),
    trend(
        "Overdue timers",
        "How far, in virtual time, the oldest timer that is due and not yet fired lies behind the services' clock.",
        "s",
        {
            "{{service}}": "(closedloop_clock_timestamp_seconds - closedloop_oldest_due_timestamp_seconds) "
            "* (closedloop_oldest_due_timestamp_seconds > bool 0)"
        },
    ),
    trend(
        "Timer lateness",
        "Real time between due and fired: nine of ten timers fire within it.",
        "s",
        {
            "{{service}}": "histogram_quantile(0.9, sum by (service, le)"
            "(rate(closedloop_timer_lateness_seconds_bucket[$__rate_interval])))"
        },
    ),
)


def laid_out(panels: tuple[Panel, ...], top: int, width: int, height: int) -> list[Panel]:
    """The panels side by side, row after row."""
    per_row = ROW // width

    def place(n: int) -> dict[str, int]:
        return {"x": n % per_row * width, "y": top + n // per_row * height, "w": width, "h": height}

    return [{"gridPos": place(n), **found} for n, found in enumerate(panels)]


def department() -> dict[str, Any]:
    """The variable `$department`; `All` also holds who has no breach yet."""
    series = '{__name__=~"closedloop_routed_total|closedloop_breached_total"}'
    query = f"label_values({series}, department)"
    return {
        "name": "department",
        "label": "Department",
        "type": "query",
        "datasource": DATASOURCE,
        "query": {"query": query, "refId": "department"},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    stats = laid_out(STATS, 0, ROW // len(STATS), STAT_HEIGHT)
    panels = [*stats, *laid_out(TRENDS, STAT_HEIGHT, ROW // 2, TREND_HEIGHT)]
    return {
        "uid": "closedloop-overview",
        "title": "closedloop – overview",
        "description": "Is every complaint on its way, and does anybody have to act?",
        "tags": ["closedloop"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "5s",
        "time": {"from": "now-30m", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [department()]},
        "panels": [{"id": n, **found} for n, found in enumerate(panels, start=1)],
    }


def text() -> str:
    """The dashboard as its file holds it."""
    return json.dumps(dashboard(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    (HERE / "overview.json").write_text(text(), encoding="utf-8")
