"""Everybody outside, the same for every peer: opens cases, answers what they say, arms timers and waits for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

from closedloop.bench.driver import TICK_S, reached
from closedloop.bench.peers.peer import CLOSED, DUE, SIGNALS, Peer, Told


class Driver:
    """Follows what a peer says from when it is entered until it is left."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._next = 0
        self._open: dict[int, float] = {}
        self._heard: set[tuple[int, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed: list[tuple[float, float]] = []
        """When each case was closed, and how many seconds after it should have been opened."""
        self.fired: dict[int, float] = {}
        """When each timer was told, by its number."""

    async def __aenter__(self) -> Driver:
        await self.peer.connect()
        self._following = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._following.cancel()
        for task in list(self._tasks):
            task.cancel()
        await self.peer.disconnect()

    @property
    def in_flight(self) -> int:
        """Cases that are wanted and not yet closed."""
        return len(self._open)

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Open so many a second, whatever becomes of them; a late one counts from when it should have been opened."""
        begun, opened = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < seconds:
            while opened < int(passed * rate):
                self._begin(begun + opened / rate)
                opened += 1
            await asyncio.sleep(TICK_S)

    async def full(self, cases: int, rising_s: float, seconds: float) -> None:
        """Keep so many in flight, evenly more until then: one that is closed makes room for the next."""
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < seconds:
            # Begun all at once they would go in step, and a count would depend on when it begins.
            room = cases * min(1.0, passed / rising_s)
            while self.in_flight < room:
                self._begin(time.monotonic())
            await asyncio.sleep(TICK_S)

    async def drained(self, within_s: float) -> bool:
        """Wait until every case is closed; False where that takes longer."""
        return await self._reached(lambda: not self._open, within_s)

    async def all_fired(self, dues: Mapping[int, float], within_s: float) -> bool:
        """Wait until each of them has been told; False where that takes longer."""
        return await self._reached(lambda: len(self.fired) >= len(dues) and dues.keys() <= self.fired.keys(), within_s)

    async def _reached(self, state: Callable[[], bool], within_s: float) -> bool:
        whole = await reached(lambda: state() or self._following.done(), within_s)
        if self._following.done():
            self._following.result()
        return whole

    def _begin(self, wanted_at: float) -> None:
        self._open[self._next] = wanted_at
        self._run(asyncio.create_task(self.peer.open(self._next)))
        self._next += 1

    def _run(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self) -> None:
        while True:
            for told in await self.peer.told():
                self._hear(told)

    def _hear(self, told: Told) -> None:
        if told.step == DUE:
            self.fired.setdefault(told.number, told.at)
        elif (told.number, told.step) not in self._heard:
            self._heard.add((told.number, told.step))
            if told.step == CLOSED:
                now = time.monotonic()
                self.closed.append((now, now - self._open.pop(told.number)))
            elif told.step in SIGNALS:
                self._run(asyncio.create_task(self._answer(told)))

    async def _answer(self, told: Told) -> None:
        for name in SIGNALS[told.step]:
            await self.peer.signal(told, name)
