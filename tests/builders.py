"""Small builders with which tests tell a history: a town with round numbers, its complaints, and hours that pass.

The town's plans count in hours from Monday 00:00 UTC. Under `ordinary` a complaint is to be accepted within 10 h and
answered within 100 h. So the rung at 75 % of an answer's time stands at hour 75.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from schemas.edges import Notice, Receipt, WorkOrder
from schemas.envelope import Unreadable, complaint_id, read_fact, text_header, type_of
from schemas.facts import PLOT, Fact
from schemas.policy import PolicyPack
from schemas.topics import COMPLAINTS, DEAD_LETTERS, QUEUE, RECEIPTS, REPLIES, SUBMISSIONS, VISITS
from services.escalation.service import SERVICE as ESCALATION
from services.followup.service import SERVICE as FOLLOWUP
from services.intake.service import SERVICE as INTAKE
from services.router.service import SERVICE as ROUTER
from services.shared.loop.memory import World
from services.shared.machine.documents import Document, Due, Rule
from services.shared.machine.letters import Origin
from services.shared.machine.policies import PolicyBook
from services.shared.machine.table import Service
from tests.policy import INCIDENTS, LADDERS, POLICY

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)
SERVICES = (INTAKE, ROUTER, ESCALATION, FOLLOWUP)
SOURCE = "app"


def hour(hours: float) -> datetime:
    """The moment that many hours after the beginning, in whole milliseconds."""
    return MONDAY + timedelta(milliseconds=round(hours * 3_600_000))


def hours(moment: datetime) -> float:
    """How many hours after the beginning a moment is; whole numbers where they are whole."""
    return round((moment - MONDAY) / timedelta(hours=1), 6)


def pack(**changes: Any) -> PolicyPack:
    """The town's policy: every number is round, so that hours can be read off; incidents keep their ladder."""
    if "ladders" in changes:
        changes["ladders"] = {INCIDENTS["ladder"]: LADDERS[INCIDENTS["ladder"]], **changes["ladders"]}
    return PolicyPack.model_validate(POLICY | changes)


TOWN = pack()


def book(*packs: PolicyPack) -> PolicyBook:
    """A book that knows these packs, the last one being the newest."""
    known = PolicyBook()
    for order, one in enumerate(packs or (TOWN,)):
        known.learn(one.hash, one, order)
    return known


@dataclass
class Town:
    """All four services in memory, from Monday 00:00 on; `seed` decides whose turn it is."""

    services: Iterable[Service] = SERVICES
    policy: PolicyPack = TOWN
    seed: int = 0
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.services, book(self.policy), MONDAY, Random(self.seed))
        self._complaints = 0
        self._facts: list[Fact] = []
        self._read = 0

    def at(self, hours: float) -> None:
        """Time passes until that many hours after the beginning."""
        self.world.advance(hour(hours))

    def nobody_looks_until(self, hours: float) -> None:
        """All processes are down until then: whatever fell due meanwhile is late."""
        self.world.now = hour(hours)
        self.at(hours)

    def complaint(self, category: str | None = "water/leak", **submission: Any) -> Complaint:
        """Somebody complains over the app."""
        self._complaints += 1
        body = {"id": str(self._complaints), "subject": "it leaks", "category": category, **submission}
        self.submits(body)
        return Complaint(self, complaint_id(SOURCE, body["id"]))

    def submits(self, body: dict[str, Any] | bytes, source: str = SOURCE, **headers: str) -> None:
        """An upstream system sends this; the headers are its CloudEvents attributes."""
        self.sends(SUBMISSIONS.of(source), body, **headers)

    def sends(self, topic: str, body: dict[str, Any] | bytes, **headers: str) -> None:
        """Somebody outside sends this to a topic."""
        value = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.world.send(topic, value, headers=[(f"ce_{name}", text.encode()) for name, text in headers.items()])

    def facts(self) -> list[Fact]:
        """What was said, in order; what cannot be read is no fact."""
        for record in self.world.log[self._read :]:
            with suppress(Unreadable):
                self._facts += [read_fact(record.headers, record.value)[0]] if record.topic == COMPLAINTS.name else []
        self._read = len(self.world.log)
        return self._facts

    def on(self, topic: str) -> list[Origin]:
        """The records of a topic, in order."""
        return [record for record in self.world.log if record.topic == topic]

    def reads_again(self, service: str) -> None:
        """A service reads everything from the beginning."""
        self.world._read[service] = 0
        self.world.settle()

    def mend(self, service: Service) -> None:
        """A new version of a service takes the place of the old one."""
        self.world._by_name = {**self.world._by_name, service.name: service}

    def receipts(self, source: str = SOURCE) -> list[Receipt]:
        """What an upstream system has been told."""
        return [Receipt.model_validate_json(r.value or b"") for r in self.on(RECEIPTS.of(source))]

    def queue(self, department: str) -> list[WorkOrder]:
        """The orders on a department's queue, whichever complaint they are about."""
        return [WorkOrder.model_validate_json(r.value or b"") for r in self._told(department, WorkOrder)]

    def notices(self, department: str) -> list[Notice]:
        """The notices of a department, about any complaint."""
        return [Notice.model_validate_json(r.value or b"") for r in self._told(department, Notice)]

    def _told(self, department: str, model: type[Notice | WorkOrder]) -> list[Origin]:
        return [r for r in self.on(QUEUE.of(department)) if text_header(r.headers, "ce_type") == type_of(model)]

    def dead_letters(self, service: str) -> list[str]:
        """The reasons of a service's dead letters, in order."""
        return [dict(r.headers)["dlq-reason"].decode() for r in self.on(DEAD_LETTERS.of(service))]


