"""CPU time is charged to whoever runs, also where a coroutine waits in between."""

import asyncio

import pytest

from closedloop.bench.stopwatch import Stopwatch


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def watch(hand: Hand) -> Stopwatch:
    return Stopwatch(hand)


def test_a_stage_inside_another_is_taken_off_the_outer_one(hand: Hand, watch: Stopwatch) -> None:
    inner = watch.sync("inner", lambda: hand.work(2))

    def outer() -> None:
        hand.work(1)
        inner()
        hand.work(1)

    watch.sync("outer", outer)()

    assert watch.spent() == {"event loop": 0, "inner": 2, "outer": 2}


def test_the_garbage_collector_is_charged_itself(hand: Hand, watch: Stopwatch) -> None:
    def collected_meanwhile() -> None:
        watch.collecting("start")
        hand.work(3)
        watch.collecting("stop")
        hand.work(1)

    watch.sync("fold", collected_meanwhile)()

    assert watch.spent() == {"event loop": 0, "garbage collection": 3, "fold": 1}


async def test_while_a_stage_waits_somebody_else_is_charged(hand: Hand, watch: Stopwatch) -> None:
    async def loads() -> str:
        hand.work(1)
        await asyncio.sleep(0)
        hand.work(1)
        return "loaded"

    async def other() -> None:
        hand.work(5)

    found, _ = await asyncio.gather(watch.waiting("load", loads)(), watch.waiting("other", other)())

    assert found == "loaded"
    assert watch.spent() == {"event loop": 0, "load": 2, "other": 5}


async def test_what_is_thrown_into_a_stage_and_out_of_it_passes_through(watch: Stopwatch) -> None:
    async def fails() -> None:
        raise ValueError("as it came")

    async def waits() -> None:
        await asyncio.Event().wait()

    waiting = asyncio.ensure_future(watch.waiting("wait", waits)())
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(ValueError, match="as it came"):
        await watch.waiting("fail", fails)()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_tasks_are_charged_to_the_library_that_they_come_from(watch: Stopwatch) -> None:
    async def ours() -> int:
        return 3

    task = watch.task_factory(asyncio.get_running_loop(), ours())

    assert await task == 3
    assert "other tasks" in watch.spent()
