"""A partition without an owner on a real broker: it is said, and mended within seconds once that is possible."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata
from kafka.admin import KafkaAdminClient, NewTopic

from closedloop.stack import Stack
from schemas.topics import REPLIES, group_of
from services.shared.broker.succession import succeed
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

GROUP, HOUSING = group_of("router"), REPLIES.of("housing")
WITHHELD = TopicPartition(HOUSING, 0)
SESSION_S = 10.0
MENDED_S = 40.0


class Withholding(RoundRobinPartitionAssignor):  # type: ignore[misc]
    """Deals out all partitions to the others, but one: what a foreign client may do that leads the group."""

    withholds, dealt = True, 0

    @classmethod
    def assign(cls, cluster: Any, members: Any) -> Any:
        others = {id: member for id, member in members.items() if b"foreign" not in member.user_data}
        dealt = super().assign(cluster, others) if others else {}
        left = {id: dealt[id].assignment if id in dealt else [] for id in members}
        Withholding.dealt += 1
        kept = _without if cls.withholds else list
        return {id: ConsumerProtocolMemberAssignment(0, kept(places), b"") for id, places in left.items()}

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> Any:
        return ConsumerProtocolMemberMetadata(cls.version, sorted(topics), b"foreign")


def _without(places: list[tuple[str, list[int]]]) -> list[tuple[str, list[int]]]:
    return [(topic, numbers) for topic, numbers in places if topic != WITHHELD.topic]


class Foreigner(Thread):
    """Somebody else's client is a member of router's group, and deals it out while it leads it."""

    def __init__(self, kafka: str) -> None:
        super().__init__(daemon=True)
        self._kafka, self.joined, self.leaves = kafka, Event(), Event()

    def run(self) -> None:
        asyncio.run(self._be_there())

    async def _be_there(self) -> None:
        consumer = AIOKafkaConsumer(
            HOUSING,
            bootstrap_servers=self._kafka,
            group_id=GROUP,
            enable_auto_commit=False,
            partition_assignment_strategy=[Withholding],
        )
        await consumer.start()
        # Else it would ask to be dealt out anew itself, at each look at the topics that the others read.
        consumer._coordinator._on_metadata_change = lambda: None
        self.joined.set()
        while not self.leaves.is_set():
            await consumer.getmany(timeout_ms=200)
        await consumer.stop()

    def leave(self) -> None:
        self.leaves.set()
        self.join(30)


@pytest.fixture(scope="module")
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


def ready(outside: Outside) -> dict[str, Any]:
    """What router says of its readiness; nothing while it does not answer."""
    try:
        return dict(httpx.get(f"{outside.stack.endpoints.http['router']}/readyz", timeout=10).json())
    except httpx.HTTPError:
        return {}


def test_a_partition_that_nobody_owns_is_said_and_counted_and_is_read_within_seconds_once_it_can_be(
    outside: Outside,
) -> None:
    id = outside.complaint("while-nobody-owns-housing", category="housing/repair")
    outside.stack.suspend("router", SESSION_S + 8)
    foreigner = Foreigner(outside.stack.endpoints.kafka)
    foreigner.start()
    assert foreigner.joined.wait(60)

    eventually(lambda: f"nobody owns {HOUSING}-0" in str(ready(outside)), within=90, every=0.5)
    assert outside.counted("router", "closedloop_partitions_unowned") == 1
    outside.reply("housing", id, "accepted")
    assert outside.facts(id, "WorkAccepted") == []

    # Nobody joins and nobody leaves: only who asks for it has the group dealt out anew, again and again.
    seen = Withholding.dealt
    eventually(lambda: Withholding.dealt >= seen + 3, within=60, every=0.5)
    Withholding.withholds = False
    eventually(lambda: outside.facts(id, "WorkAccepted"), within=MENDED_S)
    eventually(lambda: ready(outside).get("ready"), within=MENDED_S)
    assert outside.counted("router", "closedloop_partitions_unowned") == 0

    foreigner.leave()
    outside.reply("housing", id, "progress", note="on it")
    eventually(lambda: outside.facts(id, "ProgressReported"), within=MENDED_S)


@asynccontextmanager
async def member(kafka: str, group: str, name: str, *topics: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A process of a lasting name; when it ends, it does not leave the group."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=kafka, group_id=group, group_instance_id=name, session_timeout_ms=60_000
    )
    await consumer.start()
    yield consumer
    await consumer.stop()


def test_whoever_reads_more_than_its_predecessor_makes_it_leave_and_nobody_else(stack: Stack) -> None:
    kafka, group = stack.endpoints.kafka, f"succession-{uuid.uuid4().hex[:8]}"
    old, new = f"{group}-old", f"{group}-new"
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1) for topic in (old, new)])

    async def play() -> tuple[list[bool], set[str]]:
        async with member(kafka, group, "second", old):
            async with member(kafka, group, "first", old):
                pass
            asked = [("first", [old]), ("third", [old, new]), ("first", [old, new])]
            made_room = [await asyncio.to_thread(succeed, kafka, group, *each) for each in asked]
            async with member(kafka, group, "first", old, new) as successor:
                return made_room, {place.topic for place in successor.assignment()}

    made_room, read = asyncio.run(play())

    assert made_room == [False, False, True]
    assert new in read
