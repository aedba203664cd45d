"""Ctrl-C, SIGTERM and a closed terminal end a run the same way: once, and not in the middle of cleaning up."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Any of the signals raises KeyboardInterrupt in the block, the first time; later ones are ignored."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    react_with(_interrupt)
    try:
        yield
    finally:
        for number, reaction in before.items():
            signal.signal(number, reaction)


def react_with(react: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    """The reaction to all of the signals from now on."""
    for number in SIGNALS:
        signal.signal(number, react)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    react_with(signal.SIG_IGN)
    raise KeyboardInterrupt
