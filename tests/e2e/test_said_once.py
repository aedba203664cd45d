"""Whatever is said stands on the fact topic once while nothing fails, and hardly ever twice in a storm of several."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from threading import Timer

import pytest

from closedloop.stack import SERVICES, ServiceSpec
from tests.e2e.people import submissions
from tests.e2e.trial import Trial
from tests.signals import tell

pytestmark = pytest.mark.alone

RATE = 86_400 / 12
COUNT, ARRIVING = 300, timedelta(hours=8)
LOOPS = tuple(spec for spec in SERVICES if spec.name != "intake-http")
THREE_OF_EACH = (*SERVICES, *(replace(spec, name=f"{spec.name}-{n}") for spec in LOOPS for n in (2, 3)))
BLOWS_APART_S = 3.0
FROZEN_S = 9.0
"""Longer than a lease: what a frozen process has not said is said by others, before it wakes."""
ENDED_S, BOUND_S = 800.0, 60.0


@contextmanager
def lived(
    data: Path, services: Iterable[ServiceSpec], blows: Iterable[tuple[ServiceSpec, str]] = ()
) -> Iterator[Trial]:
    """Complaints from their beginning to their end, with blows one after the other while they last."""
    with Trial(data, RATE, services) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        sent = [trial.submit(submissions(begin, COUNT // 2, ARRIVING, source)) for source in ("hotline", "http")]
        asleep = list[Timer]()
        for spec, kind in blows:
            trial.until(lambda: trial.closed() == COUNT, BLOWS_APART_S, *sent)
            asleep += strike(trial, spec.name, kind)
        ended = trial.until(lambda: trial.closed() == COUNT, ENDED_S, *sent)
        assert ended, f"{trial.closed()} of {COUNT} have ended"
        trial.until(lambda: not any(timer.is_alive() for timer in asleep), 2 * FROZEN_S)
        trial.come_to_rest()
        yield trial


def strike(trial: Trial, name: str, kind: str) -> list[Timer]:
    """Kill a process, which is started again, or freeze it for a while; returns what will wake it."""
    pid = trial.stack.pid(name)
    if kind == "kill" or not pid:
        trial.stack.kill(name)
        return []
    tell(pid, signal.SIGSTOP)
    timer = Timer(FROZEN_S, tell, [pid, signal.SIGCONT])
    timer.start()
    return [timer]


def share(trial: Trial) -> float:
    """Which share of the records on the fact topic are copies."""
    return trial.facts.again / (trial.facts.again + len(trial.facts.told))


def report(trial: Trial, share: float) -> str:
    return f"\n  {trial.facts.again} of {trial.facts.again + len(trial.facts.told):,} records are copies: {share:.2%}\n"


def test_while_nothing_fails_no_more_than_one_record_in_a_thousand_stands_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lived(tmp_path, SERVICES) as trial:
        found = share(trial)
        with capsys.disabled():
            print(report(trial, found))

    assert found <= 0.001
    assert len(trial.facts.told) > 10 * COUNT


def test_with_three_of_each_in_a_storm_no_more_than_one_record_in_fifty_stands_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blows = [(spec, kind) for kind, spec in product(("kill", "freeze"), LOOPS)]

    with lived(tmp_path, THREE_OF_EACH, blows) as trial:
        found = share(trial)
        with capsys.disabled():
            print(report(trial, found))
        verdict = trial.verdict(BOUND_S, only={"accepted", "once", "timely", "legal", "kept"})

    assert found <= 0.02
    assert verdict.green, [f"{row.invariant} {f.id} {f.why()}" for row in verdict for f in row.failures[:5]]
