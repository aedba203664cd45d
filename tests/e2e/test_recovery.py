"""What docs/recovery.md says to do after the loss of a store, done: nothing is said twice, what is gone is named."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from closedloop.rebuild import Refusal, Result, rebuild
from closedloop.stack import SERVICES as SPECS
from closedloop.stack import state
from schemas.facts import ComplaintAnswered, ComplaintReceived
from schemas.topics import SERVICES
from tests.e2e.people import submissions
from tests.e2e.trial import Trial
from tests.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

RATE = 86_400 / 6
COUNT = 40
BOUND_S = 20.0
PROCESSES = [spec.name for spec in SPECS]


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with Trial(tmp_path_factory.mktemp("recovery"), RATE) as trial:
        yield trial


@pytest.fixture
def database(trial: Trial) -> Iterator[MongoClient[Any]]:
    with MongoClient(trial.endpoints.mongodb) as client:
        yield client


@pytest.fixture(scope="module")
def kept() -> dict[str, list[Any]]:
    """One service's database as a backup has it, by collection."""
    return {}


def refused(trial: Trial, service: str) -> str:
    """What a service says as long as it does not start."""
    eventually(lambda: "78" in last_exit(trial, service), within=60)
    lines = (trial.stack.data / "logs" / f"{service}.log").read_text().splitlines()
    return [line for line in lines if "refusing to start" in line][-1]


def made_again(trial: Trial, service: str) -> Result:
    """As an operator does it, once the stopped process counts no more."""
    kafka, mongodb = trial.endpoints.kafka, trial.endpoints.mongodb

    def attempt() -> Result | None:
        try:
            return rebuild(service, kafka, mongodb, lambda line: None)
        except Refusal:
            return None

    return eventually(attempt, within=40)


def not_made_again(trial: Trial, service: str, why: str) -> None:
    """The command refuses, once it is not only because the stopped process still counts."""

    def attempt() -> bool:
        with pytest.raises(Refusal) as refusal:
            rebuild(service, trial.endpoints.kafka, trial.endpoints.mongodb, lambda line: None)
        return why in str(refusal.value)

    eventually(attempt, within=40)


def command(trial: Trial, service: str) -> subprocess.Popen[str]:
    """The command as an operator types it."""
    clusters = "--kafka", trial.endpoints.kafka, "--mongodb", trial.endpoints.mongodb
    argv = [sys.executable, "-m", "closedloop", "rebuild", service, "--json", *clusters]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed_on_the_way(trial: Trial, service: str) -> None:
    """The command has written some documents, and is killed; it is begun once the stopped process counts no more."""

    def attempt() -> bool:
        running = command(trial, service)
        assert running.stderr is not None
        has_begun = any(line.startswith("partition 1 of") for line in running.stderr)
        running.kill()
        running.communicate()
        return has_begun and running.returncode == -signal.SIGKILL

    eventually(attempt, within=60)


def last_exit(trial: Trial, service: str) -> str:
    found = state.read(trial.stack.data)
    return next((part.last_exit or "" for part in found.parts if part.name == service), "") if found else ""


def answered(trial: Trial) -> int:
    trial.facts.read(0.1)
    return sum(isinstance(fact, ComplaintAnswered) for fact in trial.facts.all)


def everything_ends_well(trial: Trial, count: int) -> None:
    assert trial.until(lambda: trial.closed() >= count, 90)
    trial.come_to_rest()
    verdict = trial.verdict(BOUND_S)
    assert verdict.green, verdict.as_json()


