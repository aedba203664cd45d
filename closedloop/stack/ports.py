"""The loopback ports of the parts: free ones are found, taken ones are refused by name."""

import random
import socket
from collections.abc import Collection

import psutil

from closedloop.stack.errors import PortTaken

LOOPBACK = "127.0.0.1"

# Below Linux's ephemeral range. While a part is down, a client may dial its port again and again. On an ephemeral
# port such a client can connect to itself, and then the part cannot bind the port.
FREE_RANGE = range(12_000, 30_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(besides: Collection[int] = ()) -> int:
    """A port that nobody listens on and that is not among `besides`. Raises PortTaken if there is none."""
    for port in random.sample(FREE_RANGE, 1_000):
        if port not in besides and is_free(port):
            return port
    raise PortTaken(f"no free port found between {FREE_RANGE.start} and {FREE_RANGE.stop}")


def holder_of(port: int) -> str:
    """Who listens on the port, as far as this user may know; else an empty string."""
    try:
        pids = {c.pid for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr.port == port}
        return ", ".join(f"{psutil.Process(pid).name()} (pid {pid})" for pid in pids if pid)
    except psutil.Error:
        return ""


def taken_message(name: str, port: int, holder: str) -> str:
    by = f" by {holder}" if holder else ""
    move = f"--port {name}=NUMBER or CLOSEDLOOP_PORT_{name.upper().replace('-', '_')}"
    return f"port {port}, meant for {name}, is taken{by}; move it with {move}"


def assign(wanted: dict[str, int]) -> dict[str, int]:
    """Every part's port: the wanted one if it is free, a free one where 0 is wanted.

    Raises `PortTaken` for the first wanted port that somebody else holds or that two parts want.
    """
    given: dict[str, int] = {}
    for name, port in wanted.items():
        if port and port in given.values():
            raise PortTaken(taken_message(name, port, next(other for other, p in given.items() if p == port)))
        if port and not is_free(port):
            raise PortTaken(taken_message(name, port, holder_of(port)))
        given[name] = port or free_port(besides={*given.values(), *wanted.values()})
    return given
