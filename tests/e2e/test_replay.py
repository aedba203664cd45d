"""History on the real stack: ten million times faster, with every service killed on the way, the verdicts are exact."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from closedloop.stack import process

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "nyc311.csv"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not HISTORY.exists(), reason="the file ../shared/data/nyc311.csv is not here"),
]


def test_breaches_told_too_early_are_taken_back_and_kills_change_no_verdict(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "closedloop", "replay", str(HISTORY), "--rate", "1e7", "--kill", "--json"]

    done = subprocess.run([*argv, "--data", str(tmp_path)], capture_output=True, text=True, timeout=420)

    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert result["found"] == result["expected"]
    assert (result["found"]["accepted"], result["found"]["met"], result["found"]["breached"]) == (1000, 427, 59)
    assert result["retracted_on_the_way"] > 0
    assert sorted(result["killed"]) == ["escalation", "followup", "intake", "intake-http", "router"]
    assert result["verify"]["green"]
    assert process.leftovers(tmp_path) == []
