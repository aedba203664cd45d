"""A stack of its own for one run: empty data, a clock that runs fast, and its memory measured."""

from closedloop.run.ending import ending_cleanly
from closedloop.run.progress import Progress
from closedloop.run.run import Run

__all__ = ["Progress", "Run", "ending_cleanly"]
