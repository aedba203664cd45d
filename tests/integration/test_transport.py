"""What the guards of `broker/transport.py` rely on, with real processes on a real broker: nothing is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from closedloop.stack import Stack, StackSettings
from services.shared.broker.fetching import WORKING
from tests.conftest import OWN_CLUSTERS
from tests.eventually import eventually
from tests.signals import tell

pytestmark = pytest.mark.stack

PARTITIONS = 2
HANDLED_WITHIN = 60.0


@dataclass
class Course:
    """One topic with its readers, and what they noted."""

    broker: Stack
    notes: Path
    topic: str = field(default_factory=lambda: f"course-{uuid.uuid4().hex[:8]}")
    readers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    _read: int = 0
    _notes: list[dict[str, Any]] = field(default_factory=list)

    def begin(self) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.broker.endpoints.kafka)
        admin.create_topics([NewTopic(self.topic, num_partitions=PARTITIONS, replication_factor=1)])
        admin.close()

    def reader(self, **options: Any) -> subprocess.Popen[bytes]:
        """A worker joins."""
        named = ((f"--{name.replace('_', '-')}", value) for name, value in options.items())
        given = [text for name, value in named for text in ((name,) if value is None else (name, str(value)))]
        argv = [sys.executable, "-m", "tests.integration.reader", self.broker.endpoints.kafka, self.topic, self.topic]
        log = self.notes.with_suffix(".log").open("ab")
        started = subprocess.Popen([*argv, str(self.notes), *given], stdout=log, stderr=log)
        self.readers.append(started)
        return started

    def send(self, *values: str, partition: int | None = None) -> None:
        """Records are on the topic, spread over its partitions unless one is named; a few are fetched as one batch."""
        producer = KafkaProducer(bootstrap_servers=self.broker.endpoints.kafka, acks="all", linger_ms=50)
        for number, value in enumerate(values):
            producer.send(self.topic, value.encode(), partition=number % PARTITIONS if partition is None else partition)
        producer.flush(timeout=150)
        producer.close()
        self.sent += values

    def send_one_after_another(self, *values: str) -> None:
        """Each stands on the first partition before the next is sent."""
        producer = KafkaProducer(bootstrap_servers=self.broker.endpoints.kafka, acks="all")
        for value in values:
            producer.send(self.topic, value.encode(), partition=0).get(timeout=150)
        producer.close()
        self.sent += values

    def noted(self, what: str, by: subprocess.Popen[bytes] | None = None) -> list[dict[str, Any]]:
        if self.notes.exists():
            with self.notes.open("rb") as notes:
                notes.seek(self._read)
                fresh = notes.read().rpartition(b"\n")[0]
            self._notes += [json.loads(line) for line in fresh.splitlines()]
            self._read += len(fresh) + bool(fresh)
        return [note for note in self._notes if note["what"] == what and (by is None or by.pid == note["by"])]

    def handled(self, by: subprocess.Popen[bytes] | None = None) -> list[str]:
        return [note["value"] for note in self.noted("handled", by)]

    def owned(self, by: subprocess.Popen[bytes]) -> list[int]:
        state = self.noted("state", by)
        return state[-1]["owned"] if state else []

    def until(self, seen: Callable[[], Any], within: float = HANDLED_WITHIN) -> Any:
        return eventually(seen, within=within)

    def committed(self) -> dict[int, int]:
        """The next offset that the group would read, by partition."""
        admin = KafkaAdminClient(bootstrap_servers=self.broker.endpoints.kafka)
        try:
            offsets = admin.list_group_offsets(self.topic)[self.topic]
        finally:
            admin.close()
        return {at.partition: row.offset for at, row in offsets.items()}

    def end(self) -> None:
        for reader in self.readers:
            reader.kill()
            reader.wait()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A broker of its own, to be frozen and killed."""
    with Stack(StackSettings(data=tmp_path_factory.mktemp("broker"), services=(), env=OWN_CLUSTERS)) as running:
        running.start(print)
        yield running


@pytest.fixture
def course(broker: Stack, tmp_path: Path) -> Iterator[Course]:
    one = Course(broker, tmp_path / "notes.jsonl")
    one.begin()
    yield one
    one.end()


def numbered(count: int, what: str = "r") -> list[str]:
    return [f"{what}-{n}" for n in range(count)]


