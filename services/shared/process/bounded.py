"""A bound on the bodies of requests: a larger body is refused before more of it is held in memory."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.refusals import because
from schemas.sizes import MAX_VALUE_BYTES
from services.shared.process.problems import Refusal, hear, refuse


class Bounded:
    """An application whose callers may send `most` bytes, or what `others` says of their path.

    A body is refused when its `Content-Length` says too much, else with the first chunk that goes beyond.
    The server reads the rest and throws it away, or closes the connection.
    """

    def __init__(self, app: ASGIApp, others: Mapping[str, int], most: int = MAX_VALUE_BYTES) -> None:
        self.app, self._others, self._most = app, others, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the body as far as it may go, and only then ask the application."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            body = await _taken(request, receive, self._others.get(scope["path"], self._most))
        except Refusal as refusal:
            await refuse(request, refusal)(scope, receive, send)
            return
        if body is not None:
            await self.app(scope, _again(body, receive), send)


async def _taken(request: Request, receive: Receive, most: int) -> bytes | None:
    """The whole body; None of a caller who has left, whom nobody can answer."""
    too_large = Refusal(413, because("too_large.body", most=most))
    if _declared(request) > most:
        raise too_large
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk, more = message.get("body", b""), message.get("more_body", False)
        if len(body) + len(chunk) > most:
            hear(request, bytes(body) + chunk)
            raise too_large
        body += chunk
    return bytes(body)


def _declared(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said[:20]) if said.isascii() and said.isdigit() else 0


def _again(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever happens on the connection."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def one() -> Message:
        return left.pop() if left else await receive()

    return one
