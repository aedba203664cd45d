"""A running system whose offsets are reset says nothing a second time about what it had turned away."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from kafka.structs import OffsetAndMetadata

from closedloop.dead_letters.letters import Letter
from closedloop.stack import Stack
from schemas.envelope import text_header
from schemas.topics import QUEUE, RECEIPTS, REPLIES, SUBMISSIONS
from services.shared.broker import groups
from services.shared.machine.early import MOST
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

DOWN_S = 20.0
CROWDED = 3
SERVICES = ("intake", "router")
PASSED = {"id": "late", "subject": "it leaks", "due_at": "2020-01-01T00:00:00Z"}


@pytest.fixture
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


def test_what_was_turned_away_is_not_turned_away_again_after_offsets_were_reset(stack: Stack, outside: Outside) -> None:
    nobody = str(uuid4())
    for topic in (SUBMISSIONS.of("app"), REPLIES.of("water")):
        outside.sends(topic, b"{")
    outside.sends(SUBMISSIONS.of("app"), PASSED | {"id": uuid4().hex})
    for n in range(MOST + CROWDED):
        reply = {"id": f"{nobody}-{n}", "complaint_id": nobody, "reply": "progress"}
        outside.sends(REPLIES.of("water"), json.dumps(reply).encode())
    outside.complaint(uuid4().hex)
    eventually(lambda: crowded(outside, nobody) == CROWDED, within=30)
    before = letters(outside) + told(outside)

    for name in SERVICES:
        stack.suspend(name, DOWN_S)
    for name in SERVICES:
        eventually(lambda name=name: reads_from_the_beginning(stack, name), within=DOWN_S)  # type: ignore[misc]
    for name in SERVICES:
        stack.wait_ready(name, timeout=150)
    outside.reply("water", outside.complaint(uuid4().hex), "accepted", id=uuid4().hex)
    eventually(lambda: passed_over(outside, "router") >= CROWDED + 1, within=60)

    assert passed_over(outside, "intake") >= 2
    after = letters(outside) + told(outside)
    assert after >= before
    assert [what for what in after - before if what in before] == []


def reads_from_the_beginning(stack: Stack, name: str) -> bool:
    """The group is empty, and what it has acknowledged counts as unread."""

    def reset(admin: Any) -> bool:
        group = f"closedloop-{name}"
        found = groups.offsets(admin, group)
        if groups.members(admin, group):
            return False
        groups.set_offsets(admin, group, {tp: OffsetAndMetadata(0, "", -1) for tp in found})
        return True

    return groups.asked(stack.endpoints.kafka, reset)


def passed_over(outside: Outside, name: str) -> float:
    return outside.counted(name, "closedloop_inputs_turned_away_before_total")


def crowded(outside: Outside, nobody: str) -> int:
    return sum(nobody.encode() in letter.value for letter in outside.letters("router"))


def letters(outside: Outside) -> Counter[Any]:
    return Counter((name, *place(letter)) for name in SERVICES for letter in outside.letters(name))


def place(letter: Letter) -> tuple[str, ...]:
    return tuple(letter.story[f"original-{part}"] for part in ("topic", "partition", "offset"))


def told(outside: Outside) -> Counter[Any]:
    topics = RECEIPTS.of("app"), QUEUE.of("water")
    return Counter((t, text_header(r.headers, "ce_id")) for t in topics for r in outside.records(t))
