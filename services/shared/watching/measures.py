"""The metrics that every service has, each declared once."""

from __future__ import annotations

import time
from collections import Counter as Counted
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.registry import CollectorRegistry

from schemas.envelope import Message
from services.shared.machine.documents import Input, Outgoing
from services.shared.watching.fact_counters import Row, counted, declared

BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
DEAD_LETTER_REASONS = (
    "unreadable",
    "id_missing",
    "unknown_subject",
    "conflict",
    "not_your_topic",
    "too_far_ahead",
    "due_before_receipt",
    "not_countable",
    "too_large",
    "crowded",
    "poison",
    "parked",
)
"""Known from the start: each is counted from 0, so that the first letter after a restart shows as a rise."""
LATENESS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600)


@dataclass(frozen=True)
class Maker:
    """Declares metrics with our prefix and the label `service`."""

    service: str
    registry: CollectorRegistry

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        """A number that only rises."""
        return Counter(f"closedloop_{name}", text, ["service", *labels], registry=self.registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        """A number that rises and falls."""
        return Gauge(f"closedloop_{name}", text, ["service", *labels], registry=self.registry)

    def histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        """How a quantity of this service is distributed."""
        made = Histogram(f"closedloop_{name}", text, ["service"], buckets=buckets, registry=self.registry)
        return made.labels(self.service)

    def rising(self, name: str, text: str) -> Counter:
        """A counter of this service without further labels."""
        return self.counter(name, text).labels(self.service)

    def level(self, name: str, text: str) -> Gauge:
        """A gauge of this service without further labels."""
        return self.gauge(name, text).labels(self.service)


class Measures:
    """One service's share of the metrics; `service` is their only label of identity."""

    def __init__(self, service: str, counts: Iterable[Row] = (), registry: CollectorRegistry = REGISTRY) -> None:
        self.service, self._counts = service, declared(counts, registry)
        make = Maker(service, registry)
        self._declare_records(make)
        self._declare_timers(make)
        self._declare_state(make)

    def _declare_records(self, make: Maker) -> None:
        self.inputs = make.counter("inputs", "Inputs taken, by type", "type")
        self.messages = make.counter("said", "Facts and messages acknowledged by the broker, by type", "type")
        self.dead = make.counter("dead_letters", "Dead letters written, by reason", "reason")
        for reason in DEAD_LETTER_REASONS:
            self.dead.labels(self.service, reason)
        self.retries = make.rising("retries", "Attempts repeated after a temporary failure")
        self.conflict = make.rising("lost_writes", "Compare-and-sets that were lost and decided again")
        self.batch_size = make.histogram("batch_inputs", "Inputs per micro-batch", BATCHES)
        self.batch_seconds = make.histogram("batch_seconds", "From load to save of a micro-batch", SECONDS)
        self.early = make.rising("inputs_early", "Inputs that came before their case and wait for it")
        self.turned_away_before = make.rising(
            "inputs_turned_away_before", "Records read again that had their dead letter: they were passed over"
        )
        self.lag = make.gauge("consumer_lag", "Records behind the end of the log", "topic", "partition")

    def _declare_timers(self, make: Maker) -> None:
        self.lateness = make.histogram(
            "timer_lateness_seconds", "Real time from a timer's due date until the broker had what it says", LATENESS
        )
        self.poll_seconds = make.histogram("timer_poll_seconds", "How long a look for due timers took", SECONDS)
        self.poll_size = make.histogram("timer_poll_due", "Due timers found at one look", BATCHES)
        self.paced = make.rising("timers_paced", "Waits for the slowest reader of the facts")
        self.fired = make.rising("timers_fired", "Due timers that were decided")
        self.holds = make.rising("gate_holds", "Looks at a due timer that the gate held back")
        self.oldest = make.gauge(
            "oldest_due_timestamp_seconds", "Due date of the oldest unfired timer (virtual); 0: none"
        )
        self.polled = make.gauge("timers_polled_timestamp_seconds", "Virtual time of the last look for due timers")
        self.census = make.level("census_seconds", "How long the last count of armed timers took")

    def _declare_state(self, make: Maker) -> None:
        self.unofficial = make.gauge(
            "unofficial_years",
            "1: a calendar of a known policy counts, within a year, with holidays that its authority has not published",
            "calendar",
            "year",
        )
        self.tally = make.gauge(
            "documents", "Documents that are parked, have something unsaid, hold what waits, or hold nothing", "state"
        )
        self.unowned = make.level("partitions_unowned", "Subscribed partitions that no process of the service owns")
        self.stopped = make.gauge(
            "partition_stopped", "1: not read on, too many in a row were turned away", "topic", "partition"
        )
        self.unread = make.level(
            "topics_unread", "Topics named like ours that are not read, because they were made otherwise"
        )
        self.clock = make.level("clock_timestamp_seconds", "Virtual now")

    @contextmanager
    def batch(self, inputs: int) -> Iterator[None]:
        """Times one micro-batch."""
        began = time.perf_counter()
        yield
        self.batch_seconds.observe(time.perf_counter() - began)
        self.batch_size.observe(inputs)

    def count(self, inputs: Iterable[Input[Any]]) -> None:
        """Inputs were taken."""
        for kind, number in Counted(type(given.body).__name__ for given in inputs).items():
            self.inputs.labels(self.service, kind).inc(number)

    def count_documents(self, tally: Mapping[str, int]) -> None:
        """How many documents are in which state."""
        for state, documents in tally.items():
            self.tally.labels(self.service, state).set(documents)

    def show_unofficial(self, years: Iterable[tuple[str, int]]) -> None:
        """The holidays of which calendars in which years are a guess."""
        self.unofficial.clear()
        for calendar, year in years:
            self.unofficial.labels(self.service, calendar, str(year)).set(1)

    def said(self, outbox: Iterable[tuple[str, list[Outgoing]]]) -> None:
        """Messages were acknowledged by the broker."""
        messages = (item.message for _, items in outbox for item in items)
        for (counter, labels), number in Counted(chain.from_iterable(map(self._raised, messages))).items():
            (counter.labels(*labels) if labels else counter).inc(number)

    def _raised(self, message: Message) -> Iterator[tuple[Counter, tuple[str, ...]]]:
        headers = dict(message.headers)
        if (reason := headers.get("dlq-reason")) is not None:
            yield self.dead, (self.service, reason.decode())
        else:
            yield self.messages, (self.service, headers["ce_type"].decode())
            yield from counted(self._counts, headers["ce_type"], message)

    def fired_late(self, seconds: Iterable[float]) -> None:
        """The messages of timers were acknowledged, so many seconds after their due dates."""
        for each in seconds:
            self.lateness.observe(max(0.0, each))

    def strays(self, messages: Iterable[Message]) -> None:
        """Letters about inputs that no document took were acknowledged."""
        self.said([("", [Outgoing(0, message) for message in messages])])

    def lost(self, documents: int) -> None:
        """Compare-and-sets were lost."""
        self.conflict.inc(documents)

    def retried(self) -> None:
        """Something temporary failed and is tried again."""
        self.retries.inc()
