"""An alert on a counter fires after a restart as it does before: real promtool, one series at a time."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

RULES = Path(__file__).parents[2] / "deploy/prometheus/rules/closedloop.yml"
SELECTOR = re.compile(r"closedloop_(\w+)_total(?:\{([^}]*)\})?")
LABELS = {"service": "router", "reason": "poison", "department": "water", "instance": "a:8080"}


def on_counters() -> list[dict[str, Any]]:
    """The alerts that ask for a counter."""
    rules = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
    return [rule for rule in rules if SELECTOR.search(rule["expr"])]


def series(alert: dict[str, Any], kind: str) -> str:
    """A series that the alert asks for: the counter, or when its child was created."""
    found = SELECTOR.search(alert["expr"])
    assert found is not None
    asked = dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))
    labels = ", ".join(f'{name}="{value}"' for name, value in (LABELS | asked).items())
    return f"closedloop_{found[1]}_{kind}{{{labels}}}"


def firing(tmp_path: Path, alert: dict[str, Any], minutes: range, **values: str) -> list[int]:
    """In which of these minutes the alert fires while these series are scraped once a minute."""
    binary = shutil.which("promtool")
    if binary is None:
        pytest.skip("promtool is not installed: Debian's package `prometheus` brings it")
    query = f'count(ALERTS{{alertname="{alert["alert"]}", alertstate="firing"}}) > 0'
    rows = [{"series": series(alert, kind), "values": each} for kind, each in values.items()]
    found = []
    for minute in minutes:
        asked = [{"expr": query, "eval_time": f"{minute}m", "exp_samples": []}]
        test = {"interval": "1m", "input_series": rows, "promql_expr_test": asked}
        file = tmp_path / "test.yml"
        file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}))
        done = subprocess.run([binary, "test", "rules", str(file)], capture_output=True, text=True)
        assert "error" not in done.stderr, done.stderr
        if done.returncode:
            found.append(minute)
    return found


def test_there_are_alerts_on_counters() -> None:
    assert len(on_counters()) >= 4


@pytest.mark.parametrize("alert", on_counters(), ids=lambda alert: alert["alert"])
@pytest.mark.parametrize("values", ["1x5 stale _x3 1x12", "1x8 stale 1x12"], ids=["away for long", "away for a moment"])
def test_the_first_event_after_a_restart_raises_the_alert_at_once(
    tmp_path: Path, alert: dict[str, Any], values: str
) -> None:
    assert firing(tmp_path, alert, range(11, 12), total=values) == [11]


@pytest.mark.parametrize("alert", on_counters(), ids=lambda alert: alert["alert"])
def test_a_restart_that_no_scrape_saw_hides_no_event(tmp_path: Path, alert: dict[str, Any]) -> None:
    assert firing(tmp_path, alert, range(13, 22, 8), total="1x30", created="0x11 720x18") == [13, 21]


@pytest.mark.parametrize("alert", on_counters(), ids=lambda alert: alert["alert"])
def test_a_scrape_that_failed_is_no_event(tmp_path: Path, alert: dict[str, Any]) -> None:
    assert not firing(tmp_path, alert, range(17, 19), total="3x13 stale _x2 3x12", created="1x13 stale _x2 1x12")


@pytest.mark.parametrize("alert", on_counters(), ids=lambda alert: alert["alert"])
def test_ten_minutes_after_the_last_event_the_alert_ends(tmp_path: Path, alert: dict[str, Any]) -> None:
    assert not firing(tmp_path, alert, range(21, 22), total="1x8 stale 1x22", created="1x8 stale 600x22")
