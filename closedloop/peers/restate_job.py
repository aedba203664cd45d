"""The job for Restate: one invocation per case, an awakeable per signal, a sleep as deadline; timers are delayed sends.

`python -m closedloop.peers.restate_job work PORT TOLD` serves the handlers, `… door INGRESS` is the client.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import timedelta
from typing import Any

import hypercorn.asyncio
import restate
import uvloop
from hypercorn.config import Config

from closedloop.peers import door
from closedloop.peers.telling import Teller

SIGNALS = ("taken", "answered", "visited")


def work(port: int, told: str) -> None:
    """Serve over HTTP/2 without TLS until ended."""
    config = Config()
    config.bind, config.accesslog, config.h2_max_concurrent_streams = [f"127.0.0.1:{port}"], None, 2_000
    config.keep_alive_max_requests = 10**9
    application: Any = restate.app(_services(Teller(told)))
    uvloop.run(hypercorn.asyncio.serve(application, config))


def _services(teller: Teller) -> list[Any]:
    cases, timers = restate.Service("Case"), restate.Service("Timer")

    async def tell(step: str, number: int, reference: str = "-") -> None:
        teller.tell(step, number, reference)

    @cases.handler()
    async def run(ctx: restate.Context, case: dict[str, Any]) -> None:
        number, nothing = case["number"], restate.RunOptions[None]()
        waits = [ctx.awakeable() for _ in SIGNALS]
        deadline = ctx.sleep(timedelta(seconds=case["within_s"]))
        reference = ",".join(id for id, _ in waits)
        await ctx.run_typed("order", tell, nothing, "ordered", number, reference)
        taken, answered, visited = (wait for _, wait in waits)
        await taken
        what, _ = await restate.select(answered=answered, deadline=deadline)
        if what == "deadline":
            await ctx.run_typed("warn", tell, nothing, "due", number)
            await answered
        await ctx.run_typed("visit", tell, nothing, "visit", number, reference)
        await visited
        await ctx.run_typed("close", tell, nothing, "closed", number)

    @timers.handler()
    async def fire(ctx: restate.Context, number: int) -> None:
        teller.tell("due", number)

    return [cases, timers]


class Ingress:
    """A cheap HTTP client of the server: connections stay open, one request at a time on each."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def open(self, number: int, within_s: float) -> None:
        case = {"number": number, "within_s": within_s, "text": door.TEXT}
        await self._post("/Case/run/send", json.dumps(case), f"case-{number}")

    async def signal(self, number: int, name: str, reference: str) -> None:
        id = reference.split(",")[SIGNALS.index(name)]
        await self._post(f"/restate/awakeables/{id}/resolve", f'"{name}"')

    async def arm(self, number: int, due: float) -> None:
        delay = max(0, round((due - time.time()) * 1000))
        await self._post(f"/Timer/fire/send?delay={delay}ms", str(number), f"timer-{number}")

    async def _post(self, path: str, body: str, key: str = "") -> None:
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection(self._host, self._port)
        try:
            named = f"idempotency-key: {key}\r\n" if key else ""
            head = f"POST {path} HTTP/1.1\r\nhost: restate\r\ncontent-type: application/json\r\n{named}"
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = answer.partition(b"content-length:")[2].split(b"\r\n")[0] or b"0"
            said = await reader.readexactly(int(length))
        except BaseException:
            writer.close()
            raise
        self._free.append((reader, writer))
        if not answer.startswith(b"http/1.1 2"):
            raise RuntimeError(said.decode() or answer.decode())


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(int(sys.argv[2]), sys.argv[3])
    else:
        asyncio.run(door.serve(Ingress("127.0.0.1", int(sys.argv[2]))))
