"""Whoever sleeps until the next timer is woken by an earlier one, however the two race."""

from __future__ import annotations

import asyncio

import pytest

from services.shared.loop.alarm import Alarm
from tests.builders import hour

LONG_S = 60.0


async def sleeps(alarm: Alarm, until: float | None) -> asyncio.Task[None]:
    task = asyncio.create_task(alarm.sleep(LONG_S, None if until is None else hour(until)))
    await asyncio.sleep(0)
    return task


@pytest.mark.parametrize(("until", "armed", "wakes"), [(5, 4, True), (5, 5, False), (5, 6, False), (None, 6, True)])
async def test_only_what_falls_due_earlier_wakes(until: float | None, armed: float, wakes: bool) -> None:
    alarm = Alarm()
    alarm.reset()
    sleeper = await sleeps(alarm, until)

    alarm.set(hour(armed))

    done, _ = await asyncio.wait({sleeper}, timeout=0.05)
    assert bool(done) == wakes
    sleeper.cancel()


async def test_what_was_armed_while_the_next_timer_was_looked_up_is_not_slept_through() -> None:
    alarm = Alarm()
    alarm.reset()
    alarm.set(hour(4))

    await asyncio.wait_for(alarm.sleep(LONG_S, hour(5)), 1)


async def test_what_was_armed_before_the_look_wakes_nobody() -> None:
    alarm = Alarm()
    alarm.set(hour(1))
    alarm.reset()
    sleeper = await sleeps(alarm, 5)

    done, _ = await asyncio.wait({sleeper}, timeout=0.05)

    assert not done
    sleeper.cancel()


async def test_a_time_that_has_come_is_not_slept_for() -> None:
    await asyncio.wait_for(Alarm().sleep(-3.0, hour(1)), 1)
