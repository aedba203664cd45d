"""The outside world over real topics: plain Kafka clients and HTTP, in threads, by the virtual clock."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.http_caller import HttpCaller
from closedloop.outsiders.post import Post
from schemas.topics import QUEUE
from services.shared.timing.clock import Clock, floor_ms

LOOK_S = 0.05
"""How long a thread sleeps at most before it looks again; also how long a read waits."""
ACK_S = 60.0
AT_ONCE = 500
"""How many records are sent before their acknowledgements are waited for."""
RECONNECT_MS = 1_000
"""How long a client waits at most before it tries an absent broker again; left to itself, half a minute."""


def now() -> datetime:
    """Real time as append times tell it, in whole milliseconds: what is sent now never arrives before it."""
    return floor_ms(datetime.now(UTC))


class Outbox:
    """Sends records; `send` returns when the broker has acknowledged all of them. Raises kafka.errors.KafkaError."""

    def __init__(self, kafka: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=kafka, acks="all", reconnect_backoff_max_ms=RECONNECT_MS)
        self.sent = 0

    def send(self, posts: Iterable[Post]) -> None:
        """At least once: a record that was sent twice carries the same id twice."""
        waiting = [self._producer.send(p.topic, value=p.value, headers=list(p.headers)) for p in posts]
        self._producer.flush(timeout=ACK_S)
        for acknowledged in waiting:
            acknowledged.get(timeout=ACK_S)
        self.sent += len(waiting)

    def close(self) -> None:
        """Leave the broker."""
        self._producer.close(timeout=ACK_S)


class Outsider(threading.Thread):
    """Somebody outside with a thread of their own; an error ends them and is raised by `check`."""

    def __init__(self, name: str, kafka: str, clock: Clock) -> None:
        super().__init__(name=name, daemon=True)
        self.clock = clock
        self.stopping = threading.Event()
        self.outbox = Outbox(kafka)
        self._problem: Exception | None = None

    def run(self) -> None:
        """Act until told to stop."""
        try:
            while not self.stopping.is_set():
                self.act()
        except Exception as problem:
            self._problem = problem
        finally:
            self.outbox.close()

    @abstractmethod
    def act(self) -> None:
        """One turn; returns within about LOOK_S when there is nothing to do."""

    def check(self) -> None:
        """Raise what ended this thread, if anything did."""
        if self._problem is not None:
            raise self._problem

    def stop(self) -> None:
        """Returns when the thread has ended."""
        self.stopping.set()
        if self.is_alive():
            self.join()

    def rest(self, until: datetime | None) -> float:
        """Seconds until a virtual moment, at most LOOK_S."""
        left = LOOK_S if until is None else (self.clock.real(until) - datetime.now(UTC)) / timedelta(seconds=1)
        return min(LOOK_S, max(0.001, left))


class Upstream(Outsider):
    """All upstream systems: each record is sent at its time, or as soon after as can be."""

    def __init__(self, kafka: str, clock: Clock, posts: Iterable[Post], door: HttpCaller | None = None) -> None:
        super().__init__("upstream", kafka, clock)
        self._coming = deque(sorted(posts, key=lambda post: post.at))
        self._door = door
        self.total = len(self._coming)

    @property
    def left(self) -> int:
        """How many records have still to be sent."""
        return len(self._coming)

    def act(self) -> None:
        """Send what is due."""
        virtual = self.clock.virtual(now())
        due = [post for post in islice(self._coming, AT_ONCE) if post.at <= virtual]
        if not due:
            self.stopping.wait(self.rest(self._coming[0].at if self._coming else None))
            return
        door = self._door
        self.outbox.send(post for post in due if door is None or not door.takes(post))
        for post in due:
            if door is not None and door.takes(post):
                door.hand_in(post)
        # Only what is acknowledged counts as sent.
        for _ in due:
            self._coming.popleft()


class Departments(Outsider):
    """All departments, the centre and the desks: they read their queues and do what stands in their agenda.

    No offset is committed: whoever begins anew reads every order again and sends the same replies under the same ids.
    """

    def __init__(self, kafka: str, clock: Clock, names: Iterable[str], agenda: Agenda) -> None:
        super().__init__("departments", kafka, clock)
        self._agenda = agenda
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            reconnect_backoff_max_ms=RECONNECT_MS,
        )
        self._consumer.assign([TopicPartition(QUEUE.of(name), 0) for name in names])
        self.orders = 0

    def act(self) -> None:
        """Read what has come, send what is due."""
        wait_s = self.rest(self._agenda.next_at())
        for records in self._consumer.poll(timeout_ms=int(wait_s * 1000)).values():
            for record in records:
                self._agenda.hear(record.headers, record.value)
                self.orders += 1
        due = self._agenda.due(self.clock.virtual(now()))
        if due:
            self.outbox.send(due)

    def run(self) -> None:
        """Act until told to stop."""
        try:
            super().run()
        finally:
            self._consumer.close()
