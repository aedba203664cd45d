"""A stack that is down has lost the databases of all services: each is made again at the first try, and it goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from closedloop.stack import Stack, StackSettings
from schemas.facts import ComplaintAnswered
from schemas.topics import SERVICES
from tests.e2e.people import submissions
from tests.e2e.trial import Trial

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

RATE = 86_400 / 6
COUNT = 40
DOWN_S = 600.0
"""The stack may be down for this long: what falls due meanwhile is told when it is up again."""
OWN = {"KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": ""}


def answered(trial: Trial) -> int:
    trial.facts.read(0.1)
    return sum(isinstance(fact, ComplaintAnswered) for fact in trial.facts.all)


def loses_all_databases(data: Path) -> None:
    foundations = Stack(StackSettings(data=data, services=(), env=OWN))
    with foundations, MongoClient[dict[str, Any]](foundations.start().mongodb) as client:
        for service in SERVICES:
            client.drop_database(f"closedloop_{service}")


def made_again(data: Path, service: str) -> dict[str, Any]:
    """The command as an operator types it, once; it starts broker and database itself."""
    argv = [sys.executable, "-m", "closedloop", "rebuild", service, "--json", "--data", str(data)]
    done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, **OWN})
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_stack_that_lost_all_its_databases_goes_on_once_each_is_made_again_at_the_first_try(tmp_path: Path) -> None:
    with Trial(tmp_path, RATE) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        upstream = trial.submit(submissions(begin, COUNT, timedelta(hours=8)))
        assert trial.until(lambda: not upstream.left and answered(trial) >= COUNT // 4, 120, upstream)
    loses_all_databases(tmp_path)

    results = {service: made_again(tmp_path, service) for service in SERVICES}

    assert {result["documents"] for name, result in results.items() if name != "followup"} == {COUNT}, results
    assert results["followup"]["documents"] >= COUNT // 4
    assert all(result["gone"] == [] for result in results.values()), results
    with Trial(tmp_path, RATE) as trial:
        assert trial.until(lambda: trial.closed() >= COUNT, 240)
        trial.come_to_rest()
        verdict = trial.verdict(DOWN_S)
        assert verdict.green, verdict.as_json()
