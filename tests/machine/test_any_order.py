"""Verdicts follow from the true times alone: however late, often and out of order escalation hears of what happened.

Intake, router and followup live through a history. Escalation hears the facts in any order that keeps each writer's
own, twice and late. Its timers fire by a clock that is set back now and then. In the end its facts are compared with
those of an oracle that saw everything in time.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schemas.envelope import read_fact, text_header
from schemas.facts import Fact, Rung
from schemas.policy import PolicyPack
from schemas.topics import COMPLAINTS
from services.escalation.service import SERVICE as ESCALATION
from services.followup.service import SERVICE as FOLLOWUP
from services.intake.service import SERVICE as INTAKE
from services.router.service import SERVICE as ROUTER
from services.shared.loop.memory import World
from services.shared.machine.letters import Origin
from services.shared.timing.clock import from_ms
from tests.builders import MONDAY, book, hour, hours
from tests.machine.policies import HOURS, POLICIES
from tests.story.oracle import verdicts_are_right
from tests.story.unsteady import CATEGORIES, DEPARTMENTS, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

SPEAKERS = (INTAKE, ROUTER, FOLLOWUP)


HISTORIES = {
    "heard": 0,
    "facts": 0,
    "verdicts": 0,
    "retractions": 0,
    "other rungs taken back": 0,
    "heard out of order": 0,
}


class AnyOrder(RuleBasedStateMachine):
    """One complaint, the services that speak of it, and escalation."""

    @initialize(
        seed=st.integers(0, 2**32),
        policy=st.sampled_from(POLICIES),
        category=st.sampled_from(CATEGORIES) | st.just("patient/pump"),
        promised=st.sampled_from([5.0, 60.0]),
    )
    def begin(self, seed: int, policy: PolicyPack, category: str | None, promised: float) -> None:
        self.policy, self.told = policy, list[Fact]()
        self.town = UnsteadyTown(SPEAKERS, policy, seed)
        self.town.complains(category, promised if category == "stated/promise" else None)
        self.watcher = World((ESCALATION,), book(policy), MONDAY, Random(seed))
        self.heard = {service.name: 0 for service in SPEAKERS}
        self.order: list[int] = []
        self.said: dict[str, list[tuple[int, Origin]]] = {service.name: [] for service in SPEAKERS}
        self.sorted = 0
        self.seen = 0
        self.hear("intake", 1)
        self.hear("router", 1)

    @rule(
        who=st.sampled_from(["owner", "owner", "owner", "centre"]),
        reply=st.sampled_from(REPLY_KINDS),
        ago=st.sampled_from([0, 0, 0.5, 1.5]),
        to=st.sampled_from(DEPARTMENTS),
    )
    def somebody_replies(self, who: str, reply: str, ago: float, to: str) -> None:
        self.town.replies(0, who, reply, ago=ago, to=to)

    @rule(script=st.sampled_from(SCRIPTS), pause=HOURS)
    def one_thing_follows_another(self, script: tuple[str, ...], pause: float) -> None:
        for reply in script:
            self.town.replies(0, "owner", reply)
            self.town.passes(pause)

    @rule(outcome=st.sampled_from(OUTCOMES), to=st.sampled_from(DEPARTMENTS[:3]))
    def it_is_answered_and_visited(self, outcome: str, to: str) -> None:
        self.town.replies(0, "centre", "assigned", to=to)
        self.town.replies(0, "owner", "answered")
        self.town.until("VisitRequested")
        self.town.visits(0, outcome)

    @rule(pause=HOURS)
    def time_passes(self, pause: float) -> None:
        self.town.passes(pause)

    @rule(
        near=st.sampled_from([-0.2, -0.001, 0, 0.001, 0.2]), reply=st.sampled_from(("answered", "waiting", "progress"))
    )
    def somebody_replies_around_a_date(self, near: float, reply: str) -> None:
        now = hours(self.town.world.now)
        ahead = [hours(t.due_at) for f in self.town.facts() for t in getattr(f, "targets", None) or ()]
        date = min((due + near for due in ahead if due + near > now), default=now)
        self.town.at(date)
        self.town.replies(0, "owner", reply)

    @rule(name=st.sampled_from([service.name for service in SPEAKERS]), most=st.integers(1, 4))
    def hear(self, name: str, most: int) -> None:
        """Escalation hears the next that one service said."""
        for position, record in self._said_by(name)[self.heard[name] :][:most]:
            self._hand_over(position, record)
            self.heard[name] += 1

    @rule(name=st.sampled_from([service.name for service in SPEAKERS]), back=st.integers(1, 5))
    def hear_again(self, name: str, back: int) -> None:
        for position, record in self._said_by(name)[: self.heard[name]][-back:][:1]:
            self._hand_over(position, record)

    @rule(back=st.sampled_from([0, 0, 0, 0.1, 2, 30]))
    def timers_fire(self, back: float) -> None:
        """By a clock that may have been set back, never forth: the poller asks the server before it fires."""
        self.watcher.now = max(MONDAY, hour(hours(self.town.world.now) - back))
        self.watcher.advance(self.watcher.now)

    @invariant()
    def nothing_is_told_early(self) -> None:
        for record in self.watcher.log[self.seen :]:
            fact = read_fact(record.headers, record.value)[0] if record.topic == COMPLAINTS.name else None
            if fact is not None and fact.said_by == "escalation":
                assert not isinstance(fact, Rung) or from_ms(record.timestamp_ms) >= fact.due_at
                self.told.append(fact)
        self.seen = len(self.watcher.log)

    def teardown(self) -> None:
        self.town.recover()
        while waiting := [n for n in self.heard if self.heard[n] < len(self._said_by(n))]:
            self.hear(self.town.world.random.choice(waiting), 1)
        self.timers_fire(0)
        self.nothing_is_told_early()
        document = next(iter(self.watcher.documents.values()))
        assert document.parked is None, document.parked
        verdicts_are_right([*self.town.facts(), *self.told], self.policy, self.town.world.now)
        self._count()

    def _said_by(self, name: str) -> list[tuple[int, Origin]]:
        log = self.town.world.log
        for position, record in enumerate(log[self.sorted :], start=self.sorted):
            if record.topic == COMPLAINTS.name:
                speaker = text_header(record.headers, "ce_source") or ""
                self.said[speaker.removeprefix("/closedloop/")].append((position, record))
        self.sorted = len(log)
        return self.said[name]

    def _hand_over(self, position: int, record: Origin) -> None:
        self.order.append(position)
        self.watcher.now = self.town.world.now
        self.watcher.log.append(record)
        self.watcher.settle()

    def _count(self) -> None:
        first = list(dict.fromkeys(self.order))
        kinds = [type(fact).__name__ for fact in self.told]
        HISTORIES["heard"] += 1
        HISTORIES["facts"] += len(first)
        HISTORIES["verdicts"] += sum(not isinstance(fact, Rung) for fact in self.told)
        HISTORIES["retractions"] += kinds.count("BreachRetracted")
        HISTORIES["other rungs taken back"] += kinds.count("RungsRetracted")
        HISTORIES["heard out of order"] += first != sorted(first)


def the_oracle_agrees(histories: int, always_the_same: bool = False) -> None:
    before = dict(HISTORIES)
    given = settings(
        max_examples=histories,
        derandomize=always_the_same,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyOrder, settings=given)
    seen: dict[str, Any] = {name: HISTORIES[name] - before[name] for name in HISTORIES}
    print("\n" + ", ".join(f"{name} {count:,}" for name, count in seen.items()) + ", mismatches 0")
    assert seen["heard"] >= histories and all(seen.values())


def test_verdicts_are_those_of_the_true_times_in_whatever_order_facts_are_heard() -> None:
    the_oracle_agrees(600, always_the_same=True)


@pytest.mark.soak
def test_verdicts_are_those_of_the_true_times_in_fifty_thousand_histories() -> None:
    the_oracle_agrees(50_000)
