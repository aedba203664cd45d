"""Keeps one part alive: starts it, waits until it is ready, starts it again with a growing pause when it ends."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from closedloop.stack import backoff, process
from closedloop.stack.errors import PartFailed
from closedloop.stack.part import Part

PROBE_SECONDS = 0.1
START_SECONDS = 60.0

# A part that ends this often before it has ever been ready will not come up by trying again.
HOPELESS = 3

_ENDING = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGABRT, signal.SIGQUIT})

ORDERLY = process.exit_text(0)
STARTING, READY, DOWN, STOPPED, FAILED = "starting", "ready", "down", "stopped", "failed"


class Keeper:
    """Owns one process at a time.

    The process is a child of this keeper's thread and dies with it, so the thread outlives every process it starts.
    """

    def __init__(self, part: Part, log: Path, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self.part = part
        self.log = log
        self.state = STARTING
        self.restarts = 0
        self.last_exit: str | None = None
        self.identity: process.Identity | None = None
        self._say = say
        self._changed = changed
        self._process: subprocess.Popen[bytes] | None = None
        self._been_ready = False
        self._ordered = False
        self._hold_seconds = 0.0
        self._failures = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"keeper-{part.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """SIGTERM, SIGKILL after the grace, and the end of supervision; returns when the process is gone."""
        with self._lock:
            self._stopping.set()
        self._end(signal.SIGTERM)
        if self._thread.is_alive():
            self._thread.join()

    def kill(self, sig: int) -> None:
        """Sends the signal; what ends by it starts again at once, since an ordered end is no failure."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return
            if sig in _ENDING:
                self._ordered = True
                self.state = DOWN
            self._process.send_signal(sig)

    def suspend(self, seconds: float, sig: int) -> None:
        """Ends the process and keeps it down that long; returns when it is down."""
        self._hold_seconds = seconds
        self.kill(sig)
        self._end(sig)

    def is_ready(self) -> bool:
        return self.state == READY and self.part.probe()

    def _end(self, sig: int) -> None:
        ending = self._process
        if ending is None:
            return
        if ending.poll() is None:
            ending.send_signal(sig)
        try:
            ending.wait(self.part.grace_seconds)
        except subprocess.TimeoutExpired:
            self._say(f"{self.part.name} did not stop within {self.part.grace_seconds:g} s and is killed")
            ending.kill()
            ending.wait()

    def _run(self) -> None:
        while not self._stopping.is_set():
            worked_seconds = self._live()
            if self._stopping.is_set():
                break
            # A part that worked and ends in order asks for a new start: there is something new to read.
            self._ordered |= bool(worked_seconds) and self.last_exit == ORDERLY
            self._failures = 0 if self._ordered else backoff.failures_after(self._failures, worked_seconds)
            if not self._been_ready and self._failures >= HOPELESS:
                return self._become(FAILED)
            self._pause()
        return self._become(STOPPED)

    def _live(self) -> float:
        """One life of the process; returns for how many seconds it was ready."""
        try:
            self.part.before()
            running = self._spawn()
        except (OSError, PartFailed) as problem:
            self.last_exit = str(problem)
            return 0.0
        if running is None:
            return 0.0
        ready_at = self._await_ready(running)
        self.last_exit = process.exit_text(running.wait())
        return time.monotonic() - ready_at if ready_at else 0.0

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        """Starts the process unless the stack is stopping: after `stop` has looked, none may appear."""
        with self._lock:
            if self._stopping.is_set():
                return None
            self._ordered = False
            self._process = process.spawn(self.part.argv, self.part.env, self.log, self.part.orphan_signal)
            self.identity = process.Identity.of(self._process.pid)
            self.state = STARTING
        self._changed()
        return self._process

    def _await_ready(self, running: subprocess.Popen[bytes]) -> float | None:
        begun = time.monotonic()
        while running.poll() is None and not self._stopping.is_set():
            if self.part.probe() and self._note_ready(time.monotonic() - begun):
                return time.monotonic()
            if time.monotonic() - begun > START_SECONDS:
                self._say(f"{self.part.name} is not ready after {START_SECONDS:.0f} s and is killed")
                running.kill()
            self._stopping.wait(PROBE_SECONDS)
        return None

    def _note_ready(self, seconds: float) -> bool:
        with self._lock:
            if self._ordered:
                return False
            self.state = READY
            self._been_ready = True
        again = " again" if self.restarts else ""
        self._say(f"{self.part.name} is ready{again} after {seconds:.1f} s at {self.part.address}")
        self._changed()
        return True

    def _pause(self) -> None:
        """Waits before the next start: as long as ordered, else ever longer after failures in a row."""
        pause = self._hold_seconds if self._ordered else backoff.delay_seconds(self._failures)
        self._hold_seconds = 0.0
        self.restarts += 1
        self._become(DOWN)
        soon = f"in {pause:.1f} s" if pause else "at once"
        self._say(f"{self.part.name} ended ({self.last_exit}), starts again {soon}; its log: {self.log}")
        self._stopping.wait(pause)

    def _become(self, state: str) -> None:
        self.state = state
        self._changed()
