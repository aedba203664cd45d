"""The local stack as one object: broker, database and services on loopback, supervised until it is stopped."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from closedloop.stack import process, secret, state
from closedloop.stack.errors import PartFailed
from closedloop.stack.keeper import FAILED, Keeper
from closedloop.stack.part import Part
from closedloop.stack.plan import Plan
from closedloop.stack.settings import Endpoints, StackSettings

READY_SECONDS = 90.0
POLL_SECONDS = 0.05
_LOG_KEPT_BYTES = 10_000_000


def silent(line: str) -> None:
    """For stacks that nobody watches."""


class Stack:
    """A context manager: `start` returns when everything is ready, `stop` when no process is left."""

    def __init__(self, settings: StackSettings) -> None:
        self.settings = settings
        self.data = settings.data.resolve()
        self._keepers: dict[str, Keeper] = {}
        self._lock: TextIO | None = None
        self._phase = "starting"
        self._endpoints = Endpoints("", "", {})
        self._say: Callable[[str], None] = silent
        self._recording = threading.Lock()

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoints(self) -> Endpoints:
        return self._endpoints

    @property
    def pseudonym_key(self) -> str:
        """The secret of its services."""
        return secret.pseudonym_key(self.data, {**os.environ, **self.settings.env})

    def start(self, say: Callable[[str], None] = silent) -> Endpoints:
        """Starts everything and supervises it from background threads; one line per step goes to `say`.

        Raises a `StackError`, with nothing left running, where something keeps the stack from becoming ready.
        """
        self._say = say
        self._lock = state.lock(self.data)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self._endpoints

    def stop(self) -> None:
        """Ends services first, then the broker, then the database; does nothing when nothing runs."""
        if self._lock is None:
            return
        self._phase = "stopping"
        self._record()
        foundations = ("kafka", "mongodb")
        self._stop(name for name in self._keepers if name not in foundations)
        for name in foundations:
            self._stop([name] if name in self._keepers else [])
        self._keepers.clear()
        state.forget(self.data)
        self._lock.close()
        self._lock = None

    def kill(self, name: str, sig: int = signal.SIGKILL) -> None:
        """Sends a signal to a part; supervision starts it again when it ends."""
        self._keepers[name].kill(sig)

    def suspend(self, name: str, seconds: float, sig: int = signal.SIGTERM) -> None:
        """Ends a part and keeps it down for that many seconds; returns when it is down."""
        self._keepers[name].suspend(seconds, sig)

    def pid(self, name: str) -> int:
        identity = self._keepers[name].identity
        return identity.pid if identity else 0

    def restarts(self, name: str) -> int:
        return self._keepers[name].restarts

    def rss(self) -> dict[str, int]:
        """Resident bytes of each running part."""
        running = {name: keeper.identity for name, keeper in self._keepers.items()}
        return {name: identity.rss_bytes() for name, identity in running.items() if identity}

    def wait_ready(self, name: str, timeout: float) -> None:
        """Returns when the part works; raises `PartFailed` when it does not within `timeout` seconds."""
        self._await([name], timeout)

    def _start(self) -> None:
        self._phase = "starting"
        self._end_leftovers()
        plan = Plan(self.settings, self.data)
        self._endpoints = plan.endpoints()
        self._record()
        self._run(plan.foundations(self._say))
        if self.settings.prepare:
            self.settings.prepare(self._endpoints)
        self._run(plan.services())
        if self.settings.ready:
            self.settings.ready(self._endpoints)
        self._phase = "ready"
        self._record()

    def _end_leftovers(self) -> None:
        left = process.leftovers(self.data)
        if left:
            self._say(f"ending {len(left)} processes that an earlier stack left in {self.data}")
            process.end(left, grace_seconds=10.0)

    def _run(self, parts: Iterable[Part]) -> None:
        """Starts parts side by side and returns when all that are awaited are ready."""
        started = {part.name: Keeper(part, self._log(part.name), self._say, self._record) for part in parts}
        self._keepers |= started
        for keeper in started.values():
            keeper.start()
        self._await((name for name, keeper in started.items() if keeper.part.awaited), READY_SECONDS)

    def _log(self, name: str) -> Path:
        """The part's log file; a long one from earlier runs makes room and is kept as `.1`."""
        log = self.data / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_KEPT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log

    def _await(self, names: Iterable[str], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        waiting = set(names)
        while waiting:
            for name in sorted(waiting):
                if self._keepers[name].is_ready():
                    waiting.discard(name)
                elif self._keepers[name].state == FAILED or time.monotonic() > deadline:
                    raise PartFailed(_failure(self._keepers[name]))
            time.sleep(POLL_SECONDS if waiting else 0.0)

    def _stop(self, names: Iterable[str]) -> None:
        stopping = [threading.Thread(target=self._keepers[name].stop) for name in names]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()

    def _record(self) -> None:
        with self._recording:
            parts = tuple(_part_state(keeper) for keeper in list(self._keepers.values()))
            me = process.Identity.of(os.getpid())
            state.write(
                self.data, state.StackState(me, self._phase, self._endpoints.kafka, self._endpoints.mongodb, parts)
            )


def _part_state(keeper: Keeper) -> state.PartState:
    who = keeper.identity or process.Identity(0, 0.0)
    return state.PartState(
        name=keeper.part.name,
        state=keeper.state,
        address=keeper.part.address,
        ready_url=keeper.part.ready_url,
        log=str(keeper.log),
        pid=who.pid,
        started=who.started,
        restarts=keeper.restarts,
        last_exit=keeper.last_exit,
    )


def _failure(keeper: Keeper) -> str:
    """Why a part did not become ready, with the end of its log."""
    last = keeper.log.read_text(errors="replace").splitlines()[-10:] if keeper.log.exists() else []
    reason = f"{keeper.part.name} did not become ready (last exit: {keeper.last_exit or 'none'}), see {keeper.log}"
    return "\n  ".join([reason, *last])