def in_flight(trial: Trial, source: str) -> Callable[[], bool]:
    begin = trial.clock.virtual(trial.clock.r0)
    upstream = trial.submit(submissions(begin, COUNT, timedelta(hours=8), source))
    before = answered(trial)
    assert trial.until(lambda: not upstream.left and answered(trial) > before + COUNT // 4, 60, upstream)
    return lambda: True


def test_a_service_that_lost_its_database_refuses_to_start_and_goes_on_once_it_is_made_again(
    trial: Trial, database: MongoClient[Any]
) -> None:
    in_flight(trial, "hotline")
    not_made_again(trial, "router", "router runs")

    trial.stack.suspend("router", 2)
    database.drop_database("closedloop_router")
    assert "closedloop rebuild router" in refused(trial, "router")
    killed_on_the_way(trial, "router")
    eventually(lambda: "made again only in part" in refused(trial, "router"), within=60)
    result = json.loads(command(trial, "router").communicate()[0])

    assert result["stood"] > 0 and result["documents"] >= COUNT and result["gone"] == []
    everything_ends_well(trial, COUNT)


def test_a_service_whose_database_is_an_older_one_refuses_to_start_and_goes_on_once_it_is_made_again(
    trial: Trial, database: MongoClient[Any]
) -> None:
    kept = [*database["closedloop_escalation"]["cases"].find()]
    in_flight(trial, "web")

    trial.stack.suspend("escalation", 4)
    cases = database["closedloop_escalation"]["cases"]
    cases.delete_many({})
    cases.insert_many(kept)
    eventually(lambda: "78" in last_exit(trial, "escalation"), within=30)
    result = made_again(trial, "escalation")

    assert result.documents >= 2 * COUNT
    everything_ends_well(trial, 2 * COUNT)


def loses_its_broker(trial: Trial) -> None:
    """All that the broker had on its disks is gone, and another one is there in its place."""
    trial.departments.stop()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: trial.stack.suspend(name, 3), PROCESSES))
    trial.stack.suspend("kafka", 1)
    shutil.rmtree(trial.stack.data / "kafka")
    trial.stack.wait_ready("kafka", 60)


def test_a_broker_that_came_back_empty_meets_databases_that_refuse_it_and_name_what_is_gone(
    trial: Trial, database: MongoClient[Any]
) -> None:
    accepted = {fact.complaint_id for fact in trial.facts.all if isinstance(fact, ComplaintReceived)}
    loses_its_broker(trial)

    for service in SERVICES:
        assert "belongs to the broker" in (line := refused(trial, service)) and "docs/recovery.md" in line
        not_made_again(trial, service, "belongs to another installation")

    gone = database["closedloop_intake"]["cases"].find({"case": {"$exists": True}})
    assert {document["_id"] for document in gone} == accepted


def test_a_new_broker_with_new_databases_is_a_new_installation(
    trial: Trial, database: MongoClient[Any], kept: dict[str, list[Any]]
) -> None:
    kept.update({name: [*database["closedloop_escalation"][name].find()] for name in ("cases", "installation")})
    for service in SERVICES:
        database.drop_database(f"closedloop_{service}")
    trial.prepare(trial.endpoints)
    trial.meet()
    for name in PROCESSES:
        trial.stack.wait_ready(name, 60)

    in_flight(trial, "mail")


def test_a_database_of_before_is_refused_beside_the_new_broker_until_it_is_dropped_and_made_again(
    trial: Trial, database: MongoClient[Any], kept: dict[str, list[Any]]
) -> None:
    trial.stack.suspend("escalation", 2)
    database.drop_database("closedloop_escalation")
    for name, documents in kept.items():
        database["closedloop_escalation"][name].insert_many(documents)
    assert "belongs to the broker" in refused(trial, "escalation")
    not_made_again(trial, "escalation", "drop this one")

    database.drop_database("closedloop_escalation")
    made_again(trial, "escalation")
    everything_ends_well(trial, COUNT)


def test_a_database_that_is_ahead_of_the_log_is_refused_until_it_goes_back_to_what_the_log_holds(
    trial: Trial, database: MongoClient[Any]
) -> None:
    intake = database["closedloop_intake"]
    known = intake["installation"].find_one({"_id": "mark"})
    assert known is not None and sum(known["reach"].values()) > COUNT
    trial.stack.suspend("intake", 2)
    intake["installation"].update_one({"_id": "mark"}, {"$inc": {"reach.0": 412}})
    (one, *_) = intake["cases"].find({"case": {"$exists": True}})
    intake["cases"].insert_one({**one, "_id": "later", "label": "later"})

    assert "412 facts more" in refused(trial, "intake")
    assert made_again(trial, "intake").gone == ["later: the complaint, the log holds no fact of it"]
    trial.stack.wait_ready("intake", 60)
