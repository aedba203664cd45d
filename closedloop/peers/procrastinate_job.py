"""The job for procrastinate: a row per case, a job per signal, a scheduled job as deadline that the answer cancels.

`python -m closedloop.peers.procrastinate_job work DATABASE TOLD PORT` runs jobs, `… door DATABASE` is the client.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate

from closedloop.peers import door
from closedloop.peers.telling import Teller, ready

CONCURRENCY = 20
BEAT_S, STALLED_S = 1.0, 4.0
"""How soon the jobs of a process that is gone are taken up; the library's defaults are 10 and 30 seconds."""
TABLE = "CREATE TABLE IF NOT EXISTS cases (number bigint PRIMARY KEY, text text, step text, deadline bigint)"
MOVE = "UPDATE cases SET step = %(to)s WHERE number = %(number)s AND step = %(since)s RETURNING deadline"
OPEN = "INSERT INTO cases VALUES (%(number)s, %(text)s, 'ordered', %(deadline)s) ON CONFLICT DO NOTHING"
STEPS = {"taken": ("ordered", "taken"), "answered": ("taken", "visit"), "visited": ("visit", "closed")}


def application(database: str, teller: Teller | None) -> Any:
    """The tasks, and the pool of connections that they and their jobs use."""
    connector = procrastinate.PsycopgConnector(conninfo=database, min_size=4, max_size=CONCURRENCY + 4)
    app = procrastinate.App(connector=connector)

    def tell(step: str, number: int) -> None:
        if teller:
            teller.tell(step, number)

    @app.task(name="open")
    async def open(number: int, within_s: float, text: str) -> None:
        due = datetime.now(UTC) + timedelta(seconds=within_s)
        deadline = await app.configure_task("due", schedule_at=due).defer_async(number=number)
        await connector.execute_query_async(OPEN, number=number, text=text, deadline=deadline)
        tell("ordered", number)

    @app.task(name="signal")
    async def signal(number: int, name: str) -> None:
        since, to = STEPS[name]
        moved = await connector.execute_query_all_async(MOVE, number=number, since=since, to=to)
        if moved and name == "answered":
            await app.job_manager.cancel_job_by_id_async(moved[0]["deadline"], delete_job=True)
        if name != "taken":
            tell(to, number)

    @app.task(name="due")
    async def due(number: int) -> None:
        tell("due", number)

    return app


async def work(database: str, told: str, port: int) -> None:
    """Run jobs until ended, those of a process that is gone too."""
    app = application(database, Teller(told))
    async with app.open_async():
        await _prepare(app)
        rescue = asyncio.create_task(_rescue(app))
        with ready(port):
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                fetch_job_polling_interval=0.1,
                update_heartbeat_interval=BEAT_S,
                stalled_worker_timeout=STALLED_S,
            )
        rescue.cancel()


async def _prepare(app: Any) -> None:
    there = await app.connector.execute_query_one_async("SELECT to_regclass('procrastinate_jobs') AS jobs")
    if not there["jobs"]:
        await app.schema_manager.apply_schema_async()
    await app.connector.execute_query_async(TABLE)


async def _rescue(app: Any) -> None:
    """The library leaves it to its user to take up stalled jobs."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(BEAT_S)


class Client:
    """Defers jobs; those of one case run in turn."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def open(self, number: int, within_s: float) -> None:
        await self._defer("open", f"{number}", number=number, within_s=within_s, text=door.TEXT)

    async def signal(self, number: int, name: str, reference: str) -> None:
        await self._defer("signal", f"{number}", number=number, name=name)

    async def arm(self, number: int, due: float) -> None:
        when = datetime.fromtimestamp(due, UTC)
        await self._app.configure_task("due", schedule_at=when).defer_async(number=number)

    async def _defer(self, task: str, lock: str, **values: Any) -> None:
        await self._app.configure_task(task, lock=lock).defer_async(**values)


async def _serve(database: str) -> None:
    app = application(database, None)
    async with app.open_async():
        await door.serve(Client(app))


if __name__ == "__main__":
    if sys.argv[1] == "work":
        asyncio.run(work(sys.argv[2], sys.argv[3], int(sys.argv[4])))
    else:
        asyncio.run(_serve(sys.argv[2]))
