"""Where logs end, asked of a broker: by everybody over one connection, and again once it is back."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import TopicPartition

from services.shared.broker.log_ends import Ends

FIRST, SECOND = TopicPartition("facts", 0), TopicPartition("facts", 1)


class Broker:
    """Takes a while to connect to; every log ends at 7."""

    def __init__(self) -> None:
        self.connections, self.left, self.away = 0, 0, False

    def __call__(self, **settings: Any) -> Broker:
        self.connections += 1
        return self

    async def start(self) -> None:
        await asyncio.sleep(0.001)
        if self.away:
            raise ConnectionError

    async def stop(self) -> None:
        self.left += 1

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.away:
            raise ConnectionError
        return dict.fromkeys(partitions, 7)


async def test_who_asks_at_once_asks_over_one_connection() -> None:
    broker = Broker()
    ends = Ends("broker", broker)

    answers = await asyncio.gather(*(ends.look([partition]) for partition in (FIRST, SECOND, FIRST)))

    assert answers == [{FIRST: 7}, {SECOND: 7}, {FIRST: 7}]
    assert broker.connections == 1


async def test_while_the_broker_is_away_nothing_is_known_and_once_it_is_back_it_is_asked_again() -> None:
    broker = Broker()
    ends = Ends("broker", broker)

    broker.away = True
    before = [await ends.look([FIRST]) for _ in range(2)]
    broker.away = False
    back = await ends.look([FIRST])
    broker.away = True
    gone = await ends.look([FIRST])

    assert (before, back, gone) == ([{}, {}], {FIRST: 7}, {})
    assert (broker.connections, broker.left) == (3, 2)


async def test_who_owns_nothing_asks_nobody() -> None:
    broker = Broker()

    assert await Ends("broker", broker).look([]) == {}
    assert broker.connections == 0
