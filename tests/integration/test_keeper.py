"""A part is kept alive: restarts, their pauses, giving up, and leftovers."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from closedloop.stack import process
from closedloop.stack.keeper import DOWN, FAILED, READY, Keeper
from closedloop.stack.part import Part
from tests.eventually import eventually
from tests.signals import tell

SLEEPS = ("sleep", "60")
FAILS = ("sh", "-c", "exit 7")
IGNORES_SIGTERM = ("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done")

Keep = Callable[..., Keeper]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keep(tmp_path: Path, said: list[str]) -> Iterator[Keep]:
    kept: list[Keeper] = []

    def start(argv: tuple[str, ...], ready: bool = True, grace_seconds: float = 5.0) -> Keeper:
        env = {**os.environ, process.MARK: str(tmp_path)}
        part = Part("desk", argv, env, "nowhere", lambda: ready, grace_seconds=grace_seconds)
        kept.append(Keeper(part, tmp_path / "desk.log", said.append, lambda: None))
        kept[-1].start()
        return kept[-1]

    yield start
    for keeper in kept:
        keeper.stop()


def pid(keeper: Keeper) -> int:
    assert keeper.identity is not None
    return keeper.identity.pid


def test_a_part_that_dies_is_started_again_and_the_operator_is_told(keep: Keep, said: list[str]) -> None:
    keeper = keep(SLEEPS)
    eventually(lambda: keeper.state == READY)

    tell(pid(keeper), signal.SIGKILL)

    eventually(lambda: keeper.restarts == 1 and keeper.state == READY)
    assert keeper.last_exit == "SIGKILL"
    assert any("desk ended (SIGKILL), starts again in 0.5 s" in line for line in said)


def test_an_ordered_end_is_no_failure_and_restarts_at_once(keep: Keep, said: list[str]) -> None:
    keeper = keep(SLEEPS)

    for restarts in (1, 2, 3, 4):
        eventually(lambda: keeper.state == READY)
        keeper.kill(signal.SIGKILL)
        eventually(lambda restarts=restarts: keeper.restarts == restarts)

    assert sum("starts again at once" in line for line in said) == 4


def test_a_part_that_never_becomes_ready_is_given_up_after_three_attempts(keep: Keep) -> None:
    keeper = keep(FAILS, ready=False)

    eventually(lambda: keeper.state == FAILED)

    assert keeper.last_exit == "exit 7"
    assert keeper.restarts == 2


def test_a_suspended_part_is_down_until_its_time_is_over(keep: Keep) -> None:
    keeper = keep(SLEEPS)
    eventually(lambda: keeper.state == READY)

    keeper.suspend(1.0, signal.SIGTERM)

    assert keeper.state == DOWN
    eventually(lambda: keeper.state == READY)


def test_a_process_that_ignores_the_request_to_stop_is_killed_after_its_grace(keep: Keep, said: list[str]) -> None:
    keeper = keep(IGNORES_SIGTERM, grace_seconds=0.3)
    eventually(lambda: keeper.state == READY)
    # The shell has to have reached its trap, or it would end politely.
    eventually(lambda: "S" in Path(f"/proc/{pid(keeper)}/status").read_text().split("State:")[1][:4])

    keeper.stop()

    assert keeper.last_exit == "SIGKILL"
    assert said[-1] == "desk did not stop within 0.3 s and is killed"


def test_processes_of_a_directory_are_found_and_ended_whoever_started_them(keep: Keep, tmp_path: Path) -> None:
    keeper = keep(SLEEPS)
    eventually(lambda: keeper.state == READY)

    left = process.leftovers(tmp_path)
    elsewhere = process.leftovers(tmp_path / "other")

    assert [found.pid for found in left] == [pid(keeper)]
    assert elsewhere == []


def test_a_number_that_belongs_to_somebody_else_now_is_never_signalled() -> None:
    me = process.Identity.of(os.getpid())

    process.Identity(me.pid, me.started - 60).signal(signal.SIGKILL)


def test_a_part_that_works_and_then_ends_in_order_asked_for_a_new_start_and_gets_it_at_once(
    keep: Keep, said: list[str]
) -> None:
    keeper = keep(("sleep", "0.5"))

    eventually(lambda: keeper.restarts >= 4, within=20)

    assert all("starts again at once" in line for line in said if "ended" in line)
