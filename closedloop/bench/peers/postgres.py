"""A PostgreSQL of its own for a peer: as durable as it comes, with more memory and fewer checkpoints."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from closedloop.bench.peers import installed
from closedloop.bench.peers.processes import NotRunning, Part
from closedloop.stack.ports import LOOPBACK, free_port

TUNED = {
    "listen_addresses": LOOPBACK,
    "max_connections": "100",
    "shared_buffers": "512MB",
    "wal_buffers": "16MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "wal_compression": "on",
    "effective_io_concurrency": "100",
    "jit": "off",
}
"""`fsync` and `synchronous_commit` stay on."""


def database(directory: Path, say: Callable[[str], None]) -> tuple[Part, str]:
    """The part, on a fresh data directory, and the address of its database. Raises NotInstalled."""
    programs, port, user = installed.postgres(say), free_port(), _user()
    data = directory / "postgres"
    data.mkdir()
    if user:
        directory.chmod(0o711)
        os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    _initialize(programs, data, user)
    options = [f"--{name}={value}" for name, value in TUNED.items()]
    argv = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data), *options]
    address = f"postgresql://peer@{LOOPBACK}:{port}/postgres"
    return Part("postgres", argv, lambda: _answers(programs, port), user=user), address


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _user() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _initialize(programs: Path, data: Path, user: str | None) -> None:
    argv = [str(programs / "initdb"), "-D", str(data), "-U", "peer", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    done = subprocess.run(argv, user=user, group=user, cwd="/", capture_output=True, text=True)
    if done.returncode:
        raise NotRunning(f"initdb failed: {done.stderr[-500:]}")


def _answers(programs: Path, port: int) -> bool:
    asked = [str(programs / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port)]
    return subprocess.run(asked).returncode == 0
