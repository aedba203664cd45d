"""What may need more memory than there is runs in a process of its own, which cannot take the tests along."""

from __future__ import annotations

import multiprocessing
import resource
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

import psutil

SECONDS = 120.0
_FORK = multiprocessing.get_context("fork")


def within(megabytes: int, work: Callable[[], None]) -> None:
    """Do this in a copy of this process that gets so much more memory and no more; a failure there is one here."""
    ours, theirs = _FORK.Pipe(duplex=False)
    copy = _FORK.Process(target=_do, args=(megabytes, work, theirs), daemon=True)
    copy.start()
    theirs.close()
    try:
        said = ours.recv() if ours.poll(SECONDS) else f"not done after {SECONDS:g} s"
    except EOFError:
        said = f"ended within {megabytes} MB more memory"
    finally:
        copy.kill()
        copy.join()
    assert said == "", said


def _do(megabytes: int, work: Callable[[], None], told: Connection) -> None:
    room = psutil.Process().memory_info().vms + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    try:
        work()
    except BaseException:
        told.send(traceback.format_exc())
    else:
        told.send("")
