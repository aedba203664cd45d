"""The running system stops reading a sender that is wrong again and again, and goes on by itself or when told."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.stack import Stack
from schemas.topics import REPLIES
from services.shared.machine.stopping import MOST_IN_A_ROW
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

MARKET, WATER = REPLIES.of("market"), REPLIES.of("water")
TOO_MANY = MOST_IN_A_ROW + 30
READ_ON_S = 30


@pytest.fixture(scope="module")
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


def garbled(outside: Outside) -> int:
    """The market's program sends what nobody can read; returns the first offset."""
    return min(outside.sends(MARKET, b"<xml/>") for _ in range(TOO_MANY))


def letters_from(outside: Outside, first: int) -> int:
    stories = (letter.story for letter in outside.letters("router") if letter.story["original-topic"] == MARKET)
    return sum(int(story["original-offset"]) >= first for story in stories)


def stopped(outside: Outside) -> list[dict[str, Any]]:
    answer = httpx.get(f"{outside.stack.endpoints.http['router']}/stopped", timeout=10)
    return answer.json() if answer.status_code == 200 else []


def has_stopped(outside: Outside, first: int) -> None:
    (stop,) = eventually(lambda: stopped(outside), within=READ_ON_S)
    assert (stop["topic"], stop["offset"], stop["why"]) == (MARKET, first + MOST_IN_A_ROW, "unreadable")
    assert letters_from(outside, first) == MOST_IN_A_ROW


def test_who_is_wrong_again_and_again_is_not_read_on_until_somebody_tells_to(outside: Outside) -> None:
    first = garbled(outside)
    has_stopped(outside, first)
    ready = httpx.get(f"{outside.stack.endpoints.http['router']}/readyz", timeout=10)
    assert (ready.status_code, list(ready.json()["stopped"])) == (200, [f"{MARKET}-0"])
    assert outside.counted("router", "closedloop_partition_stopped", topic=MARKET) == 1

    # Whoever else speaks to the service is heard, and its end does not end the stop.
    other = outside.complaint("while-the-market-is-stopped")
    outside.reply("water", other, "accepted")
    eventually(lambda: outside.facts(other, "WorkAccepted"), within=READ_ON_S)
    outside.stack.kill("router", signal.SIGKILL)
    outside.stack.wait_ready("router", 60)
    outside.reply("water", other, "progress", note="on it")
    eventually(lambda: outside.facts(other, "ProgressReported"), within=READ_ON_S)
    has_stopped(outside, first)

    told = CliRunner().invoke(app, ["dlq", "go-on", "router", MARKET, "--url", outside.stack.endpoints.http["router"]])
    assert told.exit_code == 0, told.output
    eventually(lambda: letters_from(outside, first) == TOO_MANY, within=READ_ON_S)
    assert stopped(outside) == []


def test_a_message_that_can_be_taken_is_never_kept_waiting_by_those_that_cannot(outside: Outside) -> None:
    restarts = outside.stack.restarts("router")
    id = outside.complaint("behind-garbage", category="market/price")
    first = garbled(outside)
    has_stopped(outside, first)

    outside.reply("market", id, "accepted")

    eventually(lambda: outside.facts(id, "WorkAccepted"), within=READ_ON_S)
    assert letters_from(outside, first) == TOO_MANY
    eventually(lambda: stopped(outside) == [], within=READ_ON_S)
    assert outside.stack.restarts("router") == restarts
