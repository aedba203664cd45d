"""A body that is larger than it may be is refused before it is held."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from schemas.sizes import MAX_VALUE_BYTES
from services.shared.process.http import LARGER, new_app
from services.shared.watching.health import Health

CHUNK = 64 * 1024
ENDLESS = 4 * max(MAX_VALUE_BYTES, *LARGER.values()) // CHUNK
"""More than any body may have, and less than would harm this machine if nobody stopped it."""


@pytest.fixture
def app() -> FastAPI:
    app = new_app("any process", Health())

    @app.post("/any")
    @app.post("/replay")
    async def taken(request: Request) -> int:
        return len(await request.body())

    return app


class Sender:
    """A caller who sends as long as somebody takes it, and what it hears."""

    def __init__(self, chunks: int, **headers: str) -> None:
        self.left, self.taken, self.heard = chunks, 0, list[Any]()
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def receive(self) -> dict[str, Any]:
        self.taken, self.left = self.taken + 1, self.left - 1
        return {"type": "http.request", "body": b"x" * CHUNK, "more_body": self.left > 0}

    async def send(self, message: Any) -> None:
        self.heard.append(message)

    def scope(self, path: str) -> dict[str, Any]:
        return {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": self.headers}

    def posts(self, app: FastAPI, path: str) -> int:
        asyncio.run(app(self.scope(path), self.receive, self.send))
        return int(self.heard[0]["status"])


@pytest.mark.parametrize(
    ("path", "most"), [("/any", MAX_VALUE_BYTES), ("/nothing", MAX_VALUE_BYTES), ("/replay", LARGER["/replay"])]
)
def test_of_a_body_without_an_end_no_more_is_taken_than_the_limit_and_one_chunk(
    app: FastAPI, path: str, most: int
) -> None:
    sender = Sender(chunks=ENDLESS)

    assert sender.posts(app, path) == 413
    assert sender.taken * CHUNK <= most + CHUNK


@pytest.mark.parametrize("declared", [str(MAX_VALUE_BYTES + 1), "600000000", "9" * 5_000])
def test_a_body_that_says_itself_that_it_is_too_large_is_refused_before_any_of_it_is_taken(
    app: FastAPI, declared: str
) -> None:
    sender = Sender(chunks=ENDLESS, content_length=declared, accept_language="zh")

    assert sender.posts(app, "/any") == 413
    assert sender.taken == 0
    problem = json.loads(sender.heard[1]["body"])
    assert problem["detail"] == f"too_large: 请求正文最多 {MAX_VALUE_BYTES} 字节"


@pytest.mark.parametrize("size", [0, 1, MAX_VALUE_BYTES - 1, MAX_VALUE_BYTES])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_body_of_the_limit_is_taken_whole_in_one_piece_or_in_many(app: FastAPI, size: int, at_once: bool) -> None:
    def pieces() -> Any:
        yield from (b"x" * min(1_000, size - at) for at in range(0, size, 1_000))

    answer = TestClient(app).post("/any", content=b"x" * size if at_once else pieces())

    assert (answer.status_code, answer.json()) == (200, size)


def test_what_is_too_large_is_refused_in_the_language_that_stands_at_its_beginning(app: FastAPI) -> None:
    sent = json.dumps({"language": "zh", "text": "x" * 300_000}).encode()

    answer = TestClient(app).post("/any", content=iter([sent]), headers={"accept-language": "en"})

    assert (answer.status_code, answer.headers["content-language"]) == (413, "zh")


def test_a_body_whose_sender_leaves_in_the_middle_reaches_no_route(app: FastAPI) -> None:
    told: list[dict[str, Any]] = [{"type": "http.request", "body": b"x", "more_body": True}]

    async def receive() -> dict[str, Any]:
        return told.pop() if told else {"type": "http.disconnect"}

    sender = Sender(chunks=0)
    asyncio.run(app(sender.scope("/any"), receive, sender.send))

    assert sender.heard == []
