"""What every run on a stack of its own may rely on: an empty directory, and an end that is an end."""

import os
import signal
from pathlib import Path

import pytest

from closedloop.run import Progress, ending_cleanly
from closedloop.run.ending import SIGNALS
from closedloop.run.memory import Memory
from closedloop.run.run import empty
from closedloop.stack import StackError, state
from tests.eventually import eventually

GIB = 2**30


def test_what_an_earlier_run_left_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / "00000.log").write_text("old")
    (tmp_path / "stack.json.new").write_text("{}")

    empty(tmp_path)

    assert [found.name for found in tmp_path.iterdir()] == ["lock"]


def test_a_directory_in_which_a_stack_runs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()

    with state.lock(tmp_path), pytest.raises(StackError):
        empty(tmp_path)

    assert (tmp_path / "kafka").exists()


@pytest.mark.parametrize("ending", SIGNALS)
def test_a_run_is_interrupted_once_and_its_end_is_not(ending: signal.Signals) -> None:
    before = signal.getsignal(ending)
    cleaned_up = False

    with pytest.raises(KeyboardInterrupt), ending_cleanly():
        try:
            os.kill(os.getpid(), ending)
        finally:
            os.kill(os.getpid(), ending)
            cleaned_up = True

    assert cleaned_up
    assert signal.getsignal(ending) == before


def test_the_highest_memory_is_remembered_with_its_parts() -> None:
    # Far above what this process itself may take or give back meanwhile.
    to_come, looked = [100 * GIB, 900 * GIB, 300 * GIB], []

    def resident() -> dict[str, int]:
        looked.append(to_come.pop() if to_come else 100 * GIB)
        return {"kafka": looked[-1]}

    memory = Memory(resident, every_s=0.001)
    memory.start()
    eventually(lambda: len(looked) >= 4)
    memory.stop()

    assert memory.peak["kafka"] == 900 * GIB
    assert memory.peak_bytes == 900 * GIB + memory.peak["this command"]


def test_progress_in_a_pipe_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        for n in range(100):
            progress.move(n / 100, f"step {n}")

    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "step 0\n")


def test_progress_says_nothing_where_it_shall_be_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(quiet=True) as progress:
        progress.say("kafka is ready")
        progress.move(0.5, "half")

    assert capsys.readouterr() == ("", "")
