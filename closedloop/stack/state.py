"""The state file of a running stack, and the lock against a second stack in its directory."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from closedloop.stack.errors import AlreadyRunning
from closedloop.stack.naming import command
from closedloop.stack.process import Identity


@dataclass(frozen=True)
class PartState:
    """One part as `status` shows it."""

    name: str
    state: str
    address: str
    ready_url: str
    log: str
    pid: int
    started: float
    restarts: int
    last_exit: str | None


@dataclass(frozen=True)
class StackState:
    """The stack as its supervisor last saw it; `phase` is starting, ready or stopping."""

    supervisor: Identity
    phase: str
    kafka: str
    mongodb: str
    parts: tuple[PartState, ...] = ()


def _file(data: Path) -> Path:
    return data / "stack.json"


def write(data: Path, state: StackState) -> None:
    """Replaces the file as a whole: a reader, or a kill at any instant, never meets half of it."""
    aside = data / "stack.json.new"
    aside.write_text(json.dumps(asdict(state), indent=2) + "\n")
    os.replace(aside, _file(data))


def read(data: Path) -> StackState | None:
    """What was last written, alive or stale; None where nothing was or where it cannot be read."""
    try:
        raw: dict[str, Any] = json.loads(_file(data).read_text())
        parts = tuple(PartState(**part) for part in raw.pop("parts"))
        return StackState(**{**raw, "supervisor": Identity(**raw["supervisor"])}, parts=parts)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget(data: Path) -> None:
    _file(data).unlink(missing_ok=True)


def running(data: Path) -> StackState | None:
    """The state of a stack whose supervisor is alive."""
    state = read(data)
    return state if state and state.supervisor.is_alive() else None


def lock(data: Path) -> TextIO:
    """Holds the directory until the file is closed or its holder dies. Raises AlreadyRunning if somebody holds it."""
    data.mkdir(parents=True, exist_ok=True)
    held = (data / "lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        state = running(data)
        who = f" (pid {state.supervisor.pid})" if state else ""
        raise AlreadyRunning(f"a stack already runs in {data}{who}; `{command('down', data)}` stops it") from None
    return held
