"""One run of the whole system with people outside, in bent time: what the tests of faults and of the verifier share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pymongo import MongoClient

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.facts import Facts
from closedloop.outsiders.http_caller import HttpCaller
from closedloop.outsiders.lag import Lag
from closedloop.outsiders.live import Departments, Upstream
from closedloop.outsiders.post import Post
from closedloop.policies import load
from closedloop.provision import prepare, start_clock
from closedloop.stack import SERVICES, Endpoints, ServiceSpec, Stack, StackSettings
from closedloop.verify import Clock, Verdict, check, terms
from schemas.facts import ComplaintClosed
from schemas.topics import SERVICES as NAMES
from tests.conftest import READ_EVERYTHING
from tests.e2e.people import decide

PACK = Path(__file__).with_name("trial.yaml")
REST_S = 300.0
"""After this even a slow machine has read, decided and said everything."""
BEGIN = datetime(2026, 9, 14, tzinfo=UTC)
OWN = {"KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": "", "CLOSEDLOOP_CLOCK": "record"} | READ_EVERYTHING


class Trial:
    """A stack of its own with people around it; `rate` is virtual seconds per real second."""

    def __init__(self, data: Path, rate: float, services: Iterable[ServiceSpec] = SERVICES) -> None:
        self._open, self._rate = ExitStack(), rate
        self.said: list[str] = []
        """What supervision tells of its processes, line by line."""
        settings = StackSettings(
            data=data, env=OWN, services=tuple(services), prepare=self.prepare, ready=self._set_clock
        )
        self.stack = Stack(settings)

    def __enter__(self) -> Trial:
        self._open.enter_context(self.stack)
        self.endpoints = self.stack.start(self.said.append)
        self.doors = {
            name: HttpCaller(url) for name, url in self.endpoints.http.items() if name.startswith("intake-http")
        }
        self.meet()
        return self

    def meet(self) -> None:
        """People and a reader of facts are there; they know nothing of a broker that was there before."""
        self.facts = self._open.enter_context(closing(Facts(self.endpoints.kafka)))
        self.departments = Departments(self.endpoints.kafka, self.clock, load(PACK).departments, Agenda(decide))
        self._open.callback(self.departments.stop)
        self.departments.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    @property
    def door(self) -> HttpCaller:
        """The first of those who take complaints over HTTP."""
        return self.doors["intake-http"]

    def submit(self, posts: Iterable[Post], door: str = "intake-http") -> Upstream:
        """Have upstream systems send these, each at its time."""
        upstream = Upstream(self.endpoints.kafka, self.clock, posts, self.doors[door])
        self._open.callback(upstream.stop)
        upstream.start()
        return upstream

    def closed(self) -> int:
        """How many complaints have ended, by the facts read so far."""
        self.facts.read(0.1)
        return len({fact.complaint_id for fact in self.facts.all if isinstance(fact, ComplaintClosed)})

    def until(self, reached: Callable[[], bool], within_s: float, *outsiders: Upstream) -> bool:
        """Look until it is so; False after `within_s` real seconds. Raises what ended anybody outside."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for outsider in (self.departments, *outsiders):
                outsider.check()
            if reached():
                return True
            # The processes that are looked at need the core more than the looking does.
            time.sleep(0.01)
        return False

    def come_to_rest(self, within_s: float = REST_S) -> None:
        """Wait until everything that was sent is read, decided and said, and nothing new comes of it."""
        with (
            closing(Lag(self.endpoints.kafka)) as lag,
            MongoClient[dict[str, object]](self.endpoints.mongodb) as mongodb,
        ):
            cases = [mongodb[f"closedloop_{service}"].cases for service in NAMES]

            def is_at_rest() -> bool:
                left = lag.look() or sum(c.count_documents({"unsaid.0": {"$exists": True}}) for c in cases)
                return not left and not self.facts.read(2.0)

            assert self.until(is_at_rest, within_s), f"{lag.look()} records are still unread, or something is unsaid"

    def verdict(self, bound_s: float, **more: object) -> Verdict:
        """The independent check of all that stands on the topics now."""
        clock = Clock.of(self.clock.as_json())
        accepted = set().union(*(door.accepted for door in self.doors.values()))
        return check(self.endpoints.kafka, terms(clock, bound_s=bound_s, accepted=accepted), **more)  # type: ignore[arg-type]

    def prepare(self, endpoints: Endpoints) -> None:
        """Topics and policies are on the broker."""
        prepare(endpoints.kafka, [str(PACK)])

    def _set_clock(self, endpoints: Endpoints) -> None:
        self.clock = start_clock(endpoints.mongodb, BEGIN, self._rate)
