"""What docs/recovery.md says to do after the loss of a store, done: nothing is said twice, what is gone is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from closedloop.rebuild import Refusal, Result, rebuild
from closedloop.stack import state
from schemas.facts import ComplaintAnswered
from tests.e2e.people import submissions
from tests.e2e.trial import Trial
from tests.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

RATE = 86_400 / 6
COUNT = 40
BOUND_S = 20.0


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with Trial(tmp_path_factory.mktemp("recovery"), RATE) as trial:
        yield trial


@pytest.fixture
def database(trial: Trial) -> Iterator[MongoClient[Any]]:
    with MongoClient(trial.endpoints.mongodb) as client:
        yield client


def made_again(trial: Trial, service: str) -> Result:
    """As an operator does it, once the stopped process counts no more."""
    kafka, mongodb = trial.endpoints.kafka, trial.endpoints.mongodb

    def attempt() -> Result | None:
        try:
            return rebuild(service, kafka, mongodb, lambda line: None)
        except Refusal:
            return None

    return eventually(attempt, within=40)


def last_exit(trial: Trial, service: str) -> str:
    found = state.read(trial.stack.data)
    return next((part.last_exit or "" for part in found.parts if part.name == service), "") if found else ""


def answered(trial: Trial) -> int:
    trial.facts.read(0.1)
    return sum(isinstance(fact, ComplaintAnswered) for fact in trial.facts.all)


def everything_ends_well(trial: Trial, count: int) -> None:
    assert trial.until(lambda: trial.closed() >= count, 90)
    trial.until(lambda: False, 3)
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

    trial.stack.suspend("router", 2)
    database.drop_database("closedloop_router")
    eventually(lambda: "78" in last_exit(trial, "router"), within=30)
    result = made_again(trial, "router")

    assert result.documents >= COUNT and result.gone == []
    everything_ends_well(trial, COUNT)


def test_a_service_whose_database_is_an_older_one_refuses_to_start_and_goes_on_once_it_is_made_again(
    trial: Trial, database: MongoClient[Any]
) -> None:
    kept = [*database["closedloop_escalation"]["cases"].find()]
    in_flight(trial, "web")

    trial.stack.suspend("escalation", 4)
    time.sleep(1)
    cases = database["closedloop_escalation"]["cases"]
    cases.delete_many({})
    cases.insert_many(kept)
    eventually(lambda: "78" in last_exit(trial, "escalation"), within=30)
    result = made_again(trial, "escalation")

    assert result.documents >= 2 * COUNT
    everything_ends_well(trial, 2 * COUNT)
