"""A service's real process with a stopwatch around the stages of its loop: `python -m closedloop.bench.staged`.

It answers `GET /stages` with CPU seconds by stage so far; those of other threads are the consumer's fetching.
"""

from __future__ import annotations

import asyncio
import os
import time

from closedloop.bench.stopwatch import Stopwatch
from services.router.metrics import COUNTS
from services.router.service import SERVICE
from services.router.settings import ROLE
from services.shared import logs, process
from services.shared.loop import Loop
from services.shared.measures import Measures
from services.shared.process import Process
from services.shared.publisher import Publisher
from services.shared.settings import Settings
from services.shared.store import Store


def watch_stages(watch: Stopwatch) -> None:
    """Charge the loop's stages, in the classes themselves: nothing of how they work together changes."""
    process.read = watch.sync("read", process.read)  # type: ignore[attr-defined]
    Store.load = watch.waiting("load", Store.load)  # type: ignore[method-assign]
    Store.save = watch.waiting("save", Store.save)  # type: ignore[method-assign]
    Store.clear = watch.waiting("clear", Store.clear)  # type: ignore[method-assign]
    Loop._fold = watch.sync("fold", Loop._fold)  # type: ignore[method-assign]
    Publisher.send = watch.waiting("publish", Publisher.send)  # type: ignore[assignment, method-assign]
    Measures.count = watch.sync("measures", Measures.count)  # type: ignore[method-assign]
    Measures.said = watch.sync("measures", Measures.said)  # type: ignore[method-assign]


async def until_over() -> int:
    """Run the process to its end."""
    watch = Stopwatch()
    asyncio.get_running_loop().set_task_factory(watch.task_factory)
    watch_stages(watch)
    running = Process(SERVICE, Settings.from_environment(), ROLE, COUNTS)

    @running.app.get("/stages")
    async def stages() -> dict[str, float]:
        return {**watch.spent(), "other threads": time.process_time() - time.thread_time()}

    return await running.run()


if __name__ == "__main__":
    logs.set_up(SERVICE.name)
    os._exit(asyncio.run(until_over()))