def test_records_of_a_partition_are_handled_in_order_each_once_while_nothing_fails(course: Course) -> None:
    course.send(*numbered(3000))

    course.reader()

    course.until(lambda: len(course.handled()) >= 3000)
    assert Counter(course.handled()) == Counter(course.sent)
    for partition in range(PARTITIONS):
        offsets = [note["offset"] for note in course.noted("handled") if note["partition"] == partition]
        assert offsets == list(range(1500))
    course.until(lambda: course.committed() == {0: 1500, 1: 1500})


def test_what_was_fetched_in_vain_is_fetched_again_though_nothing_was_ever_committed(course: Course) -> None:
    reader = course.reader(in_vain=None)
    course.until(lambda: course.owned(reader) == [0, 1])

    course.send_one_after_another("r-0")

    course.until(lambda: course.noted("in vain") and course.handled() == ["r-0"])


def test_records_that_come_one_after_another_are_fetched_together(course: Course) -> None:
    reader = course.reader()
    course.until(lambda: course.owned(reader) == [0, 1])

    begun = time.monotonic()
    course.send_one_after_another(*numbered(500))
    waits = (time.monotonic() - begun) * 1000 / WORKING.wait_ms

    course.until(lambda: len(course.handled()) >= 500)
    assert len(course.noted("batch")) < waits + 50


def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing_and_repeats_no_more_than_was_not_committed(
    course: Course,
) -> None:
    course.send(*numbered(200, "early"))
    killed = course.reader(pause_ms=2, name="one")
    course.until(lambda: sum(course.committed().values()) >= 200)
    course.send(*numbered(2000, "late"))
    course.until(lambda: len(course.handled()) > 400)

    killed.kill()
    killed.wait()
    committed = course.committed()
    successor = course.reader(name="one")

    course.until(lambda: set(course.handled()) >= set(course.sent))
    for partition in range(PARTITIONS):
        begun = [n["offset"] for n in course.noted("handled", successor) if n["partition"] == partition]
        assert begun[0] == committed[partition]
        assert begun == list(range(begun[0], 1100))
    repeated = len(course.handled()) - len(course.sent)
    assert 0 < repeated == len(course.handled(killed)) - sum(committed.values())


def test_a_worker_killed_while_another_joins_loses_nothing(course: Course) -> None:
    course.send(*numbered(1000, "early"))
    killed = course.reader(pause_ms=3)
    course.until(lambda: len(course.handled()) > 100)

    successor = course.reader()
    course.until(lambda: course.noted("joining", successor))
    course.send(*numbered(500, "late"))
    course.until(lambda: course.owned(killed) != [0, 1] or course.owned(successor))
    killed.kill()

    course.until(lambda: set(course.handled()) >= set(course.sent))
    course.until(lambda: course.owned(successor) == [0, 1])
    course.until(lambda: course.committed() == {0: 750, 1: 750})


def test_workers_that_share_the_topic_and_leave_again_handle_everything(course: Course) -> None:
    first = course.reader(pause_ms=1)
    course.until(lambda: course.owned(first) == [0, 1])
    course.send(*numbered(500, "alone"))
    second = course.reader(pause_ms=1)
    course.until(lambda: course.owned(first) and course.owned(second) and course.owned(first) != course.owned(second))
    course.send(*numbered(500, "together"))

    first.send_signal(signal.SIGTERM)
    first.wait(timeout=150)
    course.send(*numbered(500, "alone again"))

    course.until(lambda: set(course.handled()) >= set(course.sent))
    course.until(lambda: course.committed() == {0: 750, 1: 750})
    assert course.noted("stopped", first)[0]["clean"] is True


def test_a_batch_that_is_not_settled_is_never_committed_past_and_comes_again(course: Course) -> None:
    forgetful = course.reader(hold="hold", name="one")
    held = ["with it", "hold", "with it too"]
    for values in (numbered(10, "before"), held, numbered(10, "after")):
        course.send(*values, partition=0)
        course.until(lambda: set(course.handled()) >= set(course.sent))

    for value in ("witness-1", "witness-2"):
        course.send(value, partition=1)
        course.until(lambda: course.committed().get(1) == len(course.sent) - 23)
    assert course.committed()[0] == 10

    forgetful.kill()
    forgetful.wait()
    successor = course.reader(name="one")
    course.until(lambda: "after-9" in course.handled(successor))
    assert [v for v in course.handled(successor) if not v.startswith("witness")] == [*held, *numbered(10, "after")]


