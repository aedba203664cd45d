"""CPU time by stage on one thread: whoever runs is charged, also a coroutine that waits in between."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")


class Stopwatch:
    """Exclusive seconds by stage: a stage inside another is taken off the outer one."""

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock, self._stage, self._since = clock, "event loop", clock()
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._interrupted = self._stage

    def enter(self, stage: str) -> str:
        """Charge from here on to this stage; returns the one before, to be entered again."""
        now = self._clock()
        self._spent[self._stage] += now - self._since
        before, self._stage, self._since = self._stage, stage, now
        return before

    def spent(self) -> dict[str, float]:
        """Seconds by stage so far."""
        self.enter(self._stage)
        return dict(self._spent)

    def collecting(self, phase: str) -> None:
        """For `gc.callbacks`: what the garbage collector takes is its own stage."""
        if phase == "start":
            self._interrupted = self.enter("garbage collection")
        else:
            self.enter(self._interrupted)

    def sync(self, stage: str, call: Callable[..., T]) -> Callable[..., T]:
        """The function, charged to a stage."""

        @wraps(call)
        def timed(*args: Any, **kwargs: Any) -> T:
            before = self.enter(stage)
            try:
                return call(*args, **kwargs)
            finally:
                self.enter(before)

        return timed

    def waiting(self, stage: str, call: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """The coroutine function, each of its steps charged to a stage and its waits to nobody."""

        @wraps(call)
        async def timed(*args: Any, **kwargs: Any) -> T:
            return await _Steps(self, stage, call(*args, **kwargs))

        return timed

    def task_factory(
        self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, T] | Generator[Any, None, T], **kwargs: Any
    ) -> asyncio.Task[T]:
        """For `set_task_factory`: every task is charged to the library that its coroutine comes from."""

        async def timed() -> T:
            return await _Steps(self, _library(coro), coro)  # type: ignore[arg-type]

        return asyncio.Task(timed(), loop=loop, **kwargs)


class _Steps(Awaitable[T]):
    def __init__(self, watch: Stopwatch, stage: str, inner: Awaitable[T]) -> None:
        self._watch, self._stage, self._inner = watch, stage, inner

    def __await__(self) -> Generator[Any, Any, T]:
        steps = self._inner.__await__()
        resume: Callable[[], Any] = steps.__next__
        while True:
            before = self._watch.enter(self._stage)
            try:
                waits_for = resume()
            except StopIteration as done:
                result: T = done.value
                return result
            finally:
                self._watch.enter(before)
            try:
                heard = yield waits_for
            except BaseException as thrown:
                resume = _thrower(steps, thrown)
            else:
                resume = _sender(steps, heard)


def _sender(steps: Any, value: Any) -> Callable[[], Any]:
    return lambda: steps.send(value)


def _thrower(steps: Any, error: BaseException) -> Callable[[], Any]:
    return lambda: steps.throw(error)


def _library(coro: Any) -> str:
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    path = code.co_filename if code else ""
    known = ("aiokafka", "faust", "mode", "pymongo", "uvicorn", "services")
    return next((name for name in known if f"/{name}/" in path), "other tasks")
