"""Whatever dies, no complaint is lost, doubled, stuck or told early: the whole system in a storm, then looked at."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.structs import OffsetAndMetadata

from closedloop.outsiders.live import Upstream
from closedloop.policies import load
from closedloop.stack import SERVICES
from closedloop.verify import Clock, check, mark, terms
from schemas.facts import ComplaintClosed
from schemas.topics import COMPLAINTS, row_of
from schemas.topics import SERVICES as GROUPS
from tests.e2e.last_words import Documents, Queues, Stand, disagreements
from tests.e2e.people import PRIVATE, submissions
from tests.e2e.storm import Hostile, Struck, blows
from tests.e2e.told import told
from tests.e2e.trial import PACK, Trial

pytestmark = pytest.mark.alone

SEED = 20
TWO_OF_EACH = (*SERVICES, *(replace(spec, name=f"{spec.name}-2") for spec in SERVICES))
NAMES = tuple(spec.name for spec in TWO_OF_EACH)
ARRIVING = timedelta(hours=8)
DOWN_S, TRIES = 20.0, 5
"""How long all are down, by when a member that was ended has left its group; how often that again on a slow machine."""
BOUND_S = 60.0
"""How much later than its time anything may be told: the broker is away for twenty seconds of it, and comes back."""
ENDED_S = 800.0
ENDING = re.compile(r"(\S+) ended \((.*)\), starts again")


@dataclass(frozen=True)
class Size:
    """How many complaints, how many rounds of blows, and how many seconds a day takes: storms last four days."""

    complaints: int
    rounds: int
    day_s: float
    copies: float
    """Which share of the facts may be copies. What a frozen process's Kafka client still holds goes out when it wakes:
    at most a batch of 16 KiB for each of six partitions, in a small storm about 1 %."""


EVERY_TIME, FULL = Size(300, 1, day_s=14, copies=0.02), Size(3_000, 10, day_s=140, copies=0.02)


@dataclass
class Storm:
    """A trial that has been through a storm, and is at rest."""

    trial: Trial
    size: Size
    struck: Struck
    hostile: Hostile
    documents: Documents

    def rage(self, *sent: Upstream) -> None:
        """Strike one blow after the other, and look at some documents in between."""
        for blow in blows(SEED, NAMES, self.size.rounds):
            self.trial.until(lambda: False, blow.after_s, *sent)
            self.struck.strike(blow)
            self.documents.look()
            self.trial.closed()

    def calm(self, *sent: Upstream) -> None:
        """Wait until every complaint has ended, everybody is at work and nothing is left to do."""
        count = self.size.complaints
        ended = self.trial.until(lambda: self.trial.closed() == count, ENDED_S, *sent)
        assert ended, f"{self.trial.closed()} of {count} have ended"
        self.hostile.join(ENDED_S)
        self.hostile.check()
        assert self.trial.until(self.struck.is_awake, ENDED_S)
        for name in NAMES:
            self.trial.stack.wait_ready(name, ENDED_S)
        self.trial.come_to_rest()

    @property
    def endings(self) -> Counter[tuple[str, str]]:
        """How often a process of a service has ended, and by what."""
        found = [match for line in self.trial.said if (match := ENDING.match(line))]
        return Counter((match[1], match[2]) for match in found if match[1] in NAMES)


@pytest.fixture(
    scope="module",
    params=[pytest.param(EVERY_TIME, id="300"), pytest.param(FULL, id="3000", marks=pytest.mark.soak)],
)
def storm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """Complaints in flight while everything is struck and hostile records come in; all of them at their end."""
    size: Size = request.param
    rate = timedelta(days=1).total_seconds() / size.day_s
    with Trial(tmp_path_factory.mktemp("storm"), rate, TWO_OF_EACH) as trial:
        begin, half = trial.clock.virtual(trial.clock.r0), size.complaints // 2
        hostile = Hostile(trial.endpoints.kafka, SEED, size.rounds)
        with closing(Documents(trial.endpoints.mongodb, load(PACK))) as documents:
            storm = Storm(trial, size, Struck(trial.stack), hostile, documents)
            hostile.start()
            sent = [
                trial.submit(submissions(begin, half, ARRIVING)),
                # Whoever has no answer at one door asks at the other, under the same key.
                *(trial.submit(submissions(begin, half, ARRIVING, "http"), door) for door in trial.doors),
            ]
            try:
                storm.rage(*sent)
                storm.calm(*sent)
                yield storm
            finally:
                hostile.stopping.set()
                hostile.join()


def test_complaints_in_a_storm_are_neither_lost_nor_doubled_nor_stuck_nor_early(
    storm: Storm, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = storm.trial.verdict(BOUND_S)
    with capsys.disabled():
        print(f"\n  {storm.struck.blows.total()} blows, {storm.hostile.taken.total():,} hostile records taken")

    assert verdict.green, [f"{row.invariant} {f.id} {f.why()}" for row in verdict for f in row.failures[:5]]
    assert all(len(door.accepted) == storm.size.complaints // 2 for door in storm.trial.doors.values())
    assert all(storm.trial.stack.restarts(name) >= 1 for name in (*NAMES, "kafka", "mongodb"))


def test_whatever_came_in_no_process_ended_unless_it_was_told_to_and_all_are_at_work(storm: Storm) -> None:
    ended = Counter[str]()
    for (name, how), count in storm.endings.items():
        # Who is told to end while the broker is away may not be able to do so in order.
        ended[name if how in ("exit 0", "exit 75", "SIGTERM") else how] += count
    told = {"SIGKILL": ended["SIGKILL"]} | {name: storm.struck.blows[name, "end"] for name in NAMES}

    assert ended <= Counter(told), storm.endings
    assert all(taken > 400 * storm.size.rounds for taken in storm.hostile.taken.values()), storm.hostile.taken
    for name in NAMES:
        for page in ("livez", "readyz"):
            answer = httpx.get(f"{storm.trial.endpoints.http[name]}/{page}", timeout=30)
            assert answer.status_code == 200, (name, answer.text)


def test_no_more_than_one_record_in_fifty_stands_twice(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    records, ids = Counter[str](), defaultdict[str, set[str | None]](set)
    for record in told(storm.trial.endpoints.kafka):
        family = row_of(record.topic)
        assert family is not None
        # Hostile records stand on the facts besides; what has no id of ours is not ours.
        if record.id is not None:
            records[family.name] += 1
            ids[family.name].add(record.id)
    copies = {name: 1 - len(ids[name]) / count for name, count in records.items()}
    with capsys.disabled():
        print(f"\n  copies: {', '.join(f'{name} {share:.2%} of {records[name]:,}' for name, share in copies.items())}")

    assert len(copies) == 3 and max(copies.values()) <= storm.size.copies


def test_what_identifies_people_stands_on_no_topic_that_a_service_writes(storm: Storm) -> None:
    private = [text.encode() for text in PRIVATE]

    assert [
        record.topic for record in told(storm.trial.endpoints.kafka) if any(p in record.value for p in private)
    ] == []


def test_whoever_keeps_the_last_message_of_each_order_knows_what_is_open_at_any_time(
    storm: Storm, capsys: pytest.CaptureFixture[str]
) -> None:
    queues = Queues(storm.trial.endpoints.kafka, load(PACK).departments)
    seen: list[Stand] = [*storm.documents.seen.values(), *storm.documents.all()]
    opened = [id for stand in seen for id, state in stand.orders.items() if state == "open"]
    closed = {fact.complaint_id for fact in storm.trial.facts.all if isinstance(fact, ComplaintClosed)}
    with capsys.disabled():
        print(f"\n  documents looked at {len(seen):,} times, {len(opened):,} orders were open")

    assert list(disagreements(queues, seen)) == []
    assert {id: states for id in closed if "open" in (states := queues.last(id)).values()} == {}
    # Else nothing was shown.
    assert len(closed) == storm.size.complaints
    assert len(opened) > storm.size.complaints // 10


def test_reading_every_topic_again_from_the_beginning_says_nothing_new(storm: Storm) -> None:
    trial = storm.trial
    before = mark(trial.endpoints.kafka)

    assert any(rewound(trial) for _ in range(TRIES))
    for name in NAMES:
        trial.stack.wait_ready(name, ENDED_S)
    trial.come_to_rest()

    clock = Clock.of(trial.clock.as_json())
    verdict = check(trial.endpoints.kafka, terms(clock, since=before), only={"silent"})
    assert verdict.green, verdict.as_json()


def rewound(trial: Trial) -> bool:
    """Let everybody begin again at the start of every topic; False where somebody was back before all had left."""
    with ThreadPoolExecutor(len(NAMES)) as pool:
        list(pool.map(lambda name: trial.stack.suspend(name, DOWN_S), NAMES))
    groups = {f"closedloop-{service}" for service in GROUPS}

    def all_are_rewound() -> bool:
        groups.difference_update({group for group in groups if rewind(trial.endpoints.kafka, group)})
        return not groups

    return trial.until(all_are_rewound, DOWN_S)


def rewind(kafka: str, group: str) -> bool:
    """Let a group begin again at the start of every topic that it has read; False while it has members."""
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        read = [p for p, found in admin.list_group_offsets({group: None})[group].items() if found.offset > 0]
        assert TopicPartition(COMPLAINTS.name, 0) in read
        answer = admin.alter_group_offsets(group, {p: OffsetAndMetadata(0, "", -1) for p in read})
        return all("NoError" in str(outcome) for outcome in answer.values())
