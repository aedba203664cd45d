"""A peer that is not ours: its parts, its client in a process of its own, and the file in which its worker tells."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from closedloop.bench.peers.peer import CLIENT, Told
from closedloop.bench.peers.processes import Part, Parts
from closedloop.stack.settings import PROJECT

LOOK_S = 0.01


class Foreign:
    """Commands go to its client, one line each; the client answers when the thing is durable."""

    def __init__(self, parts: Parts, door: Sequence[str], directory: Path) -> None:
        self._parts, self._argv = parts, door
        self._directory, self._lines = directory, Lines(told_file(directory))
        self._serials, self._waiting = count(), dict[int, asyncio.Future[None]]()
        self._said: Counter[tuple[str, int]] = Counter()

    async def connect(self) -> None:
        with (self._directory / "door.log").open("ab") as log:
            self._door = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
            )
        self._hearing = asyncio.create_task(self._hear())

    async def disconnect(self) -> None:
        self._hearing.cancel()
        self._door.kill()
        await self._door.wait()

    async def open(self, number: int) -> None:
        await self._ask(f"open {number} - -")

    async def signal(self, told: Told, name: str) -> None:
        await self._ask(f"signal {told.number} {name} {told.reference}")

    async def arm(self, dues: Mapping[int, float]) -> None:
        await asyncio.gather(*(self._ask(f"arm {number} {due:.4f} -") for number, due in dues.items()))

    async def told(self) -> list[Told]:
        await asyncio.sleep(LOOK_S)
        fresh = list(self._lines.fresh())
        self._said.update((told.step, told.number) for told in fresh)
        return fresh

    async def twice(self) -> int:
        return self._said.total() - len(self._said)

    def parts(self) -> Mapping[str, int]:
        return {**self._parts.pids(), CLIENT: self._door.pid}

    def kill(self) -> None:
        self._parts.kill()
        self._parts.start()

    async def _ask(self, command: str) -> None:
        serial = next(self._serials)
        self._waiting[serial] = asyncio.get_running_loop().create_future()
        assert self._door.stdin is not None
        self._door.stdin.write(f"{serial} {command}\n".encode())
        await self._waiting[serial]

    async def _hear(self) -> None:
        assert self._door.stdout is not None
        while line := await self._door.stdout.readline():
            self._waiting.pop(int(line)).set_result(None)


class Lines:
    """A file that grows, read line by line: a line without an end is left for the next look."""

    def __init__(self, path: Path) -> None:
        self._path, self._at = path, 0

    def fresh(self) -> Iterator[Told]:
        """What has been written since the last look."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole = file.read().rpartition(b"\n")[0]
        self._at += len(whole) + 1 if whole else 0
        for line in whole.decode().splitlines():
            step, number, at, reference = line.split()
            yield Told(step, int(number), float(at), reference)


def told_file(directory: Path) -> Path:
    """Where the worker of a peer tells."""
    return directory / "told"


@contextmanager
def running(parts: Sequence[Part], door: Sequence[str], directory: Path) -> Iterator[Foreign]:
    """A ready peer of these parts."""
    with Parts(parts, directory) as ready:
        yield Foreign(ready, door, directory)
