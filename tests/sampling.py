"""How many examples a test tries: enough on every change to notice a mistake, all of them in the soak."""

from __future__ import annotations

import os

import pytest

ALL = os.environ.get("EXAMPLES") == "all"

sampled = pytest.mark.sampled
"""Marks a test that asks for `so_many`: the soak runs it again, with all of its examples."""


def so_many(every_time: int, in_all: int) -> int:
    """How many examples to try: the larger number in the soak, which sets EXAMPLES=all."""
    return in_all if ALL else every_time
