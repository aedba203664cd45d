"""Asks a process over HTTP whether it is ready."""

import http.client
from urllib.parse import urlsplit


def answers(url: str) -> bool:
    """True when the address answers 200 within two seconds."""
    # Not urllib.request: a proxy from the environment must never stand between the stack and its own loopback.
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2.0)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
