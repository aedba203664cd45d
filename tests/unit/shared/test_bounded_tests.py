"""A test of what may outgrow the machine fails by itself, and whoever runs the tests goes on."""

from __future__ import annotations

import os
import signal

import pytest

from tests.bounded import within


def outgrows() -> None:
    bytearray(2**30)


def ends_its_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def finds_a_mistake() -> None:
    assert 1 + 1 == 3, "the sum is wrong"


def test_what_takes_more_memory_than_it_may_fails_alone() -> None:
    with pytest.raises(AssertionError, match="MemoryError"):
        within(64, outgrows)


def test_what_ends_its_process_fails_alone() -> None:
    with pytest.raises(AssertionError, match="ended within 64 MB"):
        within(64, ends_its_process)


def test_what_is_found_there_is_said_here() -> None:
    with pytest.raises(AssertionError, match="the sum is wrong"):
        within(64, finds_a_mistake)
    within(64, lambda: None)
