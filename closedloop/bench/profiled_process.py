"""A service's real process with a stopwatch around the stages of its loop.

`python -m closedloop.bench.profiled_process NAME` starts it. It answers `GET /stages` with CPU seconds by stage so far;
the other threads are the one in which the consumer fetches.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time

from closedloop.bench.stopwatch import Stopwatch
from closedloop.rebuild import TABLES
from services.intake.service import SERVICE as INTAKE
from services.intake.settings import LOOP
from services.shared.broker.publisher import Publisher
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.process import feeding, process
from services.shared.process.process import Process, Role
from services.shared.watching.measures import Measures


def watch_stages(watch: Stopwatch) -> None:
    """Charge the loop's stages, in the classes themselves: nothing of how they work together changes."""
    feeding.read = watch.sync("read", feeding.read)  # type: ignore[attr-defined]
    Store.load = watch.waiting("load", Store.load)  # type: ignore[method-assign]
    Store.save = watch.waiting("save", Store.save)  # type: ignore[method-assign]
    Store.clear = watch.waiting("clear", Store.clear)  # type: ignore[method-assign]
    for name in ("now", "due", "first_due", "read_until", "tell_read_until", "unsaid"):
        setattr(Store, name, watch.waiting("timers and sweeping", getattr(Store, name)))
    Loop._fold = watch.sync("fold", Loop._fold)  # type: ignore[method-assign]
    Publisher.send = watch.waiting("publish", Publisher.send)  # type: ignore[assignment, method-assign]
    Measures.count = watch.sync("measures", Measures.count)  # type: ignore[method-assign]
    Measures.said = watch.sync("measures", Measures.said)  # type: ignore[method-assign]


def routes(running: Process) -> None:
    """Begin to watch, and answer with what was seen."""
    watch = Stopwatch()
    watch_stages(watch)
    asyncio.get_running_loop().set_task_factory(watch.task_factory)
    gc.callbacks.append(lambda phase, _: watch.collecting(phase) if _is_main() else None)

    @running.app.get("/stages")
    async def stages() -> dict[str, float]:
        return {**watch.spent(), "other threads": time.process_time() - time.thread_time()}


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


if __name__ == "__main__":
    table = TABLES[sys.argv[1]]
    process.run(lambda settings: table, LOOP if table is INTAKE else Role(), routes)
