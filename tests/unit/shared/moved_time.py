"""An event loop without waiting: when all tasks sleep, time moves to the first one due."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class _NoWaiting(selectors.DefaultSelector):
    """Instead of waiting so long, moves the time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits and nobody will ever wake")
        self.now += max(0.0, timeout)
        return super().select(0)


class MovedTime(asyncio.SelectorEventLoop):
    """Time is 0 in the beginning, and passes only when nothing is left to do."""

    def __init__(self) -> None:
        self._moved = _NoWaiting()
        super().__init__(self._moved)

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._moved.now


def run(what: Coroutine[Any, Any, R]) -> R:
    """Run it to its end, however long it takes, at once."""
    with asyncio.Runner(loop_factory=MovedTime) as runner:
        return runner.run(what)


def now() -> float:
    """Seconds since the beginning."""
    return asyncio.get_running_loop().time()
