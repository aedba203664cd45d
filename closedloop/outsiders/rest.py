"""Whether the services have caught up with one moment: all records read, all timers fired, all messages sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from kafka import TopicPartition
from pymongo import MongoClient

from closedloop.outsiders.lag import Lag
from closedloop.outsiders.live import now
from schemas.topics import SPEAKING
from services.shared.timing.clock import Clock

LOOK_S = 0.5
CALM_S = 5.0
"""The services have caught up once a further look needs no more than so many seconds."""

Unsaid = set[tuple[str, str, int]]
"""Service, document and number of the first message that it has still to send."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What the services have still to do: records to read, timers to fire, complaints to speak of."""

    unread: int = 0
    due: int = 0
    unsaid: int = 0

    @property
    def left(self) -> int:
        """All of it."""
        return self.unread + self.due + self.unsaid


@dataclass(frozen=True, slots=True)
class Rest:
    """Up to which real moment all is done; `reached` is False where patience ended before that could be said."""

    at: datetime
    reached: bool
    seconds: float


class Watched(Protocol):
    """Services that somebody looks at."""

    def cut(self) -> datetime:
        """From now on `owed` is about what has happened by this real moment."""

    def owed(self) -> Owed:
        """The work that is left about it."""


def come_to_rest(
    services: Watched,
    show: Callable[[Owed], None],
    patience_s: float,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Rest:
    """Wait until the services have done what follows from all that has happened; `show` hears what is left.

    Timers fall due meanwhile, so there may never be a moment with nothing left to do. The wait ends at a moment up to
    which everything is done, if what came after it is done within CALM_S.
    """
    begun, rested = monotonic(), None
    while True:
        at, since = services.cut(), monotonic()
        while (owed := services.owed()).left:
            show(owed)
            if monotonic() - begun >= patience_s:
                return rested or Rest(at, False, monotonic() - begun)
            sleep(LOOK_S)
        rested = Rest(at, True, monotonic() - begun)
        if monotonic() - since <= CALM_S or monotonic() - begun >= patience_s:
            return rested


class Services:
    """The services of a stack as they show themselves: by committed offsets and by what they store."""

    def __init__(self, kafka: str, mongodb: str, clock: Clock) -> None:
        self._lag, self._clock = Lag(kafka), clock
        self._client: MongoClient[dict[str, Any]] = MongoClient(mongodb, tz_aware=True, tzinfo=UTC)
        self._at, self._ends = now(), dict[TopicPartition, int]()
        self._to_say: Unsaid | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lag.close()
        self._client.close()

    def cut(self) -> datetime:
        """Everything that the broker has taken by now, and every timer that is due by now."""
        self._at, self._to_say = now(), None
        self._ends = {**self._lag.ends()}
        return self._at

    def owed(self) -> Owed:
        """Reading comes first: it arms timers and gives something to say. So what is unsaid counts in the end."""
        unread, due = self._lag.behind(self._ends), self._due()
        unsaid = self._unsaid()
        if unread or due:
            return Owed(unread, due, len(unsaid))
        # What is said of later things does not count: new messages have new numbers.
        self._to_say = unsaid if self._to_say is None else self._to_say & unsaid
        return Owed(unsaid=len(self._to_say))

    def _due(self) -> int:
        wanted = {"next_due": {"$type": "date", "$lte": self._clock.virtual(self._at)}}
        return sum(cases.count_documents(wanted) for cases in self._cases().values())

    def _unsaid(self) -> Unsaid:
        wanted, first = {"unsaid.0": {"$exists": True}}, {"unsaid": {"$slice": 1}}
        found = ((name, raw) for name, cases in self._cases().items() for raw in cases.find(wanted, first))
        return {(name, raw["_id"], raw["unsaid"][0]["n"]) for name, raw in found}

    def _cases(self) -> Mapping[str, Any]:
        return {name: self._client.get_database(f"closedloop_{name}").cases for name in SPEAKING}
