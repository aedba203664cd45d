"""Derives escalation's verdicts on one complaint again and compares them with those on its topic.

The derivation has no lag: a timer fires before the first fact that was appended after its date. A service has lag, at
most `bound` if it is healthy. So some rungs may differ and count as equal. They are listed:


the rung's date lies within `bound` of the end of its clock, or of now   -> told or not, both are right
the clock had another department or level within `bound` of the date     -> the rung may name either
the newest pack has other people in office than the pack of that day     -> the rung may name either

A rung that was told and taken back counts as never told. Whether a rung was told late is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Literal

from closedloop.casebook import CaseFile
from closedloop.explain.following import End
from closedloop.explain.plain import plain
from closedloop.replay.course import Course, courses
from closedloop.replay.verdicts import Standing, standing
from schemas.envelope import read_fact
from schemas.facts import Fact, Rung
from schemas.policy import PolicyPack
from schemas.topics import COMPLAINTS
from services.escalation.service import SERVICE
from services.shared.machine.documents import Document
from services.shared.machine.fold import Around, fire, fold, next_due
from services.shared.machine.policies import PolicyBook
from services.shared.machine.reading import read
from services.shared.timing.clock import MILLISECOND, Clock, from_ms

What = Literal["missing", "unexpected", "different", "doubled", "parked"]
Said = Rung | End
NOTHING = Standing({})
OF_THE_READER = {"caught_up"}
"""What a rung says of who told it: a derivation tells nothing late."""
OF_PEOPLE = {"role", "person", "deputy_for", "copies", "top"}
"""What a rung says differently when other people hold the offices."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the topic and the derivation differ."""

    what: What
    clock: str
    """Cycle, target and revision, as in `1/answer/1`."""
    expected: Said | None = None
    told: Said | None = None
    reason: str = ""
    """Why escalation cannot take the facts, where that is the difference."""

    @property
    def kind(self) -> str:
        """Of which type the fact is."""
        fact = self.expected or self.told
        return type(fact).__name__ if fact else ""

    def fields(self) -> set[str]:
        """Which fields of the fact differ."""
        here, there = _fields(self.expected), _fields(self.told)
        return {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)} - OF_THE_READER

    @property
    def is_of_people(self) -> bool:
        """Whether the same rung was told, in another cast of offices."""
        return self.what == "different" and isinstance(self.told, Rung) and self.fields() <= OF_PEOPLE

    def detail(self) -> str:
        """Which fields differ and how, or why nothing could be derived."""
        return self.reason or ", ".join(f"{name} {told} instead of {due}" for name, told, due in self.by_field())

    def by_field(self) -> list[tuple[str, Any, Any]]:
        """Each field that differs: its name, its value on the topic, and the derived one."""
        here, there = _fields(self.expected), _fields(self.told)
        return [(name, there.get(name), here.get(name)) for name in sorted(self.fields())]

    def as_json(self) -> dict[str, Any]:
        """For programs: the fact as it follows, and as it stands on the topic."""
        both = {"expected": _fields(self.expected) or None, "on_topic": _fields(self.told) or None}
        return {"what": self.what, "clock": self.clock, "kind": self.kind, **both, "reason": self.reason}


def _fields(fact: Said | None) -> dict[str, Any]:
    return {"fact": type(fact).__name__, **fact.model_dump(mode="json")} if fact else {}


@dataclass(frozen=True, slots=True)
class Compared:
    """The result; `close` are rungs that lag alone decides, `people` rungs that name other people."""

    complaint_id: str
    at: datetime
    heard: int
    said: int
    clocks: tuple[str, ...]
    differences: tuple[Difference, ...]
    close: tuple[Difference, ...]
    people: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether everything that stands on the topic follows from what the others said, and nothing is missing."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        named = {"differences": self.differences, "close": self.close, "people": self.people}
        listed = {name: [one.as_json() for one in found] for name, found in named.items()}
        return {"equal": self.equal, **plain(replace(self, differences=(), close=(), people=())), **listed}


@dataclass(frozen=True, slots=True)
class _Derived:
    """Escalation's facts when it hears everything again, and the append times of the facts that it heard."""

    heard: tuple[tuple[Fact, datetime], ...]
    said: tuple[Fact, ...]
    parked: str | None


