"""No timer rings over what stands in the log from before its date, whoever was away meanwhile and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from schemas.envelope import text_header
from schemas.topics import COMPLAINTS
from services.shared.broker.partition import partition_of
from services.shared.loop.gate import LONGEST
from services.shared.loop.standstill import LOOKS_S, Standstill
from services.shared.loop.work import Work
from services.shared.machine.documents import Document, Input, Timer
from services.shared.machine.reading import read
from services.shared.timing.clock import Clock
from tests.builders import ESCALATION, Town
from tests.unit.shared.hosts import BEGIN, QUICK, Host, Place, Shown, lives
from tests.unit.shared.moved_time import now, run

ENDED_S = 5.0
"""When the complaint is answered; its rungs are due after 10, 20, 30 and 40 s."""
SETTLED_S = 3.0
"""Up to here its partition had been read when everything was still well."""
KILLED_S, LASTS_S = 8.0, 150.0


@cache
def answered() -> tuple[Document, Timer, tuple[Input[Any], ...]]:
    """A complaint as it is watched, with its timer, and what its end puts into the log."""
    town = Town(policy=QUICK)
    complaint = town.complaint()
    document, count = complaint.document(ESCALATION.name), len(town.world.log)
    town.at(ENDED_S / 3600)
    complaint.reply("water", "answered", note="mended")
    records = (record for record in town.world.log[count:] if record.topic == COMPLAINTS.name)
    ends = tuple(given for given in (read(ESCALATION, record, Clock()) for record in records) if given is not None)
    due = ESCALATION.next_due and ESCALATION.next_due(document.case, QUICK)
    assert due == BEGIN + timedelta(seconds=10) and ends
    return document, Timer(due), ends


@dataclass(frozen=True)
class Course:
    """When a process is at work, when the broker is away, and up to which second of the log it has read by when."""

    begins_s: float
    away_s: tuple[float, float]
    has_read: Callable[[float], float | None]


class Reader(Host):
    """Reads the partition of the complaint on such a course, and decides what it reads."""

    def __init__(self, place: Place, name: str, course: Course) -> None:
        super().__init__(place, name, (), Shown())
        self._course, self._reading, self._has_heard = course, asyncio.Lock(), False

    async def run(self) -> None:
        await asyncio.sleep(self._course.begins_s)
        await self.wall.look()
        await super().run()

    async def _read(self) -> Mapping[int, datetime]:
        document, _, ends = answered()
        until = self._course.has_read(now())
        async with self._reading:
            if until is not None and until >= ENDED_S and not self._has_heard:
                self._has_heard = bool(await self.loop.finish(Work(list(ends))))
        return {} if until is None else {partition_of(document.id): BEGIN + timedelta(seconds=min(until, now()))}

    def _answers(self) -> bool:
        first, last = self._course.away_s
        return not first <= now() < last


def reads_again_at(second: float) -> Callable[[float], float | None]:
    return lambda now_s: SETTLED_S if now_s < second else now_s


WELL = (0.0, 0.0)
COURSES = {
    "the process was down for a minute": Course(60, WELL, reads_again_at(75)),
    "it was down, and knows nothing of the partition at first": Course(60, WELL, lambda s: None if s < 75 else s),
    "the broker was away for a minute": Course(0, (4, 64), reads_again_at(80)),
    "the broker was away, and then the backlog took a minute": Course(0, (4, 64), lambda s: 3 + max(0, s - 64) / 20),
    "there was much to read, from the beginning": Course(0, WELL, lambda s: s / 20),
}


def lived(course: Course, killed: Course | None = None) -> Place:
    """What was told: a process on its course, and one before it that is killed after a few seconds."""
    document, timer, _ = answered()
    place = Place(Shown(), Random(1))
    place.memory.keep([(document, timer)])

    async def both() -> None:
        dying = [asyncio.create_task(Reader(place, "killed", killed).run())] if killed else []
        living = asyncio.create_task(lives([Reader(place, "host", course)], LASTS_S))
        await asyncio.sleep(KILLED_S)
        for task in dying:
            task.cancel()
        await living

    run(both())
    return place


def kinds(place: Place) -> list[str]:
    return [text_header(message.headers, "ce_type") or "" for _, message in place.log]


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_timer_waits_for_the_end_that_stands_in_the_log_as_long_as_somebody_is_about_to_read_it(
    course: Course,
) -> None:
    place = lived(course)

    assert list(place.told()) == []
    assert kinds(place), "the end was read at last, and its verdict told"


def test_who_takes_over_the_partition_of_a_dead_process_rings_over_nothing_that_one_had_not_read() -> None:
    killed, heir = Course(0, WELL, lambda s: SETTLED_S), Course(0, (22, 62), reads_again_at(80))

    place = lived(heir, killed)

    assert list(place.told()) == []
    assert kinds(place)


def test_where_nobody_reads_although_everybody_could_the_timers_ring_after_half_a_minute() -> None:
    rings = [at for at, _ in lived(Course(60, WELL, lambda s: SETTLED_S)).told()]

    assert len(rings) == 4
    assert LONGEST.total_seconds() <= rings[0] - 60 < LONGEST.total_seconds() + 3


def test_a_standstill_counts_from_when_it_is_looked_at_without_a_break() -> None:
    still, at = Standstill(), {0: BEGIN}

    def stood(second: float, answers: bool = True, decided: dict[int, datetime] = at) -> float:
        still.look(decided, answers, second)
        return still.of(0).total_seconds()

    assert [stood(100), stood(104), stood(108)] == [0, 4, 8], "it begins with the first look"
    assert [stood(108 + LOOKS_S + 1), stood(116)] == [0, 2], "a process that was frozen has seen nothing"
    assert [stood(117, answers=False), stood(119)] == [0, 2], "without the broker nobody can read"
    assert stood(121, decided={0: BEGIN + timedelta(seconds=1)}) == 0, "somebody has read on"
    assert stood(122, decided={}) == 1, "whose report is gone has not read on"
