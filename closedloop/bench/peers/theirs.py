"""How each of the others is run: its server, its worker and its client, from what is installed for it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from closedloop.bench.peers import installed
from closedloop.bench.peers.doors import running, told_file
from closedloop.bench.peers.peer import Peer
from closedloop.bench.peers.postgres import answers, database
from closedloop.bench.peers.processes import NotRunning, Part
from closedloop.stack.ports import LOOPBACK, free_port

Say = Callable[[str], None]
PARTITIONS = 4
"""Of Restate's log; it comes with 24, which on two cores cost more than they bring."""


@contextmanager
def restate(directory: Path, say: Say, awake: str = "1m") -> Iterator[Peer]:
    """Its server keeps the log; its worker serves handlers over HTTP/2. Raises NotInstalled, NotRunning.

    A case that waits keeps its place in the worker for so long. Then it is put away and replayed when a signal comes.
    """
    server, python = installed.restate_server(say), installed.python(say)
    ingress, admin, node, handlers = _ports(4)
    module = [str(python), "-m", "closedloop.peers.restate_job"]
    env = {
        "RESTATE_LISTEN_MODE": "tcp",
        "RESTATE_BIND_IP": LOOPBACK,
        "RESTATE_BIND_PORT": f"{node}",
        "RESTATE_ADMIN__BIND_PORT": f"{admin}",
        "RESTATE_INGRESS__BIND_PORT": f"{ingress}",
        "RESTATE_DEFAULT_NUM_PARTITIONS": f"{PARTITIONS}",
        "RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT": awake,
        "RESTATE_DISABLE_TELEMETRY": "true",
        "RESTATE_LOG_FILTER": "warn",
    }
    argv = [str(server), "--no-logo", "--node-name", "peer", "--base-dir", str(directory / "restate")]
    work = [*module, "work", f"{handlers}", str(told_file(directory))]
    parts = [
        Part("restate", argv, lambda: answers(ingress) and answers(admin), env),
        Part("worker", work, lambda: answers(handlers)),
    ]
    with running(parts, [*module, "door", f"{ingress}"], directory) as peer:
        _introduce(admin, handlers)
        yield peer


@contextmanager
def dbos(directory: Path, say: Say) -> Iterator[Peer]:
    """A library over PostgreSQL. Raises NotInstalled, NotRunning."""
    with _over_postgres("dbos_job", "postgresql+psycopg", directory, say) as peer:
        yield peer


@contextmanager
def procrastinate(directory: Path, say: Say) -> Iterator[Peer]:
    """A job queue over PostgreSQL. Raises NotInstalled, NotRunning."""
    with _over_postgres("procrastinate_job", "postgresql", directory, say) as peer:
        yield peer


@contextmanager
def _over_postgres(module: str, scheme: str, directory: Path, say: Say) -> Iterator[Peer]:
    python, (ready,) = installed.python(say), _ports(1)
    postgres, address = database(directory, say)
    program = [str(python), "-m", f"closedloop.peers.{module}"]
    named = address.replace("postgresql", scheme, 1)
    work = [*program, "work", named, str(told_file(directory)), f"{ready}"]
    with running(
        [postgres, Part("worker", work, lambda: answers(ready))], [*program, "door", named], directory
    ) as peer:
        yield peer


def _ports(many: int) -> list[int]:
    found: list[int] = []
    while len(found) < many:
        found.append(free_port(found))
    return found


def _introduce(admin: int, handlers: int) -> None:
    """Tell the server where its handlers are."""
    body = json.dumps({"uri": f"http://{LOOPBACK}:{handlers}", "force": True}).encode()
    asked = urllib.request.Request(f"http://{LOOPBACK}:{admin}/deployments", body, {"content-type": "application/json"})
    try:
        urllib.request.urlopen(asked, timeout=30).close()
    except OSError as reason:
        raise NotRunning(f"Restate does not take its handlers: {reason}") from reason
