"""Asks a process over HTTP whether it is ready."""

import http.client

from closedloop.stack.ports import LOOPBACK


def answers(port: int, path: str = "/readyz") -> bool:
    """True when the path answers 200 within two seconds."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
