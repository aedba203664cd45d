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
from closedloop.demo.words import SCREEN, Language
from closedloop.departments.agenda import Agenda
from closedloop.departments.door import Door
from closedloop.departments.live import now
from closedloop.departments.outside import Outside
from closedloop.stage import Progress, Stage
from closedloop.verify import Clock, Counts, Verdict, counts, judge, read, terms
from schemas.facts import ComplaintAnswered, ComplaintClosed, ComplaintReceived, DeadlineBreached
from schemas.policy import PolicyPack

DAY = timedelta(days=1)
CURTAIN, LIMIT = 15 * DAY, 30 * DAY
"""From when on it is enough that ENOUGH have ended, and when it is over in any case."""
SETTLE_S = 2.0
"""A record as young as that may still be without its consequences: complaints that are open go on to the end."""


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
    with Stage(settings.data, V0, rate, ["demo"], CHANNELS, progress.say) as stage:
        kafka, door = stage.endpoints.kafka, Door(stage.endpoints.http["intake-http"])
        agenda, raised = Agenda(decide_by(cast.scripts)), time.monotonic()
        with Outside(kafka, stage.clock, cast.posts, settings.pack.departments, agenda, door) as outside:
            _Play(stage, outside, len(cast.complaints), settings, progress).until_the_curtain()
            days = (stage.clock.virtual(now()) - V0) / DAY
            playing = time.monotonic() - raised
        progress.move(1.0, SCREEN["checking"][settings.language])
        verdict, departments = _verdict(stage, door)
    return Result(
        seed=settings.seed,
        sent=Counter(post.topic.rpartition(".")[2] for post in cast.posts),
        life=tuple(most_telling(outside.facts.all, settings.language)),
        departments=departments,
        verdict=verdict,
        seconds=time.monotonic() - begun,
        playing=playing,
        days=days,
        peak_rss=stage.memory.peak,
        logs=str(settings.data / "logs"),
    )


def _verdict(stage: Stage, door: Door) -> tuple[Verdict, dict[str, Counts]]:
    """The verifier's, and its figures of the departments, from one reading of all topics."""
    given = terms(Clock.of(stage.clock.as_json()), accepted=door.accepted, settle_s=SETTLE_S)
    log = read(stage.endpoints.kafka)
    return judge(log, given), counts(log)


class _Play:
    """Watches the facts come, and tells how far it is."""

    def __init__(self, stage: Stage, outside: Outside, number: int, settings: Settings, progress: Progress) -> None:
        self._stage, self._outside, self._number = stage, outside, number
        self._words, self._progress = SCREEN["progress"][settings.language], progress
        self._counted: Counter[str] = Counter()

    def until_the_curtain(self) -> None:
        """Returns when all have ended, or enough have and it is late, or it is too late."""
        over: Callable[[], bool] = self._is_over
        while not over():
            self._counted.update(type(told.fact).__name__ for told in self._outside.look())
            self._show()

    def _is_over(self) -> bool:
        ended = self._counted[ComplaintClosed.__name__]
        since = self._stage.clock.virtual(now()) - V0
        if self._outside.upstream.left == 0 and ended >= self._number:
            return True
        return since >= LIMIT or (since >= CURTAIN and ended >= ENOUGH * self._number)

    def _show(self) -> None:
        kinds = {
            "received": ComplaintReceived,
            "answered": ComplaintAnswered,
            "breached": DeadlineBreached,
            "closed": ComplaintClosed,
        }
        figures = {name: self._counted[kind.__name__] for name, kind in kinds.items()}
        day = (self._stage.clock.virtual(now()) - V0) // DAY + 1
        self._progress.move(figures["closed"] / self._number, self._words.format(day=day, **figures))
