"""The parts of a process, side by side: the first one that fails ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from services.shared.broker.provisioning import Mismatch

CRASHED, MISCONFIGURED = 70, 78
log = structlog.get_logger()


class Parts:
    """The parts of one process; `over` gets its exit code from the first part that fails, or from a signal to stop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.over: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def start(self, name: str, part: Coroutine[Any, Any, Any]) -> None:
        """Run a part beside the others; if it fails, the process ends."""
        task = asyncio.create_task(part, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._part_ended)

    def end(self, code: int) -> None:
        """Stop the process; the first to ask decides the exit code."""
        if not self.over.done():
            self.over.set_result(code)

    def cancel(self) -> None:
        """End all that still run."""
        for task in list(self._tasks):
            task.cancel()

    def _part_ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None or self.over.done():
            return
        if isinstance(error, Mismatch):
            log.error("refusing to start", problem=str(error))
            self.end(MISCONFIGURED)
        else:
            log.error("a part failed, the process ends", part=task.get_name(), exc_info=error)
            self.end(CRASHED)
