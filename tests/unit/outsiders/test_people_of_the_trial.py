"""The people of the system's trials behave as they could: what they say never stands in the way of an end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.edges import Reply, WorkOrder
from schemas.envelope import complaint_id
from tests.e2e.people import KNOWN, decide

AT = datetime(2026, 9, 14, tzinfo=UTC)


def order_to(department: str, temperament: str) -> WorkOrder:
    fields = {
        "order": "work",
        "state": "open",
        "why": "assigned",
        "complaint_id": complaint_id("hotline", "s1"),
        "department": department,
    }
    return WorkOrder.model_validate({**fields, "at": AT, "subject": f"{temperament} number 1"})


@pytest.mark.parametrize("department", ["water", "power"])
def test_whoever_gets_a_major_incident_reports_it(department: str) -> None:
    steps = decide(order_to(department, "danger"))

    assert "report" in [step.body.reply for step in steps if isinstance(step.body, Reply)]


@pytest.mark.parametrize("department", ["water", "power"])
@pytest.mark.parametrize("temperament", KNOWN)
def test_nobody_says_a_time_that_still_lies_ahead_when_it_is_said(temperament: str, department: str) -> None:
    order = order_to(department, temperament)

    said = [(step.at, step.body.stated_at) for step in decide(order) if isinstance(step.body, Reply)]

    assert [(at, stated) for at, stated in said if stated is not None and stated > at] == []
