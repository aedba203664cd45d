"""The state file tells a living stack from a dead one, whatever killed it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from closedloop.stack import state
from closedloop.stack.errors import AlreadyRunning
from closedloop.stack.process import Identity

ME = Identity.of(os.getpid())
ROUTER = state.PartState(
    name="router",
    state="ready",
    address="http://127.0.0.1:8082",
    ready_url="http://127.0.0.1:8082/readyz",
    log="router.log",
    pid=ME.pid,
    started=ME.started,
    restarts=2,
    last_exit="SIGKILL",
)
RUNNING = state.StackState(ME, "ready", "127.0.0.1:19092", "mongodb://127.0.0.1:27117", (ROUTER,))


def test_what_a_stack_writes_down_is_read_back_as_it_was(tmp_path: Path) -> None:
    state.write(tmp_path, RUNNING)

    assert state.running(tmp_path) == RUNNING


def test_a_process_number_that_now_belongs_to_somebody_else_is_no_running_stack(tmp_path: Path) -> None:
    earlier = replace(ME, started=ME.started - 3_600)
    state.write(tmp_path, replace(RUNNING, supervisor=earlier))

    assert state.read(tmp_path) is not None
    assert state.running(tmp_path) is None


def test_a_process_that_is_gone_is_no_running_stack(tmp_path: Path) -> None:
    state.write(tmp_path, replace(RUNNING, supervisor=Identity(2**22 + 1, ME.started)))

    assert state.running(tmp_path) is None


@pytest.mark.parametrize("text", ["", '{"supervisor": {"pi', "[]", '{"parts": [{}]}'])
def test_a_state_file_that_cannot_be_read_is_no_running_stack(tmp_path: Path, text: str) -> None:
    (tmp_path / "stack.json").write_text(text)

    assert state.running(tmp_path) is None


def test_a_second_stack_in_the_same_directory_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    state.write(tmp_path, RUNNING)
    told = rf"pid {ME.pid}\); `closedloop down --data {tmp_path}` stops it"
    with state.lock(tmp_path), pytest.raises(AlreadyRunning, match=told):
        state.lock(tmp_path)


def test_the_directory_is_free_again_once_its_holder_lets_go(tmp_path: Path) -> None:
    state.lock(tmp_path).close()

    state.lock(tmp_path).close()
