"""The replay on a real stack: broker, database and services, at a multiple of the speed of history."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from closedloop.departments.agenda import Agenda
from closedloop.departments.facts import Facts
from closedloop.departments.lag import Lag
from closedloop.departments.live import Departments, Upstream, now
from closedloop.replay.agencies import SOURCE, answers, submissions
from closedloop.replay.expected import expected
from closedloop.replay.outcome import outcome, retractions
from closedloop.replay.records import Request
from closedloop.replay.result import Result
from closedloop.stack import SERVICES
from closedloop.stage import Progress, Stage
from closedloop.verify import Clock, Verdict, check
from schemas.policy import PolicyPack

STILL_S = 2.0
"""How long nothing may be said before it counts as settled."""
PATIENCE_S = 90.0
"""How long settling may take after the last record was sent; a killed service is missed for half a minute."""
LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Terms:
    """How a replay is to run."""

    data: Path
    pack: PolicyPack
    until: datetime
    rate: float
    kill: bool


def live(requests: Sequence[Request], terms: Terms, progress: Progress) -> Result:
    """Send the requests through a stack of its own, and wait until all has settled after `until`."""
    begun = time.monotonic()
    v0 = requests[0].created_at
    with Stage(terms.data, v0, terms.rate, [terms.pack.name], [SOURCE], progress.say) as stage:
        run = _Run(stage, requests, terms, progress)
        with run:
            settled = run.play()
        facts = list(run.facts.all)
        return Result(
            found=outcome(facts),
            expected=expected(requests, terms.until),
            retracted=retractions(facts),
            verdict=run.verdict(),
            settled=settled,
            seconds=time.monotonic() - begun,
            how={"rate": terms.rate, "killed": run.killed, "peak_rss_bytes": stage.memory.peak_bytes},
        )


class _Run:
    """The outsiders on their stage, from the first request until nothing moves any more."""

    def __init__(self, stage: Stage, requests: Sequence[Request], terms: Terms, progress: Progress) -> None:
        self._stage, self._terms, self._progress = stage, terms, progress
        kafka, clock = stage.endpoints.kafka, stage.clock
        self._begin = requests[0].created_at
        self._open = ExitStack()
        self.facts = self._open.enter_context(closing(Facts(kafka)))
        self._lag = self._open.enter_context(closing(Lag(kafka)))
        self._upstream = Upstream(kafka, clock, submissions(requests))
        self._agencies = Departments(kafka, clock, terms.pack.departments, Agenda(answers(requests)))
        self.killed: list[str] = []

    def __enter__(self) -> None:
        for outsider in (self._upstream, self._agencies):
            self._open.callback(outsider.stop)
            outsider.start()

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def play(self) -> bool:
        """Until the end of the file's time, then until nothing moves; False where it still does."""
        self._until(lambda: self._share() >= 1.0)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self._until(self._is_still)
            if self.verdict().green:
                return True
        return False

    def verdict(self) -> Verdict:
        """The verifier's, on the topics as they are now."""
        return check(self._stage.endpoints.kafka, clock=Clock.of(self._stage.clock.as_json()), bound_s=STILL_S)

    def _share(self) -> float:
        span = self._terms.until - self._begin
        return (self._stage.clock.virtual(now()) - self._begin) / span

    def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            self._upstream.check()
            self._agencies.check()
            self.facts.read(LOOK_S)
            self._maybe_kill()
            self._show()

    def _is_still(self) -> bool:
        if self._upstream.left or self._lag.look():
            return False
        since = time.monotonic()
        while time.monotonic() - since < STILL_S:
            if self.facts.read(LOOK_S):
                return False
        return True

    def _maybe_kill(self) -> None:
        """Every service once, one after another around the middle of the file."""
        middle = 0.5 + 0.02 * len(self.killed)
        if self._terms.kill and len(self.killed) < len(SERVICES) and self._share() >= middle:
            name = SERVICES[len(self.killed)].name
            self._stage.stack.kill(name)
            self.killed.append(name)

    def _show(self) -> None:
        virtual = min(self._stage.clock.virtual(now()), self._terms.until)
        sent = f"{self._upstream.outbox.sent:,} requests and {self._agencies.outbox.sent:,} answers sent"
        self._progress.move(min(1.0, self._share()), f"{virtual:%Y-%m-%d}  {sent}, {len(self.facts.told):,} facts")