def test_a_handler_that_hangs_keeps_its_worker_from_stopping_cleanly_and_nothing_of_it_is_committed(
    course: Course,
) -> None:
    course.send(*numbered(5), partition=0)
    stuck = course.reader(hang="hang")
    course.until(lambda: course.committed().get(0) == 5)
    course.send("hang", partition=0)
    course.until(lambda: any(note["first"] == 5 for note in course.noted("batch")))

    stuck.send_signal(signal.SIGTERM)
    stuck.wait(timeout=150)

    assert course.noted("stopped")[0]["clean"] is False
    assert course.committed()[0] == 5


def test_what_is_decided_follows_the_clock_where_all_is_settled_and_stands_before_what_is_not(course: Course) -> None:
    course.reader(hold="hold")
    course.send("open", partition=0)
    course.until(lambda: course.handled() == ["open"])
    course.send("hold", partition=0)
    course.until(lambda: "hold" in course.handled())
    held_at = time.time()

    later = course.until(lambda: latest(course).get("1", 0) > held_at + 1 and latest(course))

    assert later["1"] <= time.time()
    assert later["0"] <= held_at


@pytest.mark.parametrize("ahead_s", [-180, 180], ids=["a slow clock", "a fast clock"])
def test_what_is_decided_is_the_same_whatever_the_clock_of_the_workers_host_shows(
    course: Course, ahead_s: float
) -> None:
    course.send("one", partition=0)
    course.reader(host_ahead_s=ahead_s)
    course.until(lambda: course.handled() == ["one"])
    handled_at = time.time()

    later = course.until(lambda: latest(course).get("0", 0) > handled_at + 1 and latest(course))

    assert later["0"] <= time.time()


def test_a_worker_that_begins_anew_decides_as_far_as_is_committed_not_as_far_as_it_has_read(course: Course) -> None:
    killed = course.reader(name="one")
    for partition in range(PARTITIONS):
        course.send("settled", partition=partition)
    course.until(lambda: course.committed() == {0: 1, 1: 1})
    killed.kill()
    killed.wait()
    course.send("hold", partition=0)
    sent_at = time.time()

    course.reader(hold="hold", name="one")
    course.until(lambda: course.handled()[-1] == "hold")
    read_at = time.time()
    later = course.until(lambda: latest(course).get("1", 0) > read_at + 1 and latest(course))

    assert later.get("0", 0.0) <= sent_at


def test_a_worker_need_not_read_what_it_has_appended_itself(course: Course) -> None:
    course.reader(hold="ours", says="ours")
    course.until(lambda: course.handled() == ["ours"])
    said_at = time.time()

    course.until(lambda: latest(course).get("0", 0) > said_at + 1)


def latest(course: Course) -> dict[str, float]:
    decided: dict[str, float] = course.noted("state")[-1]["decided"]
    return decided


def test_a_broker_that_freezes_and_thaws_loses_nothing(course: Course) -> None:
    reader = course.reader(pause_ms=1)
    course.until(lambda: course.owned(reader) == [0, 1])
    course.send(*numbered(1000, "before"))
    course.until(lambda: len(course.handled()) > 100)

    tell(course.broker.pid("kafka"), signal.SIGSTOP)
    frozen_at = time.monotonic()
    course.until(lambda: time.monotonic() - frozen_at > 3)
    tell(course.broker.pid("kafka"), signal.SIGCONT)
    course.send(*numbered(200, "after"))

    course.until(lambda: set(course.handled()) >= set(course.sent))
    course.until(lambda: course.committed() == {0: 600, 1: 600})


def test_a_broker_that_is_killed_and_comes_back_loses_nothing(course: Course) -> None:
    reader = course.reader(pause_ms=1)
    course.until(lambda: course.owned(reader) == [0, 1])
    course.send(*numbered(1000, "before"))
    course.until(lambda: len(course.handled()) > 100)

    course.broker.kill("kafka", signal.SIGKILL)
    course.broker.wait_ready("kafka", timeout=300)
    course.send(*numbered(200, "after"))

    course.until(lambda: set(course.handled()) >= set(course.sent))
    course.until(lambda: course.committed() == {0: 600, 1: 600})
    assert reader.poll() is None
