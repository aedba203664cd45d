"""One complaint judged again: escalation's own table over what the others said, beside what stands on the topic.

Timers fire in the order of time, as for a reader that is never late: each before the first fact that was appended after
its date. A reader that was late, by no more than `bound`, may have told a rung that this one does not, or the reverse:
only where the date lies that close to the moment at which its clock stopped, or to now; or it may have told it to the
department that had the clock that shortly before or after. Such rungs are named, and are no difference. A breach that
was told and taken back is as if it had never been told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Literal

from closedloop.casebook import CaseFile
from closedloop.explain.plain import plain
from closedloop.replay.course import Course, courses
from closedloop.replay.verdicts import Standing, standing
from schemas.envelope import read_fact
from schemas.facts import DeadlineMet, Fact, Rung
from schemas.topics import COMPLAINTS
from services.escalation.service import SERVICE
from services.shared.clock import MILLISECOND, Clock, from_ms
from services.shared.fold import Around, fire, fold, next_due
from services.shared.machine import Document
from services.shared.policies import PolicyBook
from services.shared.reading import read

What = Literal["missing", "unexpected", "different", "doubled", "parked"]
Said = Rung | DeadlineMet
NOTHING = Standing({})
OF_THE_OWNER = {"department", "queue"}
"""What a rung says differently when the clock has passed to another department."""


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
        return {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}

    def detail(self) -> str:
        """Which fields differ and how, or why nothing could be derived."""
        here, there = _fields(self.expected), _fields(self.told)
        return self.reason or ", ".join(f"{n} {there.get(n)} instead of {here.get(n)}" for n in sorted(self.fields()))

    def as_json(self) -> dict[str, Any]:
        """For programs: the fact as it follows, and as it stands on the topic."""
        both = {"expected": _fields(self.expected) or None, "on_topic": _fields(self.told) or None}
        return {"what": self.what, "clock": self.clock, "kind": self.kind, **both, "reason": self.reason}


def _fields(fact: Said | None) -> dict[str, Any]:
    return {"fact": type(fact).__name__, **fact.model_dump(mode="json")} if fact else {}


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it; `close` are the rungs that timing alone decides."""

    complaint_id: str
    at: datetime
    heard: int
    said: int
    clocks: tuple[str, ...]
    differences: tuple[Difference, ...]
    close: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether everything that stands on the topic follows from what the others said, and nothing is missing."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        named = {"differences": self.differences, "close": self.close}
        listed = {name: [one.as_json() for one in found] for name, found in named.items()}
        return {"equal": self.equal, **plain(replace(self, differences=(), close=())), **listed}


@dataclass(frozen=True, slots=True)
class _Derived:
    """What escalation says when it is told everything again, and when each fact came that it heard."""

    heard: tuple[tuple[Fact, datetime], ...]
    said: tuple[Fact, ...]
    parked: str | None


def compare(file: CaseFile, clock: Clock, now: datetime, bound: timedelta) -> Compared:
    """Judge one complaint again as of `now`; both `now` and `bound`, by how much a reader may be late, are virtual."""
    derived = _derive(file, clock, now)
    on_topic = tuple(fact for fact in file.facts if fact.said_by == SERVICE.name and fact.at <= now)
    expected, stands = standing(derived.said), standing(on_topic)
    keys, course = tuple(dict.fromkeys([*expected, *stands])), courses(derived.heard)
    found = [d for key in keys for d in _differences(key, expected.get(key, NOTHING), stands.get(key, NOTHING))]
    close = tuple(d for d in found if _is_timing(d, course.get(d.clock), now, bound))
    parked = [Difference("parked", "", reason=derived.parked)] if derived.parked else []
    return Compared(
        complaint_id=file.id,
        at=now,
        heard=len(derived.heard),
        said=len(on_topic),
        clocks=keys,
        differences=(*parked, *(d for d in found if d not in close)),
        close=close,
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
        document = fire(SERVICE, document, until, around)
    return document


def _differences(clock: str, expected: Standing, stands: Standing) -> Iterator[Difference]:
    for number in sorted(expected.rungs.keys() | stands.rungs.keys()):
        yield from _differs(clock, expected.rungs.get(number), stands.rungs.get(number))
    for met, told in zip_longest(expected.met, stands.met):
        yield from _differs(clock, met, told)
    for number in stands.doubled:
        yield Difference("doubled", clock, None, stands.rungs[number])


def _differs(clock: str, expected: Said | None, told: Said | None) -> Iterator[Difference]:
    if expected != told:
        what: What = "missing" if told is None else "unexpected" if expected is None else "different"
        yield Difference(what, clock, expected, told)


def _is_timing(found: Difference, course: Course | None, now: datetime, bound: timedelta) -> bool:
    """Whether a reader that is late by no more than the bound may have said what stands."""
    if course is None or found.what == "doubled":
        return False
    if course.stopped_at is not None and found.what != "different" and now - course.stopped_at <= bound:
        return True  # what follows from it may be on its way
    rung, told = found.expected or found.told, found.told
    if not isinstance(rung, Rung):
        return False
    if found.what == "different":
        if not isinstance(told, Rung) or not found.fields() <= OF_THE_OWNER:
            return False
        return course.may_name(told.department, rung, bound)
    return course.may_be_missed(rung, bound) or (found.what == "missing" and now - rung.due_at <= bound)
