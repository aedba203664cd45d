"""The demo as people start it: it comes to its end, says so, and leaves nothing running."""

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from closedloop.stack import DEFAULT_PORTS, process, state
from closedloop.verify.pack.clock import Clock, to_ms
from tests.eventually import eventually
from tests.signals import tell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DEMO = [sys.executable, "-m", "closedloop", "demo", "--complaints", "60", "--day-seconds", "1"]


def play(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*DEMO, "--data", str(data), *options], capture_output=True, text=True, timeout=800)


def test_a_city_comes_to_its_end_and_programs_can_read_how(tmp_path: Path) -> None:
    done = play(tmp_path, "--json")

    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    red = [row for row in result["verify"]["rows"] if not row["green"]]
    assert (result["good"], result["accepted"], red) == (True, 60, [])
    assert result["at_rest"]
    assert result["share_ended"] >= 0.95
    assert result["dead_letters"] == 4
    assert result["complaint"][-1]["text"]
    assert 0 < result["peak_rss_bytes"] < 1.5 * 2**30
    assert process.leftovers(tmp_path) == []
    ended = datetime.now(UTC)
    again, clock = opened_again(tmp_path)
    stands, ran = to_ms(clock.pop("until")), Clock.of(clock)
    assert again["green"]
    assert to_ms(again["now"]) == stands <= ran.virtual(to_ms(ended))


def opened_again(data: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `verify` says of a demo's data once `closedloop up` has opened them, and the clock, which stands still."""
    ports = [f"--port={name}=0" for name in DEFAULT_PORTS]
    running = subprocess.Popen([sys.executable, "-m", "closedloop", "up", "--data", str(data), *ports])
    try:
        eventually(lambda: (found := state.running(data)) and found.phase == "ready", within=90)
        found = state.running(data)
        assert found is not None
        clock = data / "clock.json"
        command = [sys.executable, "-m", "closedloop", "verify", "--kafka", found.kafka, "--silent", "3", "--json"]
        judged = subprocess.run(command, capture_output=True, text=True)
        return json.loads(judged.stdout), json.loads(clock.read_text())
    finally:
        running.terminate()
        running.wait(timeout=60)


def test_people_read_one_life_the_departments_the_verdict_and_where_to_look_next(tmp_path: Path) -> None:
    done = play(tmp_path, "--language", "zh")

    assert done.returncode == 0, done.stderr
    for expected in ("一件投诉的始末", "各承办单位情况", "独立核验", "接下来", "水务局", "closedloop up"):
        assert expected in done.stdout
    assert "\x1b[" not in done.stdout + done.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_a_demo_that_is_interrupted_stops_everything(tmp_path: Path, ending: signal.Signals) -> None:
    log = tmp_path / "said.txt"
    with log.open("w") as said:
        running = subprocess.Popen([*DEMO, "--data", str(tmp_path / "data")], stdout=said, stderr=said)
    try:
        # Which day is told first depends on the machine: a busy one may be in the third by then.
        eventually(lambda: re.search(r"^day \d+:", log.read_text(), re.MULTILINE), within=90)

        tell(running.pid, ending)

        assert running.wait(timeout=300) == 130
    finally:
        running.kill()
        running.wait()
    assert "interrupted" in log.read_text()
    assert process.leftovers(tmp_path / "data") == []
