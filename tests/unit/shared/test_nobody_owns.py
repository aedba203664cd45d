"""A partition that nobody of the group owns: the process is not ready, a metric counts it, and it is dealt out anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.registry import CollectorRegistry

from schemas.topics import COMPLAINTS, QUEUE, REPLIES, Topic
from services.shared.broker.coverage import MEND_S, REBALANCE_S, STABLE, Coverage
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures

FACTS, NEW = COMPLAINTS.name, REPLIES.of("new")
PLACES = [*(TopicPartition(FACTS, n) for n in range(3)), TopicPartition(REPLIES.of("water"), 0)]
NOBODY, ME, OTHER, GHOST = "nobody", "me", "other", "ghost"
"""Who has a partition; what the broker says that a ghost has is what it has dealt to this process, unread here."""

Owners = Mapping[TopicPartition, str]


def dealt(places: Iterable[TopicPartition]) -> bytes:
    topics: dict[str, list[int]] = {}
    for place in places:
        topics.setdefault(place.topic, []).append(place.partition)
    return bytes(ConsumerProtocolMemberAssignment(0, [*topics.items()], b"").encode())


class Group:
    """The broker's and the consumer's side of one group, as a script has them; counts how often it is dealt out."""

    group, member_id = "closedloop-router", "me-1"

    def __init__(self, owners: Owners) -> None:
        self.owners, self.state, self.error = dict(owners), STABLE, 0
        self.topics = sorted({place.topic for place in PLACES})
        self.there = {place.topic: 0 for place in PLACES}
        for place in PLACES:
            self.there[place.topic] += 1
        self.rejoined: list[float] = []
        self.now = 0.0

    def owned(self) -> set[TopicPartition]:
        return self._of(ME)

    def rejoin(self) -> None:
        self.rejoined.append(self.now)

    async def describe_topics(self) -> list[dict[str, Any]]:
        return [{"topic": topic, "partitions": [*range(n)]} for topic, n in self.there.items()]

    async def describe_consumer_groups(self, groups: list[str]) -> list[Any]:
        assert groups == [self.group]
        mine, others = self._of(ME) | self._of(GHOST), self._of(OTHER)
        members = [("me-1", "", "", b"", dealt(mine)), ("other-1", "", "", b"", dealt(others))]
        return [SimpleNamespace(groups=[(self.error, self.group, self.state, "consumer", "range", members)])]

    def _of(self, who: str) -> set[TopicPartition]:
        return {place for place, owner in self.owners.items() if owner == who}


class Watch:
    """A process that looks at its group; time is moved."""

    def __init__(self, owners: Owners) -> None:
        self.group, self.health, self.registry = Group(owners), Health(), CollectorRegistry()
        measures = Measures("router", registry=self.registry)
        inlet: Any = self.group
        self.coverage = Coverage(inlet, [REPLIES], self.health, measures, lambda: self.group.now, self._alike)

    async def _alike(self, topics: Mapping[str, Topic]) -> Mapping[str, str]:
        return {}

    async def look(self, after_s: float = 0.0) -> None:
        self.group.now += after_s
        await self.coverage.look(self.group)

    @property
    def unowned(self) -> float | None:
        return self.registry.get_sample_value("closedloop_partitions_unowned", {"service": "router"})

    @property
    def missing(self) -> str | None:
        return self.health.missing.get("partitions")


def all_but(*places: TopicPartition, whose: str = NOBODY) -> Owners:
    return {place: whose if place in places else ME for place in PLACES}


async def test_where_somebody_owns_each_partition_the_process_is_ready() -> None:
    watch = Watch({**all_but(), PLACES[1]: OTHER})

    await watch.look()

    assert (watch.unowned, watch.missing, watch.coverage.is_whole) == (0, None, True)


async def test_a_partition_that_nobody_owns_is_counted_and_keeps_the_process_from_being_ready() -> None:
    watch = Watch(all_but(PLACES[0], PLACES[3]))

    await watch.look()

    assert (watch.unowned, watch.coverage.is_whole) == (2, False)
    assert watch.missing == f"nobody owns {FACTS}-0, {REPLIES.of('water')}-0"


async def test_what_the_broker_has_dealt_to_this_process_and_is_not_read_here_is_owned_by_nobody() -> None:
    watch = Watch(all_but(PLACES[3], whose=GHOST))

    await watch.look()

    assert (watch.unowned, watch.missing) == (1, f"nobody owns {REPLIES.of('water')}-0")


async def test_a_process_that_got_nothing_is_not_ready_although_others_own_everything() -> None:
    watch = Watch(dict.fromkeys(PLACES, OTHER))

    await watch.look()

    assert (watch.unowned, watch.missing) == (0, "none is assigned to this process")


async def test_the_group_is_dealt_out_anew_within_seconds_and_once_it_is_whole_left_alone() -> None:
    watch = Watch(all_but(PLACES[3]))
    await watch.look()

    await watch.look(after_s=MEND_S)
    watch.group.owners = dict(all_but())
    for _ in range(20):
        await watch.look(after_s=MEND_S)

    assert watch.group.rejoined == [MEND_S]
    assert (watch.unowned, watch.missing) == (0, None)


async def test_a_group_that_is_being_dealt_out_is_judged_only_when_that_takes_too_long() -> None:
    watch = Watch(all_but())
    await watch.look()
    watch.group.state, watch.group.owners = "PreparingRebalance", dict.fromkeys(PLACES, NOBODY)

    await watch.look(after_s=REBALANCE_S / 2)
    during = watch.missing
    await watch.look(after_s=REBALANCE_S)

    assert during is None
    assert watch.unowned == len(PLACES) and watch.missing is not None


async def test_an_answer_that_is_an_error_is_raised_and_changes_nothing() -> None:
    watch = Watch(all_but(PLACES[0]))
    watch.group.error = GroupCoordinatorNotAvailableError.errno

    with pytest.raises(KafkaError):
        await watch.look()

    assert (watch.missing, watch.group.rejoined) == (None, [])


async def test_a_new_topic_of_a_family_that_is_read_is_noticed_and_no_other() -> None:
    watch = Watch(all_but())
    watch.group.there |= {NEW: 1, QUEUE.of("new"): 1}

    await watch.look()

    assert watch.coverage.new_topics.result() == [NEW]


@given(st.lists(st.tuples(*[st.sampled_from([NOBODY, ME, OTHER, GHOST])] * len(PLACES)), min_size=1, max_size=40))
def test_however_partitions_are_dealt_out_those_that_nobody_reads_are_counted_and_never_left_so(
    deals: list[tuple[str, ...]],
) -> None:
    async def life() -> None:
        watch, since = Watch(dict.fromkeys(PLACES, NOBODY)), None
        for deal in deals:
            watch.group.owners = dict(zip(PLACES, deal, strict=True))
            await watch.look(after_s=MEND_S)
            unread = [owner for owner in deal if owner in (NOBODY, GHOST)]
            assert watch.unowned == len(unread)
            assert (watch.missing is None) == (not unread and ME in deal)
            since = None if not unread else watch.group.now if since is None else since
            if since is not None and since < watch.group.now == since + MEND_S:
                assert watch.group.rejoined[-1:] == [watch.group.now]
            assert unread or watch.group.rejoined[-1:] != [watch.group.now]

    asyncio.run(life())
