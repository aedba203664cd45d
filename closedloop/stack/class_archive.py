"""Halves the broker's start: one throw-away run leaves its loaded classes in an archive that later runs share."""

import os
import shutil
import time
from functools import partial
from pathlib import Path

from closedloop.stack import downloads, kafka, ports
from closedloop.stack.downloads import Say
from closedloop.stack.keeper import FAILED, START_SECONDS, Keeper
from closedloop.stack.part import nothing

_NAME = "kafka.jsa"
_POLL_SECONDS = 0.1

# Java answers SIGTERM with this code once all that has to be done at its end is done.
_ENDED_CLEANLY = "exit 143"


def java(jars: Path, say: Say) -> kafka.Java:
    """Java with the archive of these jars' classes, made if this machine has not got it yet."""
    kept = downloads.once(jars.with_name(f"{jars.name}-classes"), say, partial(_make, jars))
    # An archive that is missing, or is another Java's, is passed over: the broker starts, only slower.
    return kafka.Java(jars, ("-Xshare:auto", f"-XX:SharedArchiveFile={kept / _NAME}"))


def _make(jars: Path, aside: Path, say: Say) -> None:
    say("starting the broker once for its class archive: later starts take half the time")
    recording = kafka.Java(jars, (f"-XX:ArchiveClassesAtExit={aside / _NAME}",))
    port = ports.free_port()
    part = kafka.part(aside / "data", recording, os.environ, port, ports.free_port(besides=[port]))
    (aside / "data").mkdir()
    keeper = Keeper(part, aside / "kafka.log", lambda _line: None, nothing)
    keeper.start()
    try:
        _wait(keeper)
    finally:
        # The archive is written while the broker ends.
        keeper.stop()
    if keeper.last_exit != _ENDED_CLEANLY:
        # Java takes a half-written archive at its word and crashes.
        (aside / _NAME).unlink(missing_ok=True)
    shutil.rmtree(aside / "data")


def _wait(keeper: Keeper) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not keeper.is_ready() and keeper.state != FAILED and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
