"""The HTTP side of every process: alive, ready, measured, and what is parked; it listens before Kafka is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Path, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import Base64Bytes, BaseModel, Field

from schemas.envelope import Unreadable
from schemas.refusals import because
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.loop.stopping import Stopping
from services.shared.loop.work import Work
from services.shared.machine.letters import Origin
from services.shared.machine.second_try import STAYS_REFUSED, outcome, stays_refused, turned_away_again
from services.shared.machine.stopping import Stop
from services.shared.process.bounded import Bounded
from services.shared.process.problems import Refusal, explain_problems
from services.shared.watching.health import Health

Reader = Callable[[list[Origin]], Work]

REPLAY = "/replay"
LARGER = {REPLAY: 4 * 1024 * 1024}
"""The route whose body may be larger than a message: a dead letter is handed back in base64."""


def new_app(title: str, health: Health) -> FastAPI:
    """An application with the three routes that every process answers; errors are problem+json (RFC 9457)."""
    # Said here, FastAPI does not describe 422 as something else than the problem that it is.
    # The pages at /docs and /redoc would load their scripts from elsewhere: the description alone is served.
    app = FastAPI(title=title, responses={"4XX": {"description": "Client Error"}}, docs_url=None, redoc_url=None)
    explain_problems(app)
    app.add_middleware(Bounded, others=LARGER)

    @app.get("/livez", tags=["operations"])
    async def livez(response: Response) -> dict[str, Any]:
        response.status_code = 503 if health.wrong else 200
        return {"alive": not health.wrong, "wrong": health.wrong}

    @app.get("/readyz", tags=["operations"])
    async def readyz(response: Response) -> dict[str, Any]:
        waiting = health.missing | health.wrong
        response.status_code = 503 if waiting else 200
        return {"ready": not waiting, "waiting_for": waiting, "stopped": health.stopped}

    @app.get("/metrics", tags=["operations"], response_class=PlainTextResponse)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


class Letter(BaseModel):
    """A record as it first came; bytes in base64."""

    topic: str = Field(description="the topic it stood on")
    partition: int = Field(ge=-1, lt=2**31, description="its partition there")
    offset: int = Field(ge=-1, lt=2**63, description="its offset there")
    timestamp_ms: int = Field(ge=0, lt=2**47, description="when it was appended, in milliseconds since 1970")
    key: Base64Bytes | None = Field(description="its key")
    value: Base64Bytes = Field(description="its content")
    headers: tuple[tuple[str, Base64Bytes | None], ...] = Field(description="its headers, each a name and a value")
    reason: str | None = Field(default=None, description="why it was turned away, where that is known")


Parked = Annotated[str, Path(description="the id of what stands parked, as `/parked` lists it")]


def add_second_tries(app: FastAPI, store: Store, loop: Loop, read: Reader) -> None:
    """Add the routes that list parked documents, try one of them again, and try a dead letter again."""
    _add_parked(app, store, loop)
    _add_replay(app, loop, read)


def _add_parked(app: FastAPI, store: Store, loop: Loop) -> None:
    @app.get("/parked", tags=["operations"])
    async def parked() -> list[dict[str, Any]]:
        return [
            {
                "id": d.id,
                "reason": d.parked.reason,
                "since": d.parked.since,
                "waiting": len(d.parked.waiting) + d.parked.beyond,
            }
            for d in await store.parked()
            if d.parked
        ]

    @app.post("/parked/{id:path}/release", tags=["operations"])
    async def release(id: Parked) -> dict[str, Any]:
        if id not in await store.load([id]):
            raise Refusal(404, because("not_found"))
        document = (await loop.finish(Work(release=[id])))[id]
        return {"id": id, "taken": document.parked is None, "reason": document.parked and document.parked.reason}


def _add_replay(app: FastAPI, loop: Loop, read: Reader) -> None:
    @app.post(REPLAY, tags=["operations"])
    async def replay(letter: Letter) -> dict[str, Any]:
        if stays_refused(letter.reason):
            return STAYS_REFUSED
        try:
            work = read([Origin(**letter.model_dump(exclude={"reason"}))])
        except Unreadable as problem:
            raise Refusal(422, problem.why) from problem
        if work.strays:
            return turned_away_again(work.strays)
        settled = await loop.finish(work)
        # A fact that this service does not hear is no input: nothing had to be done.
        found = [outcome(settled[given.subject], given) for given in work.inputs]
        return found[0] if found else {"taken": True, "reason": "nothing here follows from it", "said": []}


def add_stops(app: FastAPI, stopping: Stopping) -> None:
    """Which topics this service does not read on, and how it is told to."""

    @app.get("/stopped", tags=["operations"])
    async def stopped() -> list[dict[str, Any]]:
        await stopping.look()
        return [_as_json(stop) for stop in stopping.stops.values() if stop.stands]

    @app.post("/stopped/{topic}/go-on", tags=["operations"])
    async def go_on(topic: Annotated[str, Path(description="the topic, as `/stopped` lists it")]) -> dict[str, Any]:
        told = await stopping.go_on(topic)
        if not told:
            raise Refusal(404, because("not_found"))
        return {"topic": topic, "told": [_as_json(stop) for stop in told]}


def _as_json(stop: Stop) -> dict[str, Any]:
    names = ("topic", "partition", "offset", "since", "why")
    return {name: getattr(stop, name) for name in names}


class Server(uvicorn.Server):
    """uvicorn inside our own event loop: signals are the process's own business."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        super().__init__(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off"))

    def capture_signals(self) -> Any:
        """Leaves the signal handlers alone."""
        from contextlib import nullcontext

        return nullcontext()
