"""One complaint of the running system: explained, foretold and judged again, from its topics alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.casebook import read
from closedloop.stack import Stack
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def complaint(stack: Stack) -> Iterator[str]:
    """A leak that the water department has accepted."""
    outside = Outside(stack)
    id = outside.complaint(uuid4().hex)
    outside.reply("water", id, "accepted", handler="li")
    eventually(lambda: any(type(fact).__name__ == "DeadlineMet" for fact in read(stack.endpoints.kafka, id).facts))
    yield id
    outside.close()


def asked(stack: Stack, *arguments: str) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--kafka", stack.endpoints.kafka, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_its_dates_are_explained_by_its_id_and_by_its_reference(stack: Stack, complaint: str) -> None:
    found = asked(stack, "explain", complaint)

    states = {target["target"]: (target["verdict"]["state"], target["rule"]["plan"]) for target in found["targets"]}
    assert states == {"accept": ("met", "ordinary"), "answer": ("running", "ordinary")}
    status = httpx.get(f"{stack.endpoints.http['intake-http']}/v1/complaints/{complaint}", timeout=10).json()
    by_reference = asked(stack, "explain", status["reference"], "--target", "answer")
    assert [target["target"] for target in by_reference["targets"]] == ["answer"]


def test_what_happens_if_nobody_acts_is_told_with_times_and_names(stack: Stack, complaint: str) -> None:
    found = asked(stack, "whatif", complaint)

    assert [c["action"] for c in found["coming"]] == ["warn", "urge", "supervise", "report", *["remind"] * 3]
    assert found["coming"][0]["queue"] == {"name": "water", "zh": "水务局", "en": "Water Department"}


def test_its_verdicts_follow_from_what_was_said(stack: Stack, complaint: str) -> None:
    found = asked(stack, "replay", "--case", complaint)

    assert found["equal"]
    assert found["clocks"] == ["1/accept/1"]


def test_a_complaint_that_is_not_there_is_not_found(stack: Stack) -> None:
    done = CliRunner().invoke(app, ["explain", str(uuid4()), "--kafka", stack.endpoints.kafka])

    assert done.exit_code == 2
    assert "no complaint" in done.output
