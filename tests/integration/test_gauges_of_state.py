"""What the running system shows of its state: how many complaints are watched, and how many are at risk."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from closedloop.stack import Stack
from tests.eventually import eventually
from tests.integration.outside import Outside
from tests.integration.site import watched_for

pytestmark = pytest.mark.stack

CENSUS_S = 70.0
"""A census is taken every quarter of a minute, and where the database was slow every minute."""


@pytest.fixture
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


async def test_a_complaint_that_was_warned_of_is_shown_at_risk_until_its_answer(stack: Stack, outside: Outside) -> None:
    def at_risk() -> float:
        return outside.counted("escalation", "closedloop_at_risk", department="market", plan="ordinary")

    def armed(target: str) -> float:
        return outside.counted("escalation", "closedloop_timers_armed", target=target)

    id = outside.complaint(uuid4().hex, "market/stalls")

    eventually(lambda: armed("accept") >= 1, within=CENSUS_S)
    assert at_risk() == 0
    await watched_for(stack, id)
    eventually(lambda: at_risk() == 1, within=CENSUS_S)
    outside.reply("market", id, "answered")
    eventually(lambda: at_risk() == 0, within=CENSUS_S)
    assert outside.counted("escalation", "closedloop_census_seconds") > 0
