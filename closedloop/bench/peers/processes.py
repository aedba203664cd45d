"""The processes of a peer: started in order, each ready before the next; ended together with all their children."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from closedloop.bench.peers.meter import processes, tree
from closedloop.stack.settings import PROJECT

WITHIN_S = 60.0
LOOK_S = 0.05


class NotRunning(Exception):
    """A part of a peer did not get ready; the text says which, and its last words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program: how it is run, how one sees that it works, as which user it runs."""

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None


class Parts:
    """The running parts of a peer, their logs in its directory."""

    def __init__(self, parts: Sequence[Part], directory: Path) -> None:
        self._parts, self._directory = parts, directory
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Parts:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def pids(self) -> dict[str, int]:
        """The first process of each part."""
        return {name: running.pid for name, running in self._running.items()}

    def start(self) -> None:
        """Start every part, in order. Raises NotRunning."""
        for part in self._parts:
            with self._log(part).open("ab") as log:
                self._running[part.name] = spawn(part.argv, part.env, part.user, stdout=log, stderr=log)
            self._await(part)

    def kill(self) -> None:
        """SIGKILL for all of them and their children; returns when they are gone."""
        every = processes()
        pids = {pid for running in self._running.values() for pid in tree(every, running.pid)}
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for running in self._running.values():
            running.wait()
        while any(pid in pids and not process.is_dead for pid, process in processes().items()):
            time.sleep(LOOK_S)
        self._running.clear()

    def _log(self, part: Part) -> Path:
        return self._directory / f"{part.name}.log"

    def _await(self, part: Part) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not part.ready():
            if self._running[part.name].poll() is not None or time.monotonic() > deadline:
                words = self._log(part).read_text(errors="replace")[-1_000:]
                raise NotRunning(f"{part.name} did not get ready: {words}")
            time.sleep(LOOK_S)


def spawn(
    argv: Sequence[str],
    env: Mapping[str, str],
    user: str | None = None,
    stdin: int = subprocess.DEVNULL,
    **streams: object,
) -> subprocess.Popen[bytes]:
    """Start a program out of reach of the terminal's signals; modules of ours can be found by it."""
    whole = {**os.environ, "PYTHONPATH": str(PROJECT), **env}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        argv, env=whole, user=user, group=user, stdin=stdin, start_new_session=True, **streams
    )
