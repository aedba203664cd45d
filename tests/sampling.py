"""How many examples a test tries: enough on every change to notice a mistake, all of them in the soak."""

from __future__ import annotations

import os
from typing import TypeVar

from hypothesis import HealthCheck, settings

ALL = os.environ.get("EXAMPLES") == "all"

Size = TypeVar("Size")


def so_many(every_time: Size, in_all: Size) -> Size:
    """How many examples to try, or which: the larger number in the soak, which sets EXAMPLES=all."""
    return in_all if ALL else every_time


# Where a test asks for nothing else; how long anything takes says only how busy the machine is.
settings.register_profile(
    "closedloop",
    max_examples=so_many(25, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("closedloop")
