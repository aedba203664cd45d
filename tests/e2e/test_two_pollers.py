"""Each deadline is told once and never early, whichever poller is killed meanwhile."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle

import pytest

from closedloop.outsiders.live import Upstream, now
from closedloop.stack import SERVICES
from closedloop.stack.http_ready import answers
from closedloop.verify import Verdict
from schemas.facts import BreachRetracted, ComplaintAnswered, ComplaintReceived, ComplaintRouted, Rung
from tests.e2e.people import HOUR, RACERS, submissions
from tests.e2e.trial import Trial

pytestmark = pytest.mark.alone

FIRST = next(spec for spec in SERVICES if spec.name == "escalation")
SECOND = replace(FIRST, name="escalation-2")
LEVELS = 4
DOWN_S, LEAST_S, MOST_S = 0.5, 3.0, 60.0
"""How long a killed one stays down; how soon and how late the other is killed, who should be at work again by then."""
OUTAGES = {"kafka": 7 * HOUR, "mongodb": 27.5 * HOUR}
OUTAGE_S = 20.0
ARRIVING = 6 * HOUR
"""So the first rungs are due while the broker is away, and about half of the answers while the database is away."""
ENDED_S = 800.0
RACE_S = 1.0
"""By how much a timer may win the race against an end that was in the log before its date."""
BOUND_S = 60.0
"""How much later than its time anything may be told: the broker is away for twenty seconds of it, and comes back."""


@dataclass(frozen=True)
class Size:
    """On so many complaints nobody acts, so many are answered around their deadline; how many seconds a day takes.

    So many processes are killed at least, or nothing was shown.
    """

    silent: int
    racing: int
    day_s: float
    kills: int


EVERY_TIME, FULL = Size(300, 300, day_s=30, kills=6), Size(3_000, 300, day_s=120, kills=20)


@dataclass
class Storm:
    """What is done to a trial, and has been done."""

    trial: Trial
    size: Size
    killed: set[int] = field(default_factory=set)
    at_work: int = 0
    stopped: list[str] = field(default_factory=list)

    def rage(self, *sent: Upstream) -> None:
        """Kill one after the other until all complaints have ended; stop broker and database, once each."""
        count = self.size.silent + self.size.racing
        deadline = time.monotonic() + ENDED_S
        for part in cycle((FIRST.name, SECOND.name)):
            self._rest(part, *sent)
            if self.trial.closed() == count:
                return
            assert time.monotonic() < deadline, f"{self.trial.closed()} of {count} have ended"
            self._kill(part)
            self._stop_what_is_next()

    def _rest(self, part: str, *sent: Upstream) -> None:
        least = time.monotonic() + LEAST_S

        def is_next() -> bool:
            self.trial.facts.read(0.1)
            return time.monotonic() > least and self._is_at_work(part)

        self.trial.until(is_next, MOST_S, *sent)

    def _kill(self, part: str) -> None:
        self.at_work += self._is_at_work(part)
        self.killed.add(self.trial.stack.pid(part))
        self.trial.stack.suspend(part, DOWN_S, signal.SIGKILL)

    def _stop_what_is_next(self) -> None:
        passed = (now() - self.trial.clock.r0) * self.trial.clock.rate
        for name, at in OUTAGES.items():
            if at <= passed and name not in self.stopped:
                self.stopped.append(name)
                self.trial.stack.suspend(name, OUTAGE_S, signal.SIGKILL)

    def _is_at_work(self, part: str) -> bool:
        return answers(f"{self.trial.endpoints.http[part]}/readyz")


@pytest.fixture(
    scope="module",
    params=[pytest.param(EVERY_TIME, id="300"), pytest.param(FULL, id="3000", marks=pytest.mark.soak)],
)
def storm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """Two processes watch the deadlines; what was done to them, when all is over."""
    size: Size = request.param
    rate = timedelta(days=1).total_seconds() / size.day_s
    with Trial(tmp_path_factory.mktemp("pollers"), rate, (*SERVICES, SECOND)) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        storm = Storm(trial, size)
        # The centre, reminded above the last level, gives what nobody acted on to somebody who does.
        storm.rage(
            trial.submit(submissions(begin, size.silent, ARRIVING, names=["silent"])),
            trial.submit(submissions(begin, size.racing, ARRIVING, "app", list(RACERS))),
        )
        trial.come_to_rest()
        yield storm


@dataclass(frozen=True)
class Figures:
    """The result of a trial: the rungs that were owed, and how the races between timers and replies ended."""

    owed: int
    told: int
    in_time: int
    late: int
    retracted: int

    @classmethod
    def of(cls, trial: Trial) -> Figures:
        """By the facts on the topic."""
        facts = list(trial.facts.all)
        silent = {f.complaint_id for f in facts if isinstance(f, ComplaintReceived) and f.subject.startswith("silent")}
        rungs = {(f.complaint_id, f.rung) for f in facts if isinstance(f, Rung) and f.target == "answer"}
        targets = [(f.complaint_id, t) for f in facts if isinstance(f, ComplaintRouted) for t in f.targets]
        due = {id: target.due_at for id, target in targets if target.name == "answer"}
        answered = [f for f in facts if isinstance(f, ComplaintAnswered) and f.complaint_id not in silent]
        in_time = sum(f.judged_at <= due[f.complaint_id] for f in answered)
        return cls(
            owed=LEVELS * len(silent),
            told=sum((id, level) in rungs for id in silent for level in range(1, LEVELS + 1)),
            in_time=in_time,
            late=len(answered) - in_time,
            retracted=sum(isinstance(f, BreachRetracted) for f in facts),
        )


def report(storm: Storm, figures: Figures, verdict: Verdict) -> str:
    """The figures in words, for whoever reads the log."""
    failing = {row.invariant: len({failure.id for failure in row.failures}) for row in verdict}
    return f"""
  {storm.size.silent:,} nobody acted on: {figures.told:,} of {figures.owed:,} levels told
  {storm.size.racing:,} raced: {figures.in_time} in time, {figures.late} late, {figures.retracted} breaches taken back
  {len(storm.killed)} killed, {storm.at_work} of them at work; stopped for {OUTAGE_S:g} s each: {storm.stopped}
  failing of {verdict["once"].checked:,} effects and {verdict["timely"].checked:,} dates: {failing}
"""


def faults(verdict: Verdict) -> str:
    """What does not hold, with the first examples of each."""
    return "\n".join(
        f"{row.invariant} {row.title}: {row.checked} checked, {[f'{f.id} {f.why()}' for f in row.failures[:3]]}"
        for row in verdict
        if not row.green
    )


def test_of_two_that_watch_each_deadline_is_told_once_on_every_level_and_none_early(
    storm: Storm, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict, races = storm.trial.verdict(BOUND_S), storm.trial.verdict(RACE_S, only={"legal"})
    figures = Figures.of(storm.trial)
    with capsys.disabled():
        print(report(storm, figures, verdict))

    assert verdict.green, faults(verdict)
    assert races.green, faults(races)
    assert figures.told == figures.owed == LEVELS * storm.size.silent
    # Else nothing was shown.
    assert len(storm.killed) >= storm.size.kills <= 2 * storm.at_work
    assert all(storm.trial.stack.restarts(name) == 1 for name in OUTAGES)
    assert figures.in_time and figures.late, "some of those who raced were in time, and some too late"
