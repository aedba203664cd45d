"""Everybody outside at once: upstream and departments at work, the facts read as they come, until nothing moves."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Self

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.facts import Facts, Told
from closedloop.outsiders.http_caller import HttpCaller
from closedloop.outsiders.lag import Lag
from closedloop.outsiders.live import Departments, Upstream
from closedloop.outsiders.post import Post
from services.shared.timing.clock import Clock

STILL_S = 2.0
"""How long nothing may be said before it counts as still."""
LOOK_S = 0.2


class Everybody:
    """A context manager; inside it all work in threads of their own, and `look` is to be called again and again."""

    def __init__(
        self,
        kafka: str,
        clock: Clock,
        posts: Iterable[Post],
        names: Iterable[str],
        agenda: Agenda,
        door: HttpCaller | None = None,
    ) -> None:
        self._open = ExitStack()
        self.facts = self._open.enter_context(closing(Facts(kafka)))
        self._lag = self._open.enter_context(closing(Lag(kafka)))
        self.upstream = Upstream(kafka, clock, posts, door)
        self.departments = Departments(kafka, clock, names, agenda)

    def __enter__(self) -> Self:
        for outsider in (self.upstream, self.departments):
            self._open.callback(outsider.stop)
            outsider.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def look(self, wait_s: float = LOOK_S) -> list[Told]:
        """The facts that have come; raises what stopped somebody outside from working."""
        self.upstream.check()
        self.departments.check()
        return self.facts.read(wait_s)

    def is_still(self) -> bool:
        """Whether all is sent and read, and nothing is said for STILL_S."""
        if self.upstream.left or self._lag.look():
            return False
        since = time.monotonic()
        while time.monotonic() - since < STILL_S:
            if self.look():
                return False
        return True
