"""The job for DBOS: a workflow per case, a message per signal, `recv` with a timeout as deadline, delayed timers.

`python -m closedloop.peers.dbos_job work DATABASE TOLD PORT` runs workflows, `… door DATABASE` is the client.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dbos import DBOS, DBOSClient

from closedloop.peers import door
from closedloop.peers.telling import Teller, ready

QUEUE, CASE, TIMER = "cases", "case", "timer"
VERSION = "1"
POLL_S = 0.1
POOL = 20
LATE_S = 10 * 86_400.0


def work(database: str, told: str, port: int) -> None:
    """Run workflows until ended; those of an earlier process are taken up first."""
    config: Any = {
        "name": "peers",
        "system_database_url": database,
        "executor_id": "worker",
        "application_version": VERSION,
        "log_level": "WARNING",
        "sys_db_pool_size": POOL,
        "scheduler_polling_interval_sec": 3600.0,
    }
    DBOS(config=config)
    _register(Teller(told))
    DBOS.launch()
    DBOS.register_queue(QUEUE, polling_interval_sec=POLL_S)
    with ready(port):
        threading.Event().wait()


def _register(teller: Teller) -> None:
    @DBOS.step()
    async def tell(step: str, number: int) -> None:
        teller.tell(step, number)

    @DBOS.workflow(name=CASE)
    async def run(number: int, within_s: float, text: str) -> None:
        await tell("ordered", number)
        await DBOS.recv_async("taken", timeout_seconds=LATE_S)
        if await DBOS.recv_async("answered", timeout_seconds=within_s) is None:
            await tell("due", number)
            await DBOS.recv_async("answered", timeout_seconds=LATE_S)
        await tell("visit", number)
        await DBOS.recv_async("visited", timeout_seconds=LATE_S)
        await tell("closed", number)

    @DBOS.workflow(name=TIMER)
    async def fire(number: int) -> None:
        teller.tell("due", number)


class Client:
    """Writes into the system database as the library's own client does."""

    def __init__(self, database: str) -> None:
        self._client = DBOSClient(
            system_database_url=database, system_database_pool_size=POOL, application_name="peers"
        )

    async def open(self, number: int, within_s: float) -> None:
        await self._enqueue(CASE, f"case-{number}", {}, number, within_s, door.TEXT)

    async def signal(self, number: int, name: str, reference: str) -> None:
        await self._client.send_async(f"case-{number}", name, name, f"{number}-{name}")

    async def arm(self, number: int, due: float) -> None:
        await self._enqueue(TIMER, f"timer-{number}", {"delay_seconds": max(0.0, due - time.time())}, number)

    async def _enqueue(self, workflow: str, id: str, more: dict[str, Any], *args: Any) -> None:
        options: Any = {
            "workflow_name": workflow,
            "queue_name": QUEUE,
            "workflow_id": id,
            "app_version": VERSION,
            **more,
        }
        await self._client.enqueue_async(options, *args)


async def _serve(database: str) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(POOL))
    await door.serve(Client(database))


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        asyncio.run(_serve(sys.argv[2]))
