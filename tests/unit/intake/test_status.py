"""The state of a complaint for those who ask, and the receipts of its upstream system."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.facts import (
    Fact,
)
from services.intake.service import SERVICE
from tests.builders import TOWN, hours
from tests.unit.intake.told import (
    ANSWERED,
    CLOSED,
    ID,
    RECEIVED,
    REOPENED,
    RETURNED,
    ROUTED,
    ROUTED_AGAIN,
    UNROUTABLE,
    after,
)


@pytest.mark.parametrize(
    ("history", "state", "department", "due"),
    [
        pytest.param([], "received", None, None, id="just received"),
        pytest.param([UNROUTABLE], "in_progress", "centre", None, id="with the centre"),
        pytest.param([ROUTED], "in_progress", "water", 100, id="with a department"),
        pytest.param([ROUTED, RETURNED], "in_progress", "centre", 100, id="returned: the date stays"),
        pytest.param([ROUTED, ANSWERED], "answered", "water", 100, id="answered"),
        pytest.param([ROUTED, ANSWERED, REOPENED], "reopened", "water", 100, id="not solved"),
        pytest.param([ROUTED, ANSWERED, REOPENED, ROUTED_AGAIN], "in_progress", "water", 200, id="taken up again"),
        pytest.param([ROUTED, ANSWERED, CLOSED], "closed", "water", 100, id="closed"),
    ],
)
def test_how_a_complaint_stands(history: list[Fact], state: str, department: str | None, due: float | None) -> None:
    case = after(RECEIVED, *history)

    due_at = case.routing.due_at
    assert (case.state, case.routing.department, None if due_at is None else hours(due_at)) == (state, department, due)


@pytest.mark.parametrize(
    ("history", "kind", "state"),
    [
        ([], "accepted", "received"),
        ([ROUTED], "status", "in_progress"),
        ([ROUTED, ANSWERED], "status", "answered"),
        ([ROUTED, ANSWERED, REOPENED], "status", "reopened"),
        ([ROUTED, ANSWERED, CLOSED], "closed", "closed"),
    ],
)
def test_the_upstream_system_is_told(history: list[Fact], kind: str, state: str) -> None:
    told = [RECEIVED, *history]

    (receipt,) = SERVICE.tells[type(told[-1])](after(*told[:-1]), after(*told), told[-1], TOWN)

    assert receipt.topic == "closedloop.receipts.app"
    body: Any = receipt.body
    assert (body.kind, body.state, body.source_id, body.complaint_id) == (kind, state, "7", ID)
