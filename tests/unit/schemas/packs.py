"""A small policy pack to change, and the command that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
import yaml
from typer.testing import CliRunner, Result

from closedloop.commands import policy
from closedloop.policies import checking
from closedloop.policies.source import read
from tests.builders import MONDAY

OFFICE = {"version": "1", "zone": "UTC", "hours": {"mon-fri": ["08:30-12:00", "14:00-18:00"]}}
OFFICES = {"calendar": "office", "calendars": {"office": OFFICE}}


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


def found(tmp_path: Path, content: dict[str, Any] | str) -> checking.Report:
    """What the check finds of a pack that stands in a file."""
    file = tmp_path / "mine.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True))
    return checking.checked(read(file), MONDAY)


def faults(tmp_path: Path, **changes: Any) -> list[str]:
    report = found(tmp_path, pack(**changes))
    return [fault.says for fault in (*report.faults, *report.unwise)]


def warnings(tmp_path: Path, **changes: Any) -> list[str]:
    report = found(tmp_path, pack(**changes))
    assert not report.faults and not report.unwise
    return [warning.says for warning in report.warnings if "nobody is reminded" not in warning.says]
