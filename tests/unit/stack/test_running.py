"""Who runs a stack is told of all stacks of theirs, and each message names the command that reaches the right one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from closedloop.commands import stack as commands
from closedloop.language.operating import STATUS
from closedloop.stack import DEFAULT_DATA, running, state
from closedloop.stack.keeper import DOWN, FAILED, READY, STARTING, STOPPED
from closedloop.stack.naming import command
from closedloop.stack.process import MARK, Identity

ME = Identity.of(os.getpid())
PART = state.PartState("router", "ready", "http://127.0.0.1:18582", "", "router.log", ME.pid, ME.started, 0, None)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """The directory of a stack that seems to run: its state file is of now, and one process carries its mark."""
    data = tmp_path / "else where"
    data.mkdir()
    written = state.StackState(ME, "ready", "127.0.0.1:18592", "mongodb://127.0.0.1:18517", (PART,))
    state.write(data, written)
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={MARK: str(data)})
    try:
        yield data
    finally:
        sleeper.communicate(b"\n")


def run(*arguments: str) -> Result:
    app = Typer()
    commands.register(app)
    return CliRunner().invoke(app, list(arguments))


def test_a_command_names_its_directory_unless_it_is_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOSEDLOOP_DATA", raising=False)

    assert command("down", DEFAULT_DATA) == "closedloop down"
    assert command("down", tmp_path / "a b") == f"closedloop down --data '{tmp_path}/a b'"
    monkeypatch.setenv("CLOSEDLOOP_DATA", str(tmp_path))
    assert command("up", tmp_path) == "closedloop up"
    assert command("up", DEFAULT_DATA) == f"closedloop up --data {DEFAULT_DATA}"


def test_a_stack_is_found_by_its_processes_wherever_its_directory_is(elsewhere: Path, tmp_path: Path) -> None:
    assert elsewhere in [found.data for found in running.running()]
    assert elsewhere in [found.data for found in running.others(tmp_path)]
    assert elsewhere not in [found.data for found in running.others(elsewhere)]


@pytest.mark.parametrize(("verb", "code"), [("down", 0), ("status", 3)])
def test_where_nothing_runs_the_other_stacks_are_named_with_what_stops_them(
    verb: str, code: int, elsewhere: Path, tmp_path: Path
) -> None:
    outcome = run(verb, "--data", str(tmp_path))

    assert outcome.exit_code == code
    assert f"nothing runs in {tmp_path}" in outcome.output
    assert f"`closedloop down --data '{elsewhere}'` stops it" in outcome.output


def test_what_runs_is_told_in_chinese_where_somebody_asks_for_it(elsewhere: Path, tmp_path: Path) -> None:
    nothing = run("status", "--data", str(tmp_path), "--language", "zh").output
    running = run("status", "--data", str(elsewhere), "--language", "zh").output

    assert f"{tmp_path} 中没有运行任何部分" in nothing
    assert f"您的另一套系统运行于 {elsewhere}" in nothing
    assert "重启次数" in running and f"日志在 {elsewhere / 'logs'}" in running


def test_every_state_of_a_part_has_words() -> None:
    assert {STARTING, READY, DOWN, STOPPED, FAILED, "stopping", "not answering"} <= set(STATUS)


@pytest.mark.parametrize("detach", [[], ["--detach"]])
def test_a_second_stack_on_the_ports_of_one_that_runs_is_refused_at_once(
    detach: list[str], elsewhere: Path, tmp_path: Path
) -> None:
    outcome = run("up", "--data", str(tmp_path / "second"), "--port", "router=18582", *detach)

    assert outcome.exit_code == 1
    assert f"your stack in {elsewhere} listens on these ports: router 18582" in outcome.output
    assert f"`closedloop down --data '{elsewhere}'`" in outcome.output
    assert not (tmp_path / "second").exists()


def test_the_clock_of_a_local_stack_is_found_by_the_address_of_its_broker(elsewhere: Path) -> None:
    (elsewhere / running.CLOCK).write_text("{}")

    for address in ("127.0.0.1:18592", "localhost:18592", "nowhere:1, localhost:18592"):
        assert running.clock_file(address) == elsewhere / running.CLOCK
    assert running.clock_file("127.0.0.1:18593") is None
    assert running.clock_file("broker.example:18592") is None


def test_a_stack_whose_time_is_real_has_no_clock_to_be_found(elsewhere: Path) -> None:
    assert running.clock_file("127.0.0.1:18592") is None
