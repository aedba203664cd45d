"""The verifier can fail: bugs put into the services on purpose are found, each by the promise that it breaks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from closedloop.stack import SERVICES, ServiceSpec
from closedloop.verify import Verdict
from tests.e2e.bugs import BUGS, Bug, services_with
from tests.e2e.people import TEMPERAMENTS, submissions
from tests.e2e.trial import Trial

DAYS_PER_SECOND = 86_400 / 3
COMPLAINTS = 2 * len(TEMPERAMENTS)
LONGEST_S = 30.0
BOUND_S = 4.0


def verdict_on(data: Path, services: tuple[ServiceSpec, ...] = SERVICES) -> Verdict:
    """What the verifier says of a few dozen complaints of every temperament."""
    with Trial(data, DAYS_PER_SECOND, services) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        by_topic = trial.submit(submissions(begin, COMPLAINTS, timedelta(hours=12)))
        by_http = trial.submit(submissions(begin, COMPLAINTS, timedelta(hours=12), "http"))
        trial.until(lambda: trial.closed() >= 2 * COMPLAINTS, LONGEST_S, by_topic, by_http)
        trial.until(lambda: False, BOUND_S + 1.0)
        return trial.verdict(BOUND_S)


def test_without_a_bug_every_promise_is_kept(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path)

    assert verdict.green, verdict.as_json()


EVERY_TIME = 8
"""So many bugs, one for each promise, are looked for on every change; the others in the soak."""


@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, marks=[pytest.mark.soak] if n >= EVERY_TIME else [], id=bug.name) for n, bug in enumerate(BUGS)],
)
def test_the_verifier_finds_it_when(bug: Bug, tmp_path: Path) -> None:
    services = services_with(bug, tmp_path / "code")

    verdict = verdict_on(tmp_path / "data", services)

    failing = {row.invariant for row in verdict.rows if row.failures}
    assert bug.breaks in failing
