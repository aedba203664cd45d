"""The door's own routes and rules, over a stub where its loop and its database would be."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from fastapi.testclient import TestClient

from schemas.refusals import because
from services.intake.api import routes
from services.intake.model import Case
from services.intake.service import SERVICE
from services.shared.machine.documents import Input
from services.shared.process.http import new_app
from services.shared.process.problems import Refusal
from services.shared.timing.clock import Clock
from services.shared.watching.health import Health
from tests.builders import MONDAY, book


def stubbed(
    secret: str = "a secret",
    *,
    lookups: int = 20,
    case: Case | None = None,
    hears: Callable[[Input[Any]], None] = lambda given: None,
) -> TestClient:
    """A door whose database takes nothing; `hears` gets what the door hands on, `case` is what is known of every id."""

    async def decide(given: Input[Any]) -> Any:
        hears(given)
        raise Refusal(503, because("no_database.key"))

    async def case_of(id: str) -> Any:
        if case is None:
            raise Refusal(404, because("not_found"))
        return case

    async def named(*asked: Any) -> Any:
        return []

    process = _process(secret, lookups, decide=decide, case=case_of, named=named)
    routes(process)  # type: ignore[arg-type]
    return TestClient(process.app, raise_server_exceptions=False)


def _process(secret: str, lookups: int, **answers: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(
        app=new_app("the door", Health()),
        settings=SimpleNamespace(lookups_per_minute=lookups, client_header=None, pseudonym_key=secret),
        service=SERVICE,
        policies=book(),
        clock=Clock(),
        ready_loop=SimpleNamespace(real_now=lambda: MONDAY),
        **answers,
    )
