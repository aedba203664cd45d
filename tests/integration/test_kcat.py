"""Anybody with kcat can read the queues, send a complaint and reply: plain JSON lines are all it takes."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any
from uuid import uuid4

import pytest

from closedloop.stack import Stack
from tests.eventually import eventually

pytestmark = pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed")


class Kcat:
    """The command-line client, at one broker."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka

    def read(self, topic: str) -> list[dict[str, Any]]:
        """Every JSON object of a topic: others may have sent there what is none."""
        command = ["kcat", "-b", self._kafka, "-t", topic, "-C", "-e", "-q", "-o", "beginning"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=True)
        return [line for line in map(_parsed, done.stdout.splitlines()) if isinstance(line, dict)]

    def send(self, topic: str, **message: object) -> None:
        """One line of JSON, without key or headers."""
        line = json.dumps(message)
        command = ["kcat", "-b", self._kafka, "-t", topic, "-P"]
        subprocess.run(command, input=line, text=True, timeout=150, check=True)

    def order(self, department: str, **wanted: object) -> dict[str, Any]:
        """The message on a department's queue that has these values, once it is there."""

        def found() -> dict[str, Any] | None:
            orders = self.read(f"closedloop.queue.{department}")
            return next((o for o in orders if all(o.get(k) == v for k, v in wanted.items())), None)

        return eventually(found)


@pytest.fixture(scope="module")
def kcat(stack: Stack) -> Kcat:
    return Kcat(stack.endpoints.kafka)


def test_one_json_line_becomes_a_complaint_with_a_readable_work_order(kcat: Kcat) -> None:
    subject = f"No water since this morning {uuid4()}"

    kcat.send("closedloop.submissions.hotline", id=str(uuid4()), subject=subject, category="water/outage")

    order = kcat.order("water", subject=subject)
    assert (order["order"], order["state"], order["why"]) == ("work", "open", "routed")
    assert [target["name"] for target in order["targets"]] == ["accept", "answer"]


def test_a_legal_reply_is_taken_and_an_illegal_one_is_refused_on_that_departments_queue(kcat: Kcat) -> None:
    subject = f"The tap drips {uuid4()}"
    kcat.send("closedloop.submissions.hotline", id=str(uuid4()), subject=subject, category="water/outage")
    complaint = kcat.order("water", subject=subject)["complaint_id"]

    kcat.send("closedloop.replies.power", complaint_id=complaint, reply="answered", note="not our business")
    kcat.send("closedloop.replies.water", complaint_id=complaint, reply="answered", note="The valve is replaced.")

    refused = kcat.order("power", complaint_id=complaint, why="refused")
    assert "not_the_owner" in refused["detail"]
    answered = eventually(lambda: [f for f in kcat.read("closedloop.complaints") if _answers(f, complaint)])
    assert [fact["department"] for fact in answered] == ["water"]


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _answers(fact: dict[str, Any], complaint: str) -> bool:
    return fact.get("complaint_id") == complaint and fact.get("note") == "The valve is replaced."
