"""Whatever dies, no complaint is lost, doubled, stuck or told early: the whole system in a storm, then looked at."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.structs import OffsetAndMetadata

from closedloop.stack import SERVICES
from closedloop.verify import Clock, check, mark
from schemas.topics import COMPLAINTS
from tests.e2e.people import submissions
from tests.e2e.trial import Trial

RATE = 86_400 / 20
"""A day takes twenty seconds, so that the storm hits every stage of a life."""
COUNT = 1_000
OUTAGE_S = 20.0
SESSION_S = 12.0
"""After this a member that was ended has left its group in any case."""
BOUND_S = 60.0
"""How much later than its time anything may be told: the broker is away for twenty seconds of it, and comes back."""
ENDED_S = 800.0


@dataclass(frozen=True)
class Blow:
    """Something that is done to the system so many seconds after all complaints are in."""

    after_s: float
    part: str
    down_s: float = 0.0


STORM = (
    *(Blow(2.0 + 3 * n, service.name) for n, service in enumerate(SERVICES)),
    Blow(20.0, "kafka", OUTAGE_S),
    Blow(55.0, "mongodb"),
    *(Blow(65.0 + 3 * n, service.name) for n, service in enumerate(SERVICES)),
)


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A thousand complaints in flight while everything is killed in turn, and all of them at their end."""
    with Trial(tmp_path_factory.mktemp("storm"), RATE) as trial:
        begin = trial.clock.virtual(trial.clock.r0)
        sent = [
            trial.submit(submissions(begin, COUNT // 2, timedelta(hours=8), source)) for source in ("hotline", "http")
        ]
        trial.until(lambda: not any(upstream.left for upstream in sent), ENDED_S, *sent)
        for before, blow in zip((Blow(0, ""), *STORM), STORM, strict=False):
            trial.until(lambda: trial.closed() == COUNT, blow.after_s - before.after_s)
            strike(trial, blow)
        ended = trial.until(lambda: trial.closed() == COUNT, ENDED_S, *sent)
        assert ended, f"{trial.closed()} of {COUNT} have ended"
        trial.come_to_rest()
        yield trial


def strike(trial: Trial, blow: Blow) -> None:
    """Kill a part; what is to stay down comes back by itself after its time."""
    if blow.down_s:
        trial.stack.suspend(blow.part, blow.down_s, signal.SIGKILL)
    else:
        trial.stack.kill(blow.part)


def test_a_thousand_complaints_in_a_storm_are_neither_lost_nor_doubled_nor_stuck_nor_early(stormy: Trial) -> None:
    verdict = stormy.verdict(BOUND_S)

    assert verdict.green, [f"{row.invariant} {f.id} {f.why()}" for row in verdict for f in row.failures[:5]]
    assert len(stormy.door.accepted) == COUNT // 2
    assert all(stormy.stack.restarts(service.name) >= 2 for service in SERVICES)


def test_reading_every_topic_again_from_the_beginning_says_nothing_new(stormy: Trial) -> None:
    before = mark(stormy.endpoints.kafka)

    for service in SERVICES:
        stormy.stack.suspend(service.name, SESSION_S + 8)
    stormy.until(lambda: False, SESSION_S)
    for group in ("intake", "router", "escalation", "followup"):
        rewind(stormy.endpoints.kafka, f"closedloop-{group}")
    for service in SERVICES:
        stormy.stack.wait_ready(service.name, ENDED_S)
    stormy.come_to_rest()

    clock = Clock.of(stormy.clock.as_json())
    verdict = check(stormy.endpoints.kafka, clock=clock, since=before, only={"I9"})
    assert verdict.green, verdict.as_json()


def rewind(kafka: str, group: str) -> None:
    """Let a group begin again at the start of every topic that it has read."""
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        read = [p for p, found in admin.list_group_offsets({group: None})[group].items() if found.offset > 0]
        assert TopicPartition(COMPLAINTS.name, 0) in read
        answer = admin.alter_group_offsets(group, {p: OffsetAndMetadata(0, "", -1) for p in read})
        assert all("NoError" in str(outcome) for outcome in answer.values()), answer
