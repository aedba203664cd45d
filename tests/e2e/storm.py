"""A storm from a seed: what is done to which process, and hostile records on every edge while it lasts."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product

from aiokafka.errors import KafkaError
from kafka import KafkaConsumer

from closedloop.stack import Stack
from schemas.topics import REPLIES, SUBMISSIONS, VISITS
from tests.bad_records import BAD
from tests.hostile_records import Generator, Sending, batch, packed, record
from tests.hostile_wire import Wire
from tests.signals import tell

EDGES = (SUBMISSIONS, REPLIES, VISITS)
OUTAGE_S, FROZEN_S = 20.0, 9.0
"""How long the broker is away; how long a process stands still, which is longer than a lease."""
APART_S = (0.8, 2.4)
KINDS = ("kill", "freeze", "end")
AT_ONCE, BATCHES, PAUSE_S = 40, 12, 0.25
ZSTD = 4
PASSING = frozenset({3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20})
"""What a broker answers that has only just come back."""


@dataclass(frozen=True)
class Blow:
    """Something that is done to a part so many seconds after the blow before."""

    after_s: float
    part: str
    kind: str


def blows(seed: int, services: Iterable[str], rounds: int) -> Iterator[Blow]:
    """In each round everything happens once to every process in any order; broker and database are struck, too."""
    dice = random.Random(seed)
    for _ in range(rounds):
        deck = list(product(services, KINDS))
        deck += [("kafka", "away"), ("mongodb", "kill")]
        dice.shuffle(deck)
        yield from (Blow(dice.uniform(*APART_S), part, kind) for part, kind in deck)


@dataclass
class Struck:
    """What has been done to a stack."""

    stack: Stack
    blows: Counter[tuple[str, str]] = field(default_factory=Counter)
    asleep: list[threading.Timer] = field(default_factory=list)

    def strike(self, blow: Blow) -> None:
        """What ends is started again; what stands still goes on after a while."""
        self.blows[blow.part, blow.kind] += 1
        if blow.kind == "away":
            self.stack.suspend(blow.part, OUTAGE_S, signal.SIGKILL)
        elif blow.kind == "freeze":
            self._freeze(self.stack.pid(blow.part))
        else:
            self.stack.kill(blow.part, signal.SIGTERM if blow.kind == "end" else signal.SIGKILL)

    def is_awake(self) -> bool:
        """Whether nothing stands still any more."""
        return not any(timer.is_alive() for timer in self.asleep)

    def _freeze(self, pid: int) -> None:
        if not pid:
            # It is just starting again.
            return
        tell(pid, signal.SIGSTOP)
        timer = threading.Timer(FROZEN_S, tell, [pid, signal.SIGCONT])
        timer.start()
        self.asleep.append(timer)


def edges(kafka: str) -> list[str]:
    """Every topic by which something comes in from outside."""
    consumer = KafkaConsumer(bootstrap_servers=kafka)
    try:
        return sorted(name for name in consumer.topics() if any(t.member(name) is not None for t in EDGES))
    finally:
        consumer.close()


class Hostile(threading.Thread):
    """Somebody who writes to every edge what no client would; each batch is sent until the broker has answered."""

    def __init__(self, kafka: str, seed: int, rounds: int) -> None:
        super().__init__(name="hostile", daemon=True)
        self._kafka, self._seed, self._rounds = kafka, seed, rounds
        self.stopping = threading.Event()
        self.problem: Exception | None = None
        self.taken: Counter[str] = Counter()
        """How many records of it each topic has taken."""

    def run(self) -> None:
        """Send everything."""
        try:
            asyncio.run(self._send_all())
        except Exception as problem:
            self.problem = problem

    def check(self) -> None:
        """Raise what ended it before its time, if anything did."""
        if self.problem is not None:
            raise self.problem

    async def _send_all(self) -> None:
        # Each takes its turn, so that all edges have something hostile all the time.
        coming = {t: _sendings(self._seed + n, self._rounds) for n, t in enumerate(edges(self._kafka))}
        while coming and not self.stopping.is_set():
            for topic, sendings in list(coming.items()):
                if (sending := next(sendings, None)) is None:
                    del coming[topic]
                else:
                    await self._send(topic, sending)
            await asyncio.sleep(PAUSE_S)

    async def _send(self, topic: str, sending: Sending) -> None:
        while not self.stopping.is_set():
            with suppress(KafkaError, OSError, StopIteration):
                async with Wire(self._kafka) as wire:
                    error = await wire.send(topic, sending.raw)
                if error not in PASSING:
                    self.taken[topic] += 0 if error else sending.records
                    return
            await asyncio.sleep(PAUSE_S)


def _sendings(seed: int, rounds: int) -> Iterator[Sending]:
    generator = Generator(seed, None)
    for _ in range(rounds):
        dealt: list[Callable[[], Sending]] = [lambda: generator.mixed(AT_ONCE)] * BATCHES
        yield from generator.strange()
        yield from _misshapen()
        yield from (make() for make in dealt)


def _misshapen() -> Iterator[Sending]:
    """Whole records whose value or headers are of no use; compressed, since some are larger than a topic takes."""
    for what, (value, headers) in BAD.items():
        raw = record(0, value, headers=[(name.encode(), content) for name, content in headers])
        yield Sending(what, batch(packed(ZSTD, raw), 1, ZSTD), 1)
