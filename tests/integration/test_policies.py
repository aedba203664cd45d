"""On a running stack: what is published is listed and shown, and a version never changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from closedloop.commands import policy
from closedloop.policies import load
from closedloop.stack import Stack


class Command:
    """`closedloop policy`, at the brokers of one stack."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._app = typer.Typer()
        policy.register(self._app)

    def __call__(self, *arguments: str) -> Result:
        environment = {"KAFKA_BOOTSTRAP_SERVERS": self._kafka, "CLOSEDLOOP_POLICIES": None}
        return CliRunner().invoke(self._app, ["policy", *arguments], env=environment)


@pytest.fixture(scope="module")
def run(stack: Stack) -> Command:
    return Command(stack.endpoints.kafka)


def changed(file: Path, **changes: Any) -> str:
    content = load("demo").model_dump(mode="json", exclude_none=True) | changes
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    return str(file)


def listed(run: Command) -> list[tuple[str, list[str]]]:
    rows = json.loads(run("list", "--json").output)
    return [(row["version"], row["rules"]) for row in rows if row["name"] == "demo"]


def test_a_pack_is_published_shown_refused_and_taken_back(run: Command, tmp_path: Path) -> None:
    ((_, sources),) = listed(run)
    file = tmp_path / "pack.yaml"

    refused = run("publish", changed(file, assign_within="5h"))
    taken = run("publish", changed(file, version="2", assign_within="5h"))

    assert (refused.exit_code, taken.exit_code) == (1, 0), refused.output + taken.output
    assert "  - assign_within 5 h instead of 4 h\n" in taken.output
    assert {"http", "hotline"} <= {*sources}
    assert listed(run) == [("1", []), ("2", sources)]
    assert json.loads(run("show", "demo", "--json").output)["assign_within"] == "PT5H"
    assert "--back" in run("publish", "demo").output
    assert run("publish", "demo", "--back").exit_code == 0
    assert listed(run) == [("2", []), ("1", sources)]
