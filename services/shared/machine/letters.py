"""Dead letters: a message that could not be taken, untouched, with its whole story in headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.envelope import Message
from schemas.topics import DEAD_LETTERS, group_of

NOWHERE = -1
UNDECIDED = ("poison", "parked")
"""Reasons of letters about records that still wait for their outcome; every other letter is one."""
MOST_BYTES = 1536 * 1024
"""The largest record that a letter carries whole; a compressed one may be larger than any topic takes."""
KEPT_BYTES = 64 * 1024
"""How much of the value is left of a larger one; the whole stands where the letter says it came from."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A record as it came, and where from; a command over HTTP has the topic that would have carried it, offset -1."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def place(self) -> tuple[str, int, int]:
        """Topic, partition and offset."""
        return self.topic, self.partition, self.offset

    @property
    def position(self) -> str:
        """`topic#partition-offset`: the record's identity where it brings none of its own."""
        return position(*self.place)

    def is_same_record(self, other: Origin) -> bool:
        """Whether both are one record of the log, or one command that was sent over HTTP again."""
        same_content = (self.headers, self.value) == (other.headers, other.value)
        return self.position == other.position and (self.offset != NOWHERE or same_content)


@dataclass(frozen=True, slots=True)
class Broken(Origin):
    """A record, or what is left of a batch, that the wire's own format does not let anybody read; it came so."""

    why: str = ""


def describe(problem: Exception | str) -> str:
    """The problem in one line."""
    return problem if isinstance(problem, str) else f"{type(problem).__name__}: {problem}"[:500]


def dead_letter(service: str, origin: Origin, reason: str, problem: Exception | str, now: datetime) -> Message:
    """The letter for the operators; `now` is real time, `reason` a stable code."""
    story = {
        "dlq-original-topic": origin.topic,
        "dlq-original-partition": origin.partition,
        "dlq-original-offset": origin.offset,
        "dlq-original-timestamp": origin.timestamp_ms,
        "dlq-consumer-group": group_of(service),
        "dlq-service": service,
        "dlq-reason": reason,
        "dlq-exception-class": "" if isinstance(problem, str) else type(problem).__name__,
        "dlq-exception-message": str(problem)[:500],
        "dlq-attempts": 1,
        "dlq-first-failed-at": now.isoformat(timespec="milliseconds"),
        "dlq-failed-at": now.isoformat(timespec="milliseconds"),
    }
    size = size_of(origin)
    if size > MOST_BYTES:
        story["dlq-original-bytes"] = size
        origin = replace(
            origin, key=(origin.key or b"")[:KEPT_BYTES], value=(origin.value or b"")[:KEPT_BYTES], headers=()
        )
    headers = (*origin.headers, *((name, str(value).encode()) for name, value in story.items()))
    return Message(DEAD_LETTERS.of(service), origin.key, origin.value or b"", headers)


def about(headers: Iterable[tuple[str, bytes | None]]) -> tuple[tuple[str, int, int], str] | None:
    """The record that a dead letter is about, and its reason; None if the message is no letter, or about no record."""
    # A letter's own story comes behind what its original brought under the same names.
    story = {name: (value or b"").decode(errors="replace") for name, value in headers if name.startswith("dlq-")}
    names = ("topic", "partition", "offset")
    topic, partition, offset = (story.get(f"dlq-original-{name}", "") for name in names)
    if not topic or "dlq-reason" not in story or not all(re.fullmatch("[0-9]{1,18}", n) for n in (partition, offset)):
        return None
    return (topic, int(partition), int(offset)), story["dlq-reason"]


def position(topic: str, partition: int, offset: int) -> str:
    """`topic#partition-offset`: a record's place as text."""
    return f"{topic}#{partition}-{offset}"


def size_of(origin: Origin) -> int:
    """How many bytes of key, value and headers a record has."""
    heads = sum(len(name) + len(value or b"") for name, value in origin.headers)
    return len(origin.key or b"") + len(origin.value or b"") + heads


def of_timer(subject: str, due: datetime) -> Origin:
    """The stand-in for a timer that failed: it came by no topic."""
    value = f'{{"timer": "{due.isoformat()}", "subject": "{subject}"}}'
    return Origin("timer", NOWHERE, NOWHERE, int(due.timestamp() * 1000), subject.encode(), value.encode())
