"""How a worker tells the outside what it has done: one line in a file, the cheapest way there is."""

from __future__ import annotations

import os
import socket
import time


class Teller:
    """Appends to a file that the benchmark's driver reads; a line is written whole or not at all."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(self, step: str, number: int, reference: str = "-") -> None:
        """Say that this case has come so far; an answer has to name the reference."""
        os.write(self._file, f"{step} {number} {time.time():.4f} {reference}\n".encode())


def ready(port: int) -> socket.socket:
    """Listen, as a sign that this process works; the socket has to be kept."""
    return socket.create_server(("127.0.0.1", port))
