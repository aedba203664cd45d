"""A topic that somebody made otherwise than ours are ends no service: it is not read, told once, counted, mended."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from closedloop.stack import Stack
from schemas.topics import QUEUE, RECEIPTS, REPLIES, SUBMISSIONS, Topic
from services.shared.broker.provisioning import apply
from tests.eventually import eventually
from tests.integration.outside import Outside

HEARD_S = 30.0


@dataclass
class Topics:
    """Topics of one service's family that somebody makes by hand."""

    outside: Outside
    service: str
    row: Topic
    answers: Topic
    """On which of its topics who sends there is answered; nobody has made that one."""

    @property
    def stack(self) -> Stack:
        return self.outside.stack

    @property
    def name(self) -> str:
        return self.row.of("typo")

    def makes_one_otherwise(self) -> None:
        with closing(KafkaAdminClient(bootstrap_servers=self.stack.endpoints.kafka)) as admin:
            admin.create_topics([NewTopic(self.name, num_partitions=3, replication_factor=1)])

    def deletes_it(self) -> None:
        with closing(KafkaAdminClient(bootstrap_servers=self.stack.endpoints.kafka)) as admin:
            both = {self.name, self.answers.of("typo")}
            if found := both & {*admin.list_topics()}:
                admin.delete_topics([*found])
            eventually(lambda: not both & {*admin.list_topics()}, within=HEARD_S)

    def makes_it_as_the_table_says(self) -> None:
        apply(self.stack.endpoints.kafka, {self.name: self.row})

    def unread(self) -> float:
        return self.outside.counted(self.service, "closedloop_topics_unread")

    def told(self) -> list[str]:
        """The lines about it in the log of the service."""
        lines = (self.stack.data / "logs" / f"{self.service}.log").read_text().splitlines()
        return [line for line in lines if self.name in line and "is not read" in line]

    def is_heard(self) -> bool:
        return any(self.name == letter.story["original-topic"] for letter in self.outside.letters(self.service))

    def is_answered(self) -> bool:
        return len(self.outside.records(self.answers.of("typo"))) == 1


# All services share what finds topics: the soak looks at a second one.
@pytest.fixture(
    params=[
        pytest.param(("intake", SUBMISSIONS, RECEIPTS), id="intake"),
        pytest.param(("router", REPLIES, QUEUE), id="router", marks=pytest.mark.soak),
    ]
)
def topics(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Topics]:
    with closing(Outside(stack)) as outside:
        made = Topics(outside, *request.param)
        yield made
        made.deletes_it()


def test_a_topic_that_was_made_otherwise_ends_no_service_and_is_read_once_it_is_mended(topics: Topics) -> None:
    restarts, service = topics.stack.restarts(topics.service), topics.service

    topics.makes_one_otherwise()
    eventually(lambda: topics.unread() == 1, within=HEARD_S)

    topics.outside.complaint(f"beside a typo of {service}")
    (line,) = topics.told()
    problem = json.loads(line)["problem"] if line.startswith("{") else line
    assert "partitions=3, not 1" in problem and "retention.ms=604800000, not 2592000000" in problem
    assert "None" not in line and topics.stack.restarts(service) == restarts

    topics.stack.kill(service, signal.SIGTERM)
    eventually(lambda: topics.stack.restarts(service) == restarts + 1, within=HEARD_S)
    topics.stack.wait_ready(service, 60)
    eventually(lambda: topics.unread() == 1, within=HEARD_S)
    topics.outside.complaint(f"again beside a typo of {service}")
    assert topics.stack.restarts(service) == restarts + 1

    topics.deletes_it()
    topics.makes_it_as_the_table_says()
    topics.outside.sends(topics.name, b"is anybody there?")
    eventually(topics.is_heard, within=HEARD_S)
    eventually(topics.is_answered, within=HEARD_S)
    topics.stack.wait_ready(service, 60)
    assert (topics.unread(), topics.stack.restarts(service)) == (0, restarts + 2)
