"""Progress on stderr: a bar on a terminal, now and then a line in a pipe, nothing where nobody looks."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from closedloop.language.paper import Paper

LINE_EVERY_S = 5.0


class Progress:
    """A context manager; `move` says how far it is, `say` writes a line beside the bar."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Paper(stderr=True, soft_wrap=True, quiet=quiet)
        columns = (BarColumn(30), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self._bar = Bar(*columns, console=self._console, transient=True) if self._console.is_terminal else None
        self._task: TaskID | None = None
        self._told_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, line: str) -> None:
        """One line that stays."""
        self._console.print(line)

    def turn(self, text: str) -> None:
        """Something else begins, the end of all: in a pipe that is said at once."""
        self._told_at = -LINE_EVERY_S
        self.move(1.0, text)

    def move(self, done: float, text: str) -> None:
        """`done` runs from 0 to 1."""
        if self._bar is not None:
            if self._task is None:
                self._bar.start()
                self._task = self._bar.add_task("", total=1.0)
            self._bar.update(self._task, completed=done, description=text)
        elif time.monotonic() - self._told_at >= LINE_EVERY_S:
            self._told_at = time.monotonic()
            self.say(text)
