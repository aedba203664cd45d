"""The client's side of a peer in a process of its own: commands on standard input, their numbers on standard output.

A command is `SERIAL VERB NUMBER ARGUMENT REFERENCE`. It is tried until it is durable, however long its server is away.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Protocol

TEXT = "At the corner of the market street water has been standing since Tuesday and nobody has come to look. " * 4
"""What a case is about; the benchmark's own complaints have the same text."""
DEADLINE_S = 3600.0
RETRY_S = 0.2
AT_ONCE = 64


class Client(Protocol):
    """What can be asked of a peer; each call returns when it is durable, and may be repeated."""

    async def open(self, number: int, within_s: float) -> None:
        """Begin a case whose deadline is so many seconds away."""

    async def signal(self, number: int, name: str, reference: str) -> None:
        """Tell a case what has happened outside."""

    async def arm(self, number: int, due: float) -> None:
        """Arm a timer that tells `due` at this Unix time."""


async def serve(client: Client) -> None:
    """Carry out commands, so many at once, until standard input ends."""
    loop, lines = asyncio.get_running_loop(), asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    gate, running = asyncio.Semaphore(AT_ONCE), set()
    while line := await lines.readline():
        await gate.acquire()
        task = asyncio.create_task(_carry_out(client, line.decode().split(), gate))
        running.add(task)
        task.add_done_callback(running.discard)


async def _carry_out(client: Client, words: list[str], gate: asyncio.Semaphore) -> None:
    serial, verb, number, argument, reference = words
    try:
        while not await _done(client, verb, int(number), argument, reference):  # noqa: ASYNC110
            await asyncio.sleep(RETRY_S)
        sys.stdout.write(f"{serial}\n")
        sys.stdout.flush()
    finally:
        gate.release()


async def _done(client: Client, verb: str, number: int, argument: str, reference: str) -> bool:
    try:
        if verb == "open":
            await client.open(number, DEADLINE_S)
        elif verb == "signal":
            await client.signal(number, argument, reference)
        else:
            await client.arm(number, float(argument))
    except Exception as reason:
        sys.stderr.write(f"{verb} {number}: {type(reason).__name__}: {reason}\n")
        return False
    return True
