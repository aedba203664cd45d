"""Whether somebody of the group owns every partition of what the service reads; if not, the group is dealt out anew.

Whatever has left a partition without a reader looks the same from here, and is mended in the same way.
"""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import for_code

from schemas.topics import Topic
from services.shared.broker.transport import Inlet
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures

MEND_S, MEND_AT_MOST_EVERY_S = 3.0, 300.0
"""How long a partition may be without an owner, at first; each mending in vain doubles the wait for the next."""
REBALANCE_S = 30.0
"""A group that is dealt out for longer than this owns nothing."""
COMPARED_EVERY_S = 10.0
"""How often a topic that differs from the table is looked at again: it is read soon after somebody has mended it."""
Compare = Callable[[Mapping[str, Topic]], Awaitable[Mapping[str, str]]]
"""The topics among these that differ from the table, each with its difference."""
STABLE = "Stable"
log = structlog.get_logger()


class Mending:
    """Decides when the group is rebalanced, by the seconds of a clock that is never set back."""

    def __init__(self) -> None:
        self._since, self._wait = math.inf, MEND_S

    def is_due(self, uncovered: bool, now: float) -> bool:
        """Whether partitions have been without an owner for long enough."""
        if not uncovered:
            self._since, self._wait = math.inf, MEND_S
            return False
        self._since = min(self._since, now)
        if now - self._since < self._wait:
            return False
        self._since, self._wait = now, min(2 * self._wait, MEND_AT_MOST_EVERY_S)
        return True


class Unread:
    """Topics of our families that are not as the table says: they are not read, and each is told once."""

    def __init__(self, compare: Compare) -> None:
        self._compare, self._compared_at = compare, -math.inf
        self.why: Mapping[str, str] = {}

    async def sort_out(self, beside: Mapping[str, Topic], now: float) -> list[str]:
        """The topics that exist and are not subscribed yet, in order."""
        if beside.keys() == self.why.keys() and (not beside or now - self._compared_at < COMPARED_EVERY_S):
            return []
        differing = await self._compare(beside) if beside else {}
        for topic, what in differing.items():
            if self.why.get(topic) != what:
                log.error("a topic is not read: it was made otherwise than ours are", topic=topic, problem=what)
        for topic in self.why.keys() - beside.keys():
            log.info("a topic that was not read is gone", topic=topic)
        self.why, self._compared_at = differing, now
        return sorted(beside.keys() - differing.keys())


class Coverage:
    """Looks at the group through the broker's eyes, at itself through its own; notices topics that are new."""

    def __init__(
        self,
        inlet: Inlet,
        families: Iterable[Topic],
        health: Health,
        measures: Measures,
        clock: Callable[[], float],
        compare: Compare,
    ) -> None:
        self._inlet, self._families, self._health, self._measures = inlet, tuple(families), health, measures
        self._clock, self._mending, self._settled_at = clock, Mending(), clock()
        self._unread = Unread(compare)
        self.unowned: set[TopicPartition] = set()
        self.is_whole = False
        self.new_topics: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()

    async def look(self, admin: Any) -> None:
        """Ask the broker once; raises what the client raises where it does not answer."""
        topics = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
        beside = {topic: row for topic in topics if (row := self._row(topic)) and topic not in self._inlet.topics}
        fresh = await self._unread.sort_out(beside, self._clock())
        self._measures.unread.set(len(self._unread.why))
        if fresh and not self.new_topics.done():
            self.new_topics.set_result(fresh)
        (answer,) = await admin.describe_consumer_groups([self._inlet.group])
        ((error, _, state, _, _, members, *_),) = answer.groups
        if error:
            raise for_code(error)()
        if state == STABLE:
            self._settled_at = self._clock()
        elif self._clock() - self._settled_at < REBALANCE_S:
            return
        wanted = {TopicPartition(topic, p) for topic in self._inlet.topics for p in range(topics.get(topic, 0))}
        self._judge(wanted - self._owned(members if state == STABLE else ()))

    def _row(self, topic: str) -> Topic | None:
        return next((family for family in self._families if family.member(topic) is not None), None)

    def _owned(self, members: Iterable[Any]) -> set[TopicPartition]:
        """The partitions owned by other members, as the broker says, and those really read by this process."""
        others = {id: assignment for id, _, _, _, assignment in members if id != self._inlet.member_id}
        mine = {TopicPartition(tp.topic, tp.partition) for tp in self._inlet.owned()}
        return mine.union(*map(partitions_in, others.values()))

    def _judge(self, unowned: set[TopicPartition]) -> None:
        self.unowned, self.is_whole = unowned, not unowned
        self._measures.unowned.set(len(unowned))
        if unowned:
            self._health.need("partitions", f"nobody owns {named(unowned)}")
        elif not self._inlet.owned():
            self._health.need("partitions", "none is assigned to this process")
        else:
            self._health.have("partitions")
        if self._mending.is_due(bool(unowned), self._clock()):
            log.warning("partitions without an owner: the group is dealt out anew", partitions=named(unowned))
            self._inlet.rejoin()


def partitions_in(assignment: bytes) -> set[TopicPartition]:
    """The partitions that a member of a group was assigned; empty if that cannot be read."""
    try:
        dealt = ConsumerProtocolMemberAssignment.decode(assignment).assignment
    except (ValueError, struct.error):  # a member that has just joined was assigned nothing yet
        return set()
    return {TopicPartition(topic, partition) for topic, numbers in dealt for partition in numbers}


def named(partitions: Iterable[TopicPartition]) -> str:
    """The partitions in words, the first ten of them."""
    all = sorted(f"{tp.topic}-{tp.partition}" for tp in partitions)
    more = f" and {len(all) - 10} more" if len(all) > 10 else ""
    return ", ".join(all[:10]) + more
