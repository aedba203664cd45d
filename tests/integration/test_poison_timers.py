"""A timer whose rule fails: parked, counted and shown, in nobody's way, and tried again on command."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.stack import Stack
from services.shared.loop.loop import Loop
from services.shared.loop.work import Work
from services.shared.machine.documents import Due
from tests.builders import ESCALATION, INTAKE, ROUTER, Town, hour, poisoned
from tests.eventually import eventually
from tests.integration.outside import Outside
from tests.integration.site import Broker, Site, a_poller, asking, heard, opened, running, watched_for

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("quiet")]


@pytest.fixture
async def escalation(stack: Stack) -> AsyncIterator[Site]:
    async with opened(stack.endpoints.mongodb, ESCALATION) as site:
        yield site


async def test_a_poison_timer_is_parked_counted_and_shown_and_fires_once_its_rule_is_mended_and_it_is_tried_again(
    escalation: Site,
) -> None:
    broker, bug = Broker(), poisoned(ESCALATION, Due, lambda timer: timer.due_at == hour(76))
    ill, well = (escalation.loop(escalation.store(), broker, service) for service in (bug, ESCALATION))
    town = Town(services=(INTAKE, ROUTER))
    other = town.complaint("power/outage")
    town.at(1)
    stuck = town.complaint("power/outage")

    async with running(ill):
        await ill.finish(Work(heard(ESCALATION, town.world.log)))
        await fires_at(ill, hour(80))
    parked_then = await ill.store.tally()
    async with running(well), asking(well) as client:
        shown = (await client.get("/parked")).json()
        tried = (await client.post(f"/parked/{stuck.id}/release")).json()
        await fires_at(well, hour(80))

    assert ill.measures.dead.labels("escalation", "poison")._value.get() == 1
    assert parked_then["parked"] == 1 and (await well.store.tally())["parked"] == 0
    assert [(row["id"], row["reason"], row["waiting"]) for row in shown] == [(stuck.id, "RuntimeError: a bug", 0)]
    assert tried == {"id": stuck.id, "taken": True, "reason": None}
    assert [(rung.complaint_id, rung.due_at) for rung in broker.facts] == [(other.id, hour(75)), (stuck.id, hour(76))]


async def fires_at(loop: Loop, moment: datetime) -> None:
    """What is due then is told."""
    await (await a_poller(loop, now=moment, read=moment)).poll()
    await loop.drained()


@pytest.fixture
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


async def test_a_poison_timer_of_the_running_system_is_shown_and_tried_again_on_command(
    stack: Stack, outside: Outside
) -> None:
    id, before = outside.complaint(uuid4().hex), counted(outside)
    await watched_for(stack, id, calendar="nowhere")
    (letter,) = eventually(lambda: [x for x in told(stack, "dlq", "list") if x["key"] == id], within=30)
    offset = str(letter["offset"])

    assert (letter["reason"], letter["original-topic"], letter["exception-class"]) == ("poison", "timer", "KeyError")
    assert told(stack, "dlq", "show", "escalation", offset)["value"] == letter["value"]
    assert counted(outside) == before + 1
    eventually(lambda: outside.counted("escalation", "closedloop_documents", state="parked") >= 1, within=30)
    assert told(stack, "dlq", "replay", "escalation", offset, code=1)[0]["taken"] is False
    assert outside.facts(id, "DeadlineApproaching") == []

    await watched_for(stack, id)
    again = told(stack, "dlq", "replay", "escalation", offset)

    assert again == [{"what": f"case {id}", "taken": True, "outcome": "taken"}]
    (rung,) = eventually(lambda: outside.facts(id, "DeadlineApproaching"), within=30)
    assert rung.target == "answer"


def counted(outside: Outside) -> float:
    return outside.counted("escalation", "closedloop_dead_letters_total", reason="poison")


def told(stack: Stack, *arguments: str, code: int = 0) -> Any:
    """What a command tells a program."""
    address = ["--url", stack.endpoints.http["escalation"]] if "replay" in arguments else []
    done = CliRunner().invoke(app, [*arguments, *address, "--kafka", stack.endpoints.kafka, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)
