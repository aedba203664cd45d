"""Deadlines are told once each and never early, whoever of those that watch them is killed meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest

from closedloop.stack import SERVICES
from schemas.facts import DeadlineBreached, DeadlineMet, Rung
from tests.e2e.people import RACERS, submissions
from tests.e2e.trial import Trial

pytestmark = pytest.mark.soak

RATE = 86_400 / 50
"""A day takes fifty seconds: the storm lasts as long as a ladder."""
COUNT = 300
"""On so many complaints nobody acts before the whole ladder is climbed, so many are answered around their deadline."""
LEVELS = 4
KILLS = 22
EVERY_S = 4.0
DOWN_S = 0.5
OUTAGE_S = 20.0
OUTAGES = {5: "kafka", 13: "mongodb"}
BOUND_S = 15.0

FIRST = next(spec for spec in SERVICES if spec.name == "escalation")
SECOND = replace(FIRST, name="escalation-2")


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Two processes watch the deadlines; both are killed in turn, and broker and database stop once each."""
    with Trial(tmp_path_factory.mktemp("pollers"), RATE, (*SERVICES, SECOND)) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        names = [name for racer in RACERS for name in ("silent", racer)]
        sent = trial.submit(submissions(begin, 2 * COUNT, timedelta(hours=6), names=names))
        trial.until(lambda: not sent.left, 60, sent)
        for kill, part in zip(range(KILLS), cycle((FIRST.name, SECOND.name)), strict=False):
            trial.stack.suspend(part, DOWN_S, signal.SIGKILL)
            if kill in OUTAGES:
                trial.stack.suspend(OUTAGES[kill], OUTAGE_S, signal.SIGKILL)
            trial.until(lambda: False, EVERY_S, sent)
        # The centre, reminded above the last level, gives what nobody acted on to somebody who does.
        ended = trial.until(lambda: trial.closed() == 2 * COUNT, 180, sent)
        assert ended, f"{climbed(trial)} have climbed, {trial.closed()} are closed"
        trial.until(lambda: False, BOUND_S)
        yield trial


def climbed(trial: Trial) -> int:
    """How many complaints' answers have been told on every level."""
    trial.facts.read(0.1)
    levels: dict[str, set[int]] = {}
    for fact in trial.facts.all:
        if isinstance(fact, Rung) and fact.target == "answer" and fact.cycle == 1:
            levels.setdefault(fact.complaint_id, set()).add(fact.rung)
    return sum(set(range(1, LEVELS + 1)) <= told for told in levels.values())


def test_of_two_that_watch_each_deadline_is_told_once_on_every_level_and_none_early(shaken: Trial) -> None:
    verdict = shaken.verdict(BOUND_S)

    assert verdict.green, verdict.as_json()
    # An outage makes some of those who raced so late that their ladders are climbed as well.
    assert climbed(shaken) >= COUNT
    met = {fact.complaint_id for fact in shaken.facts.all if isinstance(fact, DeadlineMet) and fact.target == "answer"}
    late = {f.complaint_id for f in shaken.facts.all if isinstance(f, DeadlineBreached) and f.target == "answer"}
    assert met and late - met, "some of those who raced were in time, and some too late"
