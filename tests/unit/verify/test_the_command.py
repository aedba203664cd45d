"""What `closedloop verify` says before it ever asks a broker."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from closedloop.commands import verify as command
from closedloop.commands.verify import CANNOT_TELL, register
from closedloop.verify import CHECKS
from tests.unit.verify.topics import Topics


def said(outcome: Result) -> str:
    """What was printed, without the frame and the line breaks around it."""
    return " ".join(outcome.output.replace("│", " ").split())


def run(*arguments: str) -> Result:
    app = Typer()
    register(app)
    return CliRunner().invoke(app, list(arguments))


def test_an_invariant_that_does_not_exist_is_refused() -> None:
    outcome = run("--only", "I2,I77")

    assert outcome.exit_code == CANNOT_TELL
    assert "there is no I77" in said(outcome)


@pytest.mark.parametrize("text", ["", "{}", '{"v0": "now", "r0": "now", "rate": 1}'])
def test_a_clock_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(text)

    outcome = run("--clock", str(clock))

    assert outcome.exit_code == CANNOT_TELL
    assert "holds no clock" in said(outcome)


@pytest.mark.parametrize("text", ["{", '{"id": "7"}'])
def test_a_list_of_accepted_complaints_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    accepted = tmp_path / "accepted"
    accepted.write_text(text)

    outcome = run("--accepted", str(accepted))

    assert outcome.exit_code == CANNOT_TELL
    assert "holds no ids" in said(outcome)


def test_a_moment_that_is_none_is_refused() -> None:
    assert run("--until", "tomorrow").exit_code == CANNOT_TELL


def test_where_nothing_was_checked_yet_nothing_is_wrong_unless_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "check", lambda kafka, **terms: Topics().judge(may_be_empty=terms["may_be_empty"]))

    relaxed, strict = run(), run("--strict")

    assert (relaxed.exit_code, strict.exit_code) == (0, 1)
    assert "nothing to check yet" in said(relaxed)
    assert run("--strict", "--may-be-empty", ",".join(CHECKS)).exit_code == 0
