"""Whatever people do, `closedloop verify` finds nothing wrong with what the services leave on the topics.

The checker states every rule again with code of its own; here both meet lives that nobody thought of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC

import bson
import pytest
from bson.codec_options import CodecOptions
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from closedloop.outsiders.rehearsal import log_of
from closedloop.verify import Clock, judge, terms
from closedloop.verify.judge import CHECKS
from schemas.policy import PolicyPack
from services.shared.database import stored
from tests.builders import SERVICES, hour, hours, pack
from tests.machine.policies import HOURS, POLICIES
from tests.story.unsteady import CATEGORIES, DEPARTMENTS, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

AGO = st.sampled_from([0, 0, 0.2, 0.5, 0.9, 1.5])
"""How long before its arrival something is said to have happened: the policy trusts an hour."""


def led() -> PolicyPack:
    """The town in which another department follows major incidents, and the second return is ruled on."""
    content = POLICIES[1].model_dump(mode="json", exclude={"hash"})
    content["incidents"]["manager"], content["arbitrated_after"] = "power", 2
    return pack(**content)


CASES = {service.name: service.case for service in SERVICES}
DATES: CodecOptions[stored.Raw] = CodecOptions(tz_aware=True, tzinfo=UTC)
JUDGED: Counter[str] = Counter()
"""What the checks looked at, by invariant."""


class AnyLife(RuleBasedStateMachine):
    """One complaint, and whatever people do about it."""

    @initialize(
        seed=st.integers(0, 2**32),
        policy=st.sampled_from([*POLICIES, led()]),
        category=st.sampled_from(CATEGORIES) | st.just("patient/pump"),
        affected=st.sampled_from([1, 1, 60]),
    )
    def begin(self, seed: int, policy: PolicyPack, category: str | None, affected: int) -> None:
        self.policy = policy
        self.town = UnsteadyTown(SERVICES, policy, seed)
        self.town.complaints.append(self.town.complaint(category, affected=affected))

    @rule(reply=st.sampled_from(REPLY_KINDS), ago=AGO, to=st.sampled_from(DEPARTMENTS))
    def the_owner_replies(self, reply: str, ago: float, to: str) -> None:
        self.town.replies(0, "owner", reply, ago=ago, to=to)

    @rule(department=st.sampled_from(DEPARTMENTS), reply=st.sampled_from(REPLY_KINDS), ago=AGO)
    def somebody_replies(self, department: str, reply: str, ago: float) -> None:
        self.town.replies(0, department, reply, ago=ago)

    @rule(script=st.sampled_from(SCRIPTS), ago=AGO, pause=st.sampled_from([0, 0.1, 0.3, 1, 10, 49]))
    def one_thing_follows_another(self, script: tuple[str, ...], ago: float, pause: float) -> None:
        for reply in script:
            self.town.replies(0, "owner", reply, ago=ago)
            self.town.passes(pause)

    @rule(outcome=st.sampled_from(OUTCOMES), to=st.sampled_from(DEPARTMENTS[:3]))
    def it_is_answered_and_visited(self, outcome: str, to: str) -> None:
        self.town.replies(0, "centre", "assigned", to=to)
        self.town.replies(0, "owner", "answered")
        self.town.until("VisitRequested")
        self.town.visits(0, outcome)

    @rule(outcome=st.sampled_from(OUTCOMES), attempt=st.sampled_from([0, 0, -1]))
    def somebody_visits(self, outcome: str, attempt: int) -> None:
        self.town.visits(0, outcome, attempt)

    @rule(pause=HOURS | st.sampled_from([0.1, 0.3]))
    def time_passes(self, pause: float) -> None:
        self.town.passes(pause)

    @rule(near=st.sampled_from([-0.2, -0.001, 0, 0.001, 0.2]), reply=st.sampled_from(REPLY_KINDS), ago=AGO)
    def somebody_replies_around_a_date(self, near: float, reply: str, ago: float) -> None:
        now = hours(self.town.world.now)
        ahead = [hours(t.due_at) for f in self.town.facts() for t in getattr(f, "targets", None) or ()]
        self.town.at(min((due + near for due in ahead if due + near > now), default=now))
        self.town.replies(0, "owner", reply, ago=ago)

    @rule(which=st.integers(0, 20), changed=st.booleans())
    def somebody_repeats(self, which: int, changed: bool) -> None:
        self.town.repeats(which, changed)

    @invariant()
    def what_is_stored_is_read_back_as_it_was(self) -> None:
        for (service, _), document in self.town.world.documents.items():
            raw = bson.decode(bson.encode(stored.written(document, None, hour(0))), DATES)
            assert stored.read(raw, CASES[service]) == replace(document, version=document.version + 1)

    def teardown(self) -> None:
        self.town.recover()
        now = hour(hours(self.town.world.now))
        verdict = judge(log_of(self.town.world, self.policy), terms(Clock(), now=now), may_be_empty=tuple(CHECKS))
        assert [(row.invariant, failure.why()) for row in verdict.rows for failure in row.failures] == []
        JUDGED.update({row.invariant: row.checked for row in verdict.rows})


def nothing_is_found(lives: int, always_the_same: bool = False) -> None:
    JUDGED.clear()
    given = settings(
        max_examples=lives,
        derandomize=always_the_same,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyLife, settings=given)
    print("\n" + ", ".join(f"{name} {count:,}" for name, count in JUDGED.items()))
    assert all(JUDGED[name] for name in set(CHECKS) - {"silent"}) and JUDGED["legal"] >= lives


def test_the_checker_finds_nothing_wrong_with_a_life_that_nobody_thought_of() -> None:
    nothing_is_found(300, always_the_same=True)


@pytest.mark.soak
def test_the_checker_finds_nothing_wrong_with_twenty_thousand_lives() -> None:
    nothing_is_found(20_000)
