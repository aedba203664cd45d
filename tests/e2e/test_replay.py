"""History on the real stack: ten million times faster, with every service killed on the way, the verdicts are exact."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from closedloop.stack import process

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the files of ../shared/data are not here"),
]


def replayed(data: Path, file: str, *options: str) -> dict[str, Any]:
    """What the command says about a file; it has succeeded, and left nothing running."""
    argv = [sys.executable, "-m", "closedloop", "replay", str(DATA / file), *options, "--json", "--data", str(data)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=420)

    assert done.returncode == 0, done.stderr
    assert process.leftovers(data) == []
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_breaches_told_too_early_are_taken_back_and_kills_change_no_verdict(tmp_path: Path) -> None:
    result = replayed(tmp_path, "nyc311.csv", "--rate", "1e7", "--kill")

    assert result["found"] == result["expected"]
    assert (result["found"]["accepted"], result["found"]["met"], result["found"]["breached"]) == (1000, 427, 59)
    assert result["retracted_on_the_way"] > 0
    assert sorted(result["killed"]) == ["escalation", "followup", "intake", "intake-http", "router"]
    assert result["verify"]["green"]


def test_boston_comes_to_the_verdicts_of_its_own_dates_under_a_pack_made_of_its_file(tmp_path: Path) -> None:
    result = replayed(tmp_path, "boston311.csv", "--map", "boston311")

    found = result["found"]
    assert found == result["expected"]
    assert (found["accepted"], found["answered"], found["met"], found["missed"]) == (100, 85, 72, 5)
    assert (found["breached"], found["answered_late"], found["still_open"]) == (17, 5, 12)
    assert found["without_deadline"] == 11
    assert result["verify"]["green"]
