"""The verifier can fail on a real stack too: bugs in what saves, sends and reads are found, each by what it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from closedloop.stack import SERVICES, ServiceSpec
from closedloop.verify import Verdict
from tests.bugs import BUGS, Bug, services_with
from tests.e2e.people import TEMPERAMENTS, submissions
from tests.e2e.trial import Trial

DAYS_PER_SECOND = 86_400 / 3
COMPLAINTS = 2 * len(TEMPERAMENTS)
LONGEST_S, LATEST_S = 240.0, 60.0
"""How long a system without a bug may take, and how much later than its time it may tell anything."""
STUCK_S, TRIES = 14.0, 5
"""How long a system with a bug is given, which may never come to an end, and how often that again on a slow machine."""
BOUND_S = 4.0
AT_ONCE = 2
EVERY_TIME = next(bug for bug in BUGS if bug.of_processes)
"""The bug that is looked for on every change, when rules are looked at in memory; the soak looks for all on a stack."""


@contextmanager
def lived(data: Path, within_s: float, services: tuple[ServiceSpec, ...] = SERVICES) -> Iterator[Trial]:
    """A few dozen complaints of every temperament, at their end or for as long as that."""
    with Trial(data, DAYS_PER_SECOND, services) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        by_topic = trial.submit(submissions(begin, COMPLAINTS, timedelta(hours=12)))
        by_http = trial.submit(submissions(begin, COMPLAINTS, timedelta(hours=12), "http"))
        trial.until(lambda: trial.closed() >= 2 * COMPLAINTS, within_s, by_topic, by_http)
        yield trial


def verdict_on(bug: Bug, place: Path) -> Verdict:
    """What the verifier says of a system with this bug: it is looked for until it is found, or not found for long."""
    with lived(place / "data", STUCK_S, services_with(bug, place / "code")) as trial:
        for _ in range(TRIES):
            trial.until(lambda: False, BOUND_S + 1.0)
            if bug.breaks in (verdict := trial.verdict(BOUND_S)).red:
                break
            trial.until(lambda: trial.closed() >= 2 * COMPLAINTS, STUCK_S)
        return verdict


@pytest.fixture(scope="module")
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Verdict]]]:
    """The verdict on each bug that is asked for: they mostly wait, so two run at once."""
    asked = [
        item.callspec.params["bug"] for item in request.session.items if "verdicts" in getattr(item, "fixturenames", ())
    ]

    def verdict(bug: Bug) -> Verdict:
        return verdict_on(bug, tmp_path_factory.mktemp("bug"))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {bug.name: pool.submit(verdict, bug) for bug in asked}


@pytest.mark.soak
def test_without_a_bug_every_promise_is_kept(tmp_path: Path) -> None:
    with lived(tmp_path, LONGEST_S) as trial:
        trial.come_to_rest()
        verdict = trial.verdict(LATEST_S)

    assert verdict.green, verdict.as_json()


@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, marks=[] if bug is EVERY_TIME else [pytest.mark.soak], id=bug.name) for bug in BUGS],
)
def test_the_verifier_finds_it_when(bug: Bug, verdicts: Mapping[str, Future[Verdict]]) -> None:
    assert bug.breaks in verdicts[bug.name].result().red
