"""Starting, recognising and ending operating system processes."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

# Every process of a stack carries its data directory in this variable. Leftovers of a killed supervisor are found by
# it, because a process number may have been given to another program.
MARK = "CLOSEDLOOP_STACK"

POLL_SECONDS = 0.05

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """A process number alone may belong to somebody else later; with its start time it does not."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "Identity":
        return cls(pid, psutil.Process(pid).create_time())

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            # The clock the start time is computed from may be corrected by a second or so meanwhile.
            same = abs(process.create_time() - self.started) < 2.0
            return bool(same and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def rss_bytes(self) -> int:
        """Resident memory; 0 for a process that is gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss) if self.is_alive() else 0
        except psutil.NoSuchProcess:
            return 0

    def signal(self, sig: int) -> None:
        """Sends the signal unless the process is gone and its number perhaps somebody else's."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)


def _die_with_parent(sig: int) -> Callable[[], None] | None:
    """Sends `sig` to the child when the thread that started it ends, even by kill -9. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    return lambda: _libc.prctl(_PR_SET_PDEATHSIG, sig, 0, 0, 0)


def spawn(
    argv: Iterable[str], env: Mapping[str, str], log: Path, orphan_signal: int = signal.SIGKILL
) -> subprocess.Popen[bytes]:
    """Starts a process in its own session, so that Ctrl-C reaches the supervisor alone, with its output in `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(orphan_signal),
        )


def exit_text(code: int) -> str:
    """What a return code says: `exit 1`, or the signal's name where one ended the process."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _carries(process: psutil.Process, data: Path) -> bool:
    try:
        return bool(process.environ().get(MARK) == str(data.resolve()))
    except (psutil.Error, OSError):
        return False


def leftovers(data: Path) -> list[Identity]:
    """The processes that carry this data directory's mark: what a killed supervisor may have left behind."""
    return [
        Identity(found.pid, found.create_time())
        for found in psutil.process_iter()
        if found.pid != os.getpid() and _carries(found, data)
    ]


def await_end(processes: Iterable[Identity], seconds: float) -> list[Identity]:
    """Waits until the processes have ended; returns those that still run after the timeout."""
    # Not psutil's wait: a process whose parent never asks for its exit code would be waited for in vain.
    deadline = time.monotonic() + seconds
    alive = list(processes)
    while (alive := [one for one in alive if one.is_alive()]) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return alive


def end(processes: Iterable[Identity], grace_seconds: float) -> None:
    """SIGTERM to all, SIGKILL to those still there after the grace; returns when none is left."""
    for sig in (signal.SIGTERM, signal.SIGKILL):
        for one in processes:
            one.signal(sig)
        processes = await_end(processes, grace_seconds)
