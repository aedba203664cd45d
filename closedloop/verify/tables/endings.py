"""How complaints and clocks may end: what each ending requires, and the failure where that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

REOPENS = "not_solved"
"""The outcome of a visit that begins a new cycle."""


class Ending(NamedTuple):
    """What the visits must have found: `outcome` the last time, or each time of `every`; None: none is asked for."""

    outcome: str | None
    every: bool
    lacks: str


ENDINGS: dict[str, Ending] = {
    "solved": Ending("solved", False, "not_visited"),
    "not_confirmed": Ending("unreachable", True, "not_tried"),
    "answered": Ending(None, False, "visit_skipped"),
}


class ClockEnd(NamedTuple):
    """The mark of the fact that tells how a clock ended, and the failure where it is missing."""

    mark: str
    untold: str


CLOCK_ENDS: Mapping[tuple[str, bool], ClockEnd] = {
    ("met", False): ClockEnd("met", "met_untold"),
    ("met", True): ClockEnd("missed", "missed_untold"),
    ("moved", False): ClockEnd("moved", "moved_untold"),
    ("moved", True): ClockEnd("moved", "moved_untold"),
    ("cancelled", False): ClockEnd("cancelled", "cancelled_untold"),
    ("cancelled", True): ClockEnd("cancelled", "cancelled_untold"),
}
"""By how a clock ended, and whether that was late."""
