"""Starts a stack in an empty directory, publishes packs, lets virtual time begin, and stops it all in the end."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka.errors import KafkaError

from closedloop.provision import prepare, start_clock
from closedloop.run.ending import react_with
from closedloop.run.memory import Memory
from closedloop.stack import Endpoints, Stack, StackError, StackSettings, process, state
from closedloop.stack.running import CLOCK
from schemas.policy import PolicyPack
from services.shared.timing.clock import Clock

ITS_OWN = {"CLOSEDLOOP_CLOCK": "record", "KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": ""}
"""The clock record bends time, and nobody's own clusters are to be filled with plays."""

GRACE_S = 10.0


class Run:
    """A context manager; inside it everything runs, and virtual time is `v0` when it begins.

    What the directory held before is gone. Raises StackError with nothing left running.
    """

    def __init__(
        self,
        data: Path,
        v0: datetime,
        rate: float,
        packs: Iterable[str | PolicyPack],
        sources: Iterable[str],
        say: Callable[[str], None],
    ) -> None:
        self._data, self._v0, self._rate = data.resolve(), v0, rate
        self._packs, self._sources, self._say = tuple(packs), tuple(sources), say
        self.stack = Stack(StackSettings(self._data, env=ITS_OWN, prepare=self._prepare, ready=self._begin))
        self.memory = Memory(self.stack.rss)
        self.clock = Clock()

    @property
    def endpoints(self) -> Endpoints:
        """Where to reach it."""
        return self.stack.endpoints

    def __enter__(self) -> Self:
        empty(self._data)
        self.memory.start()
        try:
            self.stack.start(self._say)
        except BaseException:
            self.memory.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A second Ctrl-C must not cut the stopping short: it is bounded anyway.
        react_with(signal.SIG_IGN)
        self.memory.stop()
        self.stack.stop()

    def _prepare(self, endpoints: Endpoints) -> None:
        try:
            prepare(endpoints.kafka, self._packs, self._sources)
        except KafkaError as reason:
            raise StackError(f"topics and policies cannot be prepared: {reason}") from reason

    def _begin(self, endpoints: Endpoints) -> None:
        self.clock = start_clock(endpoints.mongodb, self._v0, self._rate)
        (self._data / CLOCK).write_text(json.dumps(self.clock.as_json()) + "\n")


def empty(data: Path) -> None:
    """Forget what an earlier run left in the directory, its logs too. Raises AlreadyRunning."""
    with state.lock(data) as held:
        process.end(process.leftovers(data), GRACE_S)
        for found in data.iterdir():
            if found.is_dir():
                shutil.rmtree(found)
            elif found.name != Path(held.name).name:
                found.unlink()
