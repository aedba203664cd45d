"""A stack of its own for one run: empty data, a clock that runs fast, and its memory measured."""

from closedloop.stage.ending import ending_cleanly
from closedloop.stage.progress import Progress, paper
from closedloop.stage.stage import Stage

__all__ = ["Progress", "Stage", "ending_cleanly", "paper"]
