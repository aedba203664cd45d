"""A flood waits for the slowest reader, but not for one that is down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.shared.broker import pacing
from services.shared.broker.pacing import GIVEN_UP_S, LOOK_S, MOST_AHEAD, Behind, caught_up


class Reader:
    """Has so much left to read at each look; time moves by one look each."""

    def __init__(self, left: Iterator[int], takes: int = 10) -> None:
        self._left, self._takes, self.looks = left, takes, 0

    async def slowest(self) -> Behind:
        self.looks += 1
        return Behind(next(self._left), self._takes * self.looks)

    def now(self) -> float:
        return self.looks * LOOK_S


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        assert seconds == LOOK_S

    monkeypatch.setattr(pacing.asyncio, "sleep", sleep)


@pytest.mark.parametrize("left", [0, 1, MOST_AHEAD])
async def test_a_reader_that_is_near_the_end_is_not_waited_for(left: int) -> None:
    reader = Reader(iter([left]))

    await caught_up(reader.slowest, reader.now)

    assert reader.looks == 1


async def test_a_reader_that_is_behind_is_waited_for_as_long_as_it_reads() -> None:
    slow = Reader(iter(range(MOST_AHEAD + 5_000, 0, -10)))

    await caught_up(slow.slowest, slow.now)

    assert slow.looks == 501 and slow.now() > GIVEN_UP_S


async def test_a_reader_that_takes_as_much_as_others_say_is_waited_for_all_the_same() -> None:
    busy = Reader(iter([*[MOST_AHEAD + 1] * 1_000, 0]))

    await caught_up(busy.slowest, busy.now)

    assert busy.looks == 1_001 and busy.now() > GIVEN_UP_S


async def test_a_reader_that_takes_nothing_is_not_waited_for_any_longer_than_half_a_minute() -> None:
    down = Reader(iter([MOST_AHEAD + 1] * 10_000), takes=0)

    await caught_up(down.slowest, down.now)

    assert down.now() == pytest.approx(GIVEN_UP_S, abs=2 * LOOK_S)
