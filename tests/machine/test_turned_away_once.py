"""What is turned away is turned away once: however often, from wherever and under whatever pack it is read again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from schemas.envelope import complaint_id, text_header
from schemas.topics import COMPLAINTS, DEAD_LETTERS, QUEUE, RECEIPTS, REPLIES, SUBMISSIONS, VISITS
from services.shared.loop.memory import World
from services.shared.machine.letters import about
from tests.builders import MONDAY, SERVICES, SOURCE, TOWN, book, pack
from tests.sampling import so_many

NAMES = st.sampled_from([service.name for service in SERVICES])
COMPLAINED = st.integers(1, 4).map(str)
GARBLED = st.sampled_from([b"", b"{", b"\xff", b'{"id": 1'])
EDGES = (SUBMISSIONS.of(SOURCE), REPLIES.of("water"), VISITS.of("visit-desk"))


class AnyReading(RuleBasedStateMachine):
    """Somebody sends what can be taken and what cannot; offsets are reset and documents are forgotten."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.world, self.sent, self.known = World(SERVICES, book(TOWN), MONDAY, Random(seed)), 0, 1

    def sends(self, topic: str, **body: Any) -> None:
        self.sent += 1
        value = {"id": f"s{self.sent}", **{name: field for name, field in body.items() if field is not None}}
        self.world.send(topic, json.dumps(value).encode())

    @rule(id=COMPLAINED, is_late=st.booleans())
    def somebody_complains(self, id: str, is_late: bool) -> None:
        """Late, and with a date that has passed: only a pack that trusts the stated time takes it."""
        now = self.world.now
        stated = {"stated_at": str(now - timedelta(hours=10)), "due_at": str(now - timedelta(hours=5))}
        self.sends(EDGES[0], id=id, subject="it leaks", category="water/leak", **(stated if is_late else {}))

    @rule(about=COMPLAINED, times=st.sampled_from([1, 1, 20]), reply=st.sampled_from(["accepted", "answered"]))
    def somebody_replies(self, about: str, times: int, reply: str) -> None:
        for _ in range(times):
            self.sends(EDGES[1], complaint_id=complaint_id(SOURCE, about), reply=reply, note="It is done.")

    @rule(about=COMPLAINED, times=st.sampled_from([1, 20]))
    def somebody_reports(self, about: str, times: int) -> None:
        for _ in range(times):
            body = {"complaint_id": complaint_id(SOURCE, about), "attempt": 1, "visitor": "wang", "outcome": "solved"}
            self.sends(EDGES[2], **body)

    @rule(topic=st.sampled_from([*EDGES, COMPLAINTS.name]), value=GARBLED)
    def somebody_sends_what_cannot_be_read(self, topic: str, value: bytes) -> None:
        self.world.send(topic, value)

    @rule(seconds=st.sampled_from([1, 30, 70, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.world.advance(self.world.now + timedelta(seconds=seconds))

    @rule(trust=st.sampled_from(["1h", "100h"]))
    def another_pack_comes_into_force(self, trust: str) -> None:
        """A submission that was refused under one pack would be taken under another."""
        new = pack(trust=trust)
        self.world.policies.learn(new.hash, new, self.known)
        self.known += 1

    @rule()
    def what_is_empty_is_removed(self) -> None:
        self.world.forget()

    @rule(name=NAMES, share=st.floats(0, 1))
    def a_service_reads_again(self, name: str, share: float) -> None:
        before = self.outcomes()
        self.world.read_again(name, int(share * len(self.world.log)))
        assert self.outcomes() == before

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.advance(self.world.now + timedelta(minutes=5))
            before = self.outcomes()
            self.world.forget()
            for service in SERVICES:
                self.world.read_again(service.name, 0)
            self.world.advance(self.world.now + timedelta(minutes=5))
            assert self.outcomes() == before

    def outcomes(self) -> Counter[Any]:
        """Every letter by its record, and every notice and receipt by its id: each stands once."""
        letters = [r for r in self.world.log if DEAD_LETTERS.member(r.topic) is not None]
        told = [r for r in self.world.log if QUEUE.member(r.topic) is not None or RECEIPTS.member(r.topic) is not None]
        found = Counter((r.topic, about(r.headers)) for r in letters if about(r.headers) is not None)
        found += Counter((r.topic, text_header(r.headers, "ce_id")) for r in told)
        assert set(found.values()) <= {1}, [what for what, times in found.items() if times > 1]
        return found


def test_a_record_is_turned_away_once_however_often_it_is_read() -> None:
    run_state_machine_as_test(
        AnyReading,
        settings=settings(
            max_examples=so_many(60, 400),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
