"""Complaints whose deadlines are armed: written into the services' databases as the services themselves write them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from closedloop.bench.driver import TEXT
from closedloop.bench.stand import pack
from schemas.envelope import complaint_id
from schemas.facts import Target
from services.escalation import model as escalation
from services.router import model as router
from services.shared.database.store import Store
from services.shared.machine.documents import Case, Document, Timer

PLAN, SPAN = "ordinary", timedelta(hours=100)
CHUNK = 1_000
SWEEP_AT = datetime(2026, 1, 1, tzinfo=UTC)

Rows = Sequence[tuple[Document, Timer | None]]


def arm(mongodb: str, numbers: Iterable[int], due: Iterable[datetime], department: str, routed: bool = False) -> None:
    """One open complaint for each number, its next timer due as given; `routed`: router knows it too."""
    asyncio.run(_arm(mongodb, list(zip(numbers, due, strict=False)), department, routed))


def id_of(number: int) -> str:
    """The id of the complaint of this number."""
    return complaint_id("armed", str(number))


async def _arm(mongodb: str, timers: list[tuple[int, datetime]], department: str, routed: bool) -> None:
    stores: list[tuple[Store, Any]] = [(Store(mongodb, "escalation", escalation.Case), _watched)]
    if routed:
        stores.append((Store(mongodb, "router", router.Case), _routed))
    policy = pack().hash
    for store, row in stores:
        await store.prepare()
        waiting = iter(timers)
        while chunk := list(islice(waiting, CHUNK)):
            await store.save([row(number, due, department, policy) for number, due in chunk], SWEEP_AT)
        await store.close()


def _watched(number: int, due: datetime, department: str, policy: str) -> tuple[Document, Timer]:
    watched = escalation.Watched(target=_target(due), department=department, since=due - SPAN * 3 / 4)
    case = escalation.Case(policy=policy, plan=escalation.Plan(name=PLAN, watched=(watched,)))
    return _document(number, case), Timer(due, department, ("answer",))


def _routed(number: int, due: datetime, department: str, policy: str) -> tuple[Document, None]:
    matter = router.Matter(
        reference="CL-ABCDEFGH",
        category="water/leak",
        area="district-4",
        language="en",
        subject="Water in the street",
        text=TEXT,
        customer_ref="c-0123456789abcdef01234567",
        received_at=_target(due).starts_at,
        due_at=None,
    )
    plan = router.Plan(department=department, name=PLAN, targets=(_target(due),), revisions={"answer": 1})
    return _document(number, router.Case(policy=policy, matter=matter, plan=plan)), None


def _target(due: datetime) -> Target:
    """An answer of which 75 % have passed when the timer is due: the first step of the benchmark's ladder."""
    starts = due - SPAN * 3 / 4
    return Target(name="answer", starts_at=starts, due_at=starts + SPAN, revision=1)


def _document(number: int, case: Case) -> Document:
    return Document(id_of(number), sequence=1, marks={"intake": 1, "router": 1}, case=case)
