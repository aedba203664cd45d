"""The demo on a real stack: everybody acts by the script, until the loops are closed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from closedloop.demo.behaviour import decide_by
from closedloop.demo.cast import CHANNELS, V0, Cast
from closedloop.demo.result import ENOUGH, Result
from closedloop.demo.timeline import most_telling
from closedloop.demo.words import SCREEN
from closedloop.language import Language
from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.everybody import Everybody
from closedloop.outsiders.http_caller import HttpCaller
from closedloop.outsiders.live import now
from closedloop.outsiders.rest import Owed, Rest, Services, come_to_rest
from closedloop.run import Progress, Run
from closedloop.verify import Clock, Counts, Verdict, counts, judge, read, terms
from schemas.facts import ComplaintAnswered, ComplaintClosed, ComplaintReceived, DeadlineBreached
from schemas.policy import PolicyPack

DAY = timedelta(days=1)
CURTAIN, LIMIT = 15 * DAY, 30 * DAY
"""From when on it is enough that ENOUGH have ended, and when it is over in any case."""
STALLED_S = 60.0
"""It is not over while complaints still end: on a busy machine the same days bring less, and the end comes later."""
PATIENCE_S = 300.0
"""How long the services may take, when nobody acts any more, to read and say what is left."""
BOUND_S = 60.0
SETTLE_S = 2.0
"""What was appended so long before they had come to rest must have its consequences; open complaints still go on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a demo is to run; `day_s` is how many real seconds a day takes."""

    data: Path
    pack: PolicyPack
    seed: int
    day_s: float
    language: Language


def play(cast: Cast, settings: Settings, progress: Progress) -> Result:
    """Run everything on a stack of its own; returns when it is stopped again."""
    begun = time.monotonic()
    rate = DAY.total_seconds() / settings.day_s
    with Run(settings.data, V0, rate, ["demo"], CHANNELS, progress.say) as run:
        kafka, door = run.endpoints.kafka, HttpCaller(run.endpoints.http["intake-http"])
        agenda, raised = Agenda(decide_by(cast.scripts_behind(run.stack.pseudonym_key))), time.monotonic()
        with Everybody(kafka, run.clock, cast.posts, settings.pack.departments, agenda, door) as outside:
            _Play(run, outside, len(cast.complaints), settings, progress).until_the_curtain()
            days = (run.clock.virtual(now()) - V0) / DAY
            playing = time.monotonic() - raised
        rest = _come_to_rest(run, settings.language, progress)
        progress.turn(SCREEN["checking"][settings.language])
        verdict, departments = _verdict(run, door, rest)
    return Result(
        seed=settings.seed,
        sent=Counter(post.topic.rpartition(".")[2] for post in cast.posts),
        life=tuple(most_telling(outside.facts.all, settings.language)),
        departments=departments,
        verdict=verdict,
        rest=rest,
        seconds=time.monotonic() - begun,
        playing=playing,
        days=days,
        day_s=settings.day_s,
        peak_rss=run.memory.peak,
        logs=str(settings.data / "logs"),
    )


def is_over(since: timedelta, ended: float, is_all_sent: bool, stalled_s: float) -> bool:
    """Whether the curtain falls: `ended` is a share of all complaints, `stalled_s` real seconds since the last end."""
    if is_all_sent and ended >= 1:
        return True
    if is_all_sent and since >= CURTAIN and ended >= ENOUGH:
        return True
    return since >= LIMIT and stalled_s >= STALLED_S


def _come_to_rest(run: Run, language: Language, progress: Progress) -> Rest:
    """Nobody acts any more: wait until the services have read, fired and said what follows from all that was done."""
    progress.turn(SCREEN["curtain"][language])

    def show(owed: Owed) -> None:
        figures = {"unread": owed.unread, "due": owed.due, "unsaid": owed.unsaid}
        progress.move(1.0, SCREEN["waiting"][language].format_map(figures))

    with Services(run.endpoints.kafka, run.endpoints.mongodb, run.clock) as services:
        return come_to_rest(services, show, PATIENCE_S)


def _verdict(run: Run, door: HttpCaller, rest: Rest) -> tuple[Verdict, dict[str, Counts]]:
    """The verifier's, and its figures of the departments, from one reading of all topics.

    It is judged as of the moment up to which all is done: what fell due later is not held against anybody. So long as
    the services were behind then, so long they may have been before.
    """
    given = terms(
        Clock.of(run.clock.as_json()),
        accepted=door.accepted,
        now=run.clock.virtual(rest.at),
        bound_s=BOUND_S + rest.seconds,
        settle_s=SETTLE_S,
    )
    log = read(run.endpoints.kafka)
    return judge(log, given), counts(log)


class _Play:
    """Watches the facts come, and tells how far it is."""

    def __init__(self, run: Run, outside: Everybody, number: int, settings: Settings, progress: Progress) -> None:
        self._run, self._outside, self._number = run, outside, number
        self._words, self._progress = SCREEN["progress"][settings.language], progress
        self._counted: Counter[str] = Counter()
        self._last_ended = time.monotonic()

    def until_the_curtain(self) -> None:
        """Returns when all have ended, or enough have and it is late, or it is too late and no more of them end."""
        over: Callable[[], bool] = self._is_over
        while not over():
            fresh = Counter(type(told.fact).__name__ for told in self._outside.look())
            if fresh[ComplaintClosed.__name__]:
                self._last_ended = time.monotonic()
            self._counted.update(fresh)
            self._show()

    def _is_over(self) -> bool:
        since, stalled = self._run.clock.virtual(now()) - V0, time.monotonic() - self._last_ended
        is_all_sent = self._outside.upstream.left == 0
        return is_over(since, self._counted[ComplaintClosed.__name__] / self._number, is_all_sent, stalled)

    def _show(self) -> None:
        kinds = {
            "received": ComplaintReceived,
            "answered": ComplaintAnswered,
            "breached": DeadlineBreached,
            "closed": ComplaintClosed,
        }
        figures = {name: self._counted[kind.__name__] for name, kind in kinds.items()}
        day = (self._run.clock.virtual(now()) - V0) // DAY + 1
        self._progress.move(figures["closed"] / self._number, self._words.format(day=day, **figures))