@dataclass(frozen=True)
class Complaint:
    """One complaint of a town, and what is done about it."""

    town: Town
    id: str

    def reply(self, department: str, reply: str = "", /, **fields: Any) -> None:
        """A department replies; without `cycle` it means the current one, and an answer has some words."""
        answer = {"note": "it is mended"} if reply == "answered" else {}
        body = {"complaint_id": self.id, "cycle": self.cycle, "reply": reply, **answer, **fields}
        self.town.sends(REPLIES.of(department), body)

    def visit(self, outcome: str, desk: str = "visit-desk", **fields: Any) -> None:
        """A desk reports on the visit that was asked for last."""
        asked = self.facts("VisitRequested")
        attempt = asked[-1].attempt if asked else 1
        body = {"complaint_id": self.id, "cycle": self.cycle, "attempt": attempt, "visitor": "wang"}
        self.town.sends(VISITS.of(desk), body | {"outcome": outcome} | fields)

    @property
    def cycle(self) -> int:
        """The cycle in which the complaint is."""
        return max((fact.cycle for fact in self.facts()), default=1)

    @property
    def plot(self) -> list[tuple[float, str]]:
        """The facts and their hours; facts of the same hour stand in the order of `schemas.facts.PLOT`."""
        told = sorted(self.facts(), key=lambda fact: (fact.at, PLOT.index(type(fact))))
        return [(hours(fact.at), type(fact).__name__) for fact in told]

    def facts(self, *names: str) -> list[Any]:
        """What was said about it, in order; only facts of these names where any are given."""
        said = (fact for fact in self.town.facts() if fact.complaint_id == self.id)
        return [fact for fact in said if not names or type(fact).__name__ in names]

    def targets(self) -> dict[str, float]:
        """The plan as it was last said: by which hour each target is due."""
        plans = [fact.targets for fact in self.facts() if getattr(fact, "targets", None) is not None]
        return {target.name: hours(target.due_at) for target in plans[-1]}

    def refusals(self) -> list[str]:
        """Why replies did not count, in order."""
        return [fact.reason for fact in self.facts("ReplyRefused")]

    def verdicts(self, target: str) -> list[tuple[float, str]]:
        """How the clocks of a target ended: at which hour, and how."""
        kinds = ("DeadlineMet", "DeadlineMissed", "DeadlineMoved", "DeadlineCancelled", "BreachRetracted")
        return [(hours(f.at), type(f).__name__) for f in self.facts(*kinds) if f.target == target]

    def rungs(self, target: str, cycle: int = 1, revision: int = 1) -> list[tuple[float, str, str, int]]:
        """The rungs told about one target: hour, action, queue and level."""
        return [
            (hours(f.at), f.action, f.queue, f.level)
            for f in self.facts("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
            if (f.target, f.cycle, f.revision) == (target, cycle, revision)
        ]

    def orders(self, queue: str) -> list[tuple[float, str, str]]:
        """The orders about it on a queue: hour, reason and state."""
        orders = [order for order in self.town.queue(queue) if order.complaint_id == self.id]
        return [(hours(order.at), order.why, order.state) for order in orders]

    def notices(self, queue: str) -> list[tuple[float, str]]:
        """The notices about it on a queue: hour and reason."""
        return [(hours(told.at), told.why) for told in self.town.notices(queue) if told.complaint_id == self.id]

    def stands(self, queue: str) -> dict[str, str]:
        """How each order about it stands on a queue, by the last message of each."""
        orders = [order for order in self.town.queue(queue) if order.complaint_id == self.id]
        return {(order.order_id or "").removeprefix(f"{self.id}/"): order.state for order in orders}

    def document(self, service: str) -> Document:
        """What a service stores of it."""
        return self.town.world.documents[service, self.id]


def poisoned(service: Service, input: type[Any], when: Callable[[Any], bool] = lambda body: True) -> Service:
    """The service with a bug in its rule for this input, met only by bodies of which `when` is true."""
    sound = service.hears[input]

    def rule(case: Any, given: Any, policy: PolicyPack) -> Iterable[Fact]:
        if when(given.body):
            raise RuntimeError("a bug")
        return sound(case, given, policy)

    return deciding(service, input, rule)


def deciding(service: Service, heard: type[Any], rule: Rule) -> Service:
    """The service with another rule for what it hears."""
    if heard is Due:
        return replace(service, on_due=rule)
    return replace(
        service,
        facts=tuple(replace(on, decide=rule) if on.fact is heard else on for on in service.facts),
        edges=tuple(replace(edge, decide=rule) if edge.model is heard else edge for edge in service.edges),
    )
