"""The replay on a real stack: broker, database and services, at a multiple of the speed of history."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.everybody import STILL_S, Everybody
from closedloop.outsiders.live import now
from closedloop.replay.agencies import answers, submissions
from closedloop.replay.expected import expected
from closedloop.replay.outcome import outcome, retractions
from closedloop.replay.records import History
from closedloop.replay.result import MAY_BE_EMPTY, Result
from closedloop.run import Progress, Run
from closedloop.stack import SERVICES
from closedloop.verify import Clock, Verdict, check, terms
from schemas.facts import ComplaintReceived
from schemas.policy import PolicyPack

PATIENCE_S = 120.0
"""How long settling may take after the last record was sent; a killed service is missed for half a minute."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a replay is to run."""

    data: Path
    pack: PolicyPack
    rate: float
    kill: bool


def live(history: History, settings: Settings, progress: Progress) -> Result:
    """Send the requests through a stack of its own, and wait until all has settled after the end of the history."""
    begun = time.monotonic()
    with Run(settings.data, history.begin, settings.rate, [settings.pack], [history.source], progress.say) as run:
        agenda, kafka = Agenda(answers(history)), run.endpoints.kafka
        with Everybody(kafka, run.clock, submissions(history), settings.pack.departments, agenda) as outside:
            replaying = _Replaying(run, outside, history, settings, progress)
            settled = replaying.play()
        facts = list(outside.facts.all)
        return Result(
            found=outcome(facts, history.until),
            history=history,
            expected=expected(history),
            retracted=retractions(facts),
            verdict=replaying.verdict(),
            settled=settled,
            seconds=time.monotonic() - begun,
            how={"rate": settings.rate, "killed": replaying.killed, "peak_rss_bytes": run.memory.peak_bytes},
        )


class _Replaying:
    """From the first request until the file's time is over and nothing moves any more."""

    def __init__(self, run: Run, outside: Everybody, history: History, settings: Settings, progress: Progress) -> None:
        self._run, self._outside, self._history, self._progress = run, outside, history, progress
        self._to_kill = deque(service.name for service in SERVICES if settings.kill)
        self.killed: list[str] = []

    def play(self) -> bool:
        """False where something still moves, or is still owed, when patience ends."""
        self._until(lambda: self._share() >= 1.0)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self._until(lambda: time.monotonic() > deadline or (not self._to_kill and self._outside.is_still()))
            if self.verdict().green:
                return True
        return False

    def verdict(self) -> Verdict:
        """The verifier's, on the topics as they are now."""
        given = terms(Clock.of(self._run.clock.as_json()), bound_s=STILL_S)
        return check(self._run.endpoints.kafka, given, may_be_empty=MAY_BE_EMPTY)

    def _share(self) -> float:
        return (self._run.clock.virtual(now()) - self._history.begin) / (self._history.until - self._history.begin)

    def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            self._outside.look()
            self._maybe_kill()
            self._show()

    def _maybe_kill(self) -> None:
        """Every service once, one after another, from when half of the requests are received."""
        if self._to_kill:
            received = sum(isinstance(fact, ComplaintReceived) for fact in self._outside.facts.all)
            if received >= self._outside.upstream.total * (0.5 + 0.05 * len(self.killed)):
                self._run.stack.kill(self._to_kill[0])
                self.killed.append(self._to_kill.popleft())

    def _show(self) -> None:
        outside, virtual = self._outside, min(self._run.clock.virtual(now()), self._history.until)
        sent = f"{outside.upstream.outbox.sent:,} requests and {outside.departments.outbox.sent:,} answers sent"
        self._progress.move(min(1.0, self._share()), f"{virtual:%Y-%m-%d}  {sent}, {len(outside.facts.told):,} facts")
