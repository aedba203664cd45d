"""Real time as all processes share it: the database server's, never ahead of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta


class Wall:
    """The last answer of the database server's clock plus what has passed since by a monotonic clock of this host.

    What this host's own clock shows never matters, only how fast it runs from one look to the next.
    """

    def __init__(self, ask: Callable[[], Awaitable[datetime]], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._server: datetime | None = None
        self._heard = 0.0

    async def look(self) -> datetime:
        """Ask the server; raises what the store raises."""
        self._server = await self._ask()
        self._heard = self._monotonic()
        return self._server

    def now(self) -> datetime:
        """The server's time now: late by the answer's way here, never early. `look` must have succeeded once."""
        assert self._server is not None
        return self._server + timedelta(seconds=self._monotonic() - self._heard)
