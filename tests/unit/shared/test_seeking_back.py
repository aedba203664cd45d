"""Who goes back to what is committed while the group is dealt out anew goes on: nobody ends by it."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.subscription_state import SubscriptionState

from services.shared.broker.transport import _Thread

OURS = TopicPartition("closedloop.complaints", 0)


class Broker:
    """Answers that nothing is committed, when the group has just been dealt out anew."""

    def __init__(self, group: SubscriptionState) -> None:
        self._group = group

    async def fetch_committed_offsets(self, partitions: Any) -> dict[TopicPartition, Any]:
        self._group.assign_from_subscribed([])
        return {}

    def check_errors(self) -> None:
        """There are none."""


def test_a_partition_that_is_taken_away_while_its_owner_seeks_back_ends_nobody() -> None:
    async def seek() -> Any:
        consumer = AIOKafkaConsumer(group_id="g")
        group: Any = consumer._subscription
        group.subscribe({OURS.topic})
        group.assign_from_subscribed([OURS])
        consumer._coordinator = Broker(group)
        thread = _Thread.__new__(_Thread)
        thread._consumer = consumer
        return await thread._seek_back()

    assert asyncio.run(seek()) == {}
