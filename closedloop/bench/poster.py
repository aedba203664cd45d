"""A cheap HTTP client: posts complaints over connections that stay open, one request at a time on each."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from closedloop.bench.driver import submission


@dataclass
class Posted:
    """What came of it: seconds from request to answer, and answers that were no 202."""

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def post(url: str, path: str, connections: int, seconds: float, keys: str) -> Posted:
    """Post for so many seconds, each complaint under a key of its own that begins with `keys`."""
    posted, until = Posted(), time.monotonic() + seconds
    await asyncio.gather(*(_post(url, path, until, f"{keys}-{number}", posted) for number in range(connections)))
    return posted


async def _post(url: str, path: str, until: float, keys: str, posted: Posted) -> None:
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    number = 0
    while (begun := time.monotonic()) < until:
        number += 1
        writer.write(request(path, where.netloc, f"{keys}-{number}", submission(number)))
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(length(head))
        if head.startswith(b"HTTP/1.1 202"):
            posted.seconds.append(time.monotonic() - begun)
        else:
            posted.refused.append(body.decode()[:200])
    writer.close()
    await writer.wait_closed()


def request(path: str, host: str, key: str, body: bytes) -> bytes:
    """The bytes of one request."""
    head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nidempotency-key: {key}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def length(head: bytes) -> int:
    """How long the body of an answer is."""
    return int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