def compare(file: CaseFile, clock: Clock, now: datetime, bound: timedelta) -> Compared:
    """Judge one complaint again as of `now`; both `now` and `bound`, by how much a reader may be late, are virtual."""
    derived = _derive(file, clock, now)
    on_topic = tuple(fact for fact in file.facts if fact.said_by == SERVICE.name and fact.at <= now)
    expected, stands = standing(derived.said), standing(on_topic)
    keys, course = tuple(dict.fromkeys([*expected, *stands])), courses(derived.heard)
    every = [d for key in keys for d in _differences(key, expected.get(key, NOTHING), stands.get(key, NOTHING))]
    people = tuple(d for d in every if file.pack.people and d.is_of_people)
    found = [d for d in every if d not in people]
    sure = [d for d in found if _is_timing(d, course.get(d.clock), now, bound, file.pack)]
    close = (*sure, *(d for d in found if d not in sure and _follows(d, sure)))
    parked = [Difference("parked", "", reason=derived.parked)] if derived.parked else []
    return Compared(
        complaint_id=file.id,
        at=now,
        heard=len(derived.heard),
        said=len(on_topic),
        clocks=keys,
        differences=(*parked, *(d for d in found if d not in close)),
        close=close,
        people=people,
    )


def _derive(file: CaseFile, clock: Clock, now: datetime) -> _Derived:
    book = PolicyBook()
    book.learn(file.pack.hash, file.pack, 0)
    around, document, heard = Around(book, now), Document(file.id), list[tuple[Fact, datetime]]()
    for record in file.records:
        arrived = clock.virtual(from_ms(record.timestamp_ms))
        given = read(SERVICE, record, clock)
        if given is None or arrived > now:
            continue
        document = fold(SERVICE, _fired(document, arrived - MILLISECOND, around), [given], around).document
        heard += [(given.body, arrived)] if isinstance(given.body, Fact) else []
    document = _fired(document, now, around)
    messages = [out.message for out in document.unsaid if out.message.topic == COMPLAINTS.name]
    said = tuple(read_fact(message.headers, message.value)[0] for message in messages)
    return _Derived(tuple(heard), said, document.parked.reason if document.parked else None)


def _fired(document: Document, until: datetime, around: Around) -> Document:
    """All timers up to then: one call takes no more than a write may carry."""
    while (due := next_due(SERVICE, document, around.policies)) is not None and due <= until:
        document = fire(SERVICE, document, until, around).document
    return document


def _differences(clock: str, expected: Standing, stands: Standing) -> Iterator[Difference]:
    for number in sorted(expected.rungs.keys() | stands.rungs.keys()):
        yield from _differs(clock, expected.rungs.get(number), stands.rungs.get(number))
    for end, told in zip_longest(expected.ends, stands.ends):
        yield from _differs(clock, end, told)
    for number in stands.doubled:
        yield Difference("doubled", clock, None, stands.rungs[number])


def _differs(clock: str, expected: Said | None, told: Said | None) -> Iterator[Difference]:
    what: What = "missing" if told is None else "unexpected" if expected is None else "different"
    found = Difference(what, clock, expected, told)
    if found.fields():
        yield found


def _is_timing(found: Difference, course: Course | None, now: datetime, bound: timedelta, policy: PolicyPack) -> bool:
    """Whether a reader that is late by no more than the bound may have said what stands."""
    if course is None or found.what == "doubled":
        return False
    if course.stopped_at is not None and found.what != "different" and now - course.stopped_at <= bound:
        return True  # what follows from it may be on its way
    rung, told = found.expected or found.told, found.told
    if not isinstance(rung, Rung):
        return False
    if found.what == "different":
        return isinstance(told, Rung) and course.may_be_told(told, bound, policy)
    return course.may_be_missed(rung, bound) or (found.what == "missing" and now - rung.due_at <= bound)


def _follows(found: Difference, close: list[Difference]) -> bool:
    """Whether it is a warning that was told, or not, for the date before: it is told once, for the one or the other."""
    rung = found.expected or found.told
    if not isinstance(rung, Rung) or found.what == "different" or rung.due_at >= rung.target_due_at:
        return False
    others = (d.expected or d.told for d in close)
    return any(isinstance(one, Rung) and _warning(one) == _warning(rung) for one in others)


def _warning(rung: Rung) -> tuple[int, str, int]:
    return rung.cycle, rung.target, rung.rung
