"""A small policy pack to change, and the command that reads it."""

from __future__ import annotations

from typing import Any

import typer
from typer.testing import CliRunner, Result

from closedloop.commands import policy


def step(percent: int | None, **more: Any) -> dict[str, Any]:
    return {"at_percent": percent, "level": 0, "role": "head", "action": "urge", **more}


def pack(**changes: Any) -> dict[str, Any]:
    """A small pack that holds together, but for what is changed."""
    return {
        "name": "small",
        "version": "1",
        "centre": "centre",
        "trust": "10m",
        "assign_within": "4h",
        "centre_ladder": "standard",
        "departments": {
            "centre": {"zh": "中心", "en": "Centre", "kind": "centre"},
            "water": {"zh": "水务局", "en": "Water"},
            "desk": {"zh": "回访组", "en": "Desk", "kind": "desk"},
        },
        "routes": [{"category": ["water/*"], "department": "water", "plan": "ordinary"}],
        "plans": {"ordinary": plan()},
        "ladders": {"standard": {"steps": [step(75), step(100)]}},
        **changes,
    }


def plan(**changes: Any) -> dict[str, Any]:
    visit = {"desk": "desk", "opens_after": "24h", "due_after": "48h"}
    return {"targets": {"answer": "3d"}, "ladder": "standard", "visit": visit, **changes}


def run(*arguments: str, brokers: str | None = None, bound: str | None = None) -> Result:
    app = typer.Typer()
    policy.register(app)
    environment = {"KAFKA_BOOTSTRAP_SERVERS": brokers, "CLOSEDLOOP_POLICIES": bound}
    return CliRunner().invoke(app, ["policy", *arguments], env=environment)
