"""Subjects that tell each other things, in steps, under any schedule: nothing is lost, doubled or out of order.

Processes die at any point, read again and send copies. Documents are lost and made again from the log.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from schemas import envelope
from schemas.base import ToAnother
from schemas.envelope import complaint_id, read_fact, text_header
from schemas.facts import ComplaintAnswered, ComplaintReceived, Fact
from schemas.topics import COMPLAINTS
from services.shared.machine.documents import Document
from services.shared.machine.saying import MOST_TO_OTHERS, bytes_to_say
from tests import matters
from tests.builders import TOWN, book, hour
from tests.sampling import so_many
from tests.story.remade import made_again
from tests.story.unsteady import UnsteadyWorld

AREAS = ("north", "south")


@dataclass
class Place:
    """What `made_again` asks for."""

    world: UnsteadyWorld


class BetweenSubjects(RuleBasedStateMachine):
    """Complaints come and are answered while one service, with both tables, fails in every way it can."""

    @initialize(seed=st.integers(0, 2**16), lag=st.sampled_from([0, 3, 20]))
    def begins(self, seed: int, lag: int) -> None:
        self.known = matters.known()
        self.known.__enter__()
        self.world = UnsteadyWorld((matters.SERVICE,), book(TOWN), hour(0), Random(seed))
        self.world.lag = lag
        self.ids, self.area, self.answered, self.numbers = list[str](), dict[str, str](), set[str](), count(1)

    def teardown(self) -> None:
        if hasattr(self, "known"):
            try:
                self.recovers()
                self.everybody_has_heard()
            finally:
                self.known.__exit__(None, None, None)

    @rule(area=st.sampled_from(AREAS), many=st.integers(1, 5))
    def come(self, area: str, many: int) -> None:
        for number in (next(self.numbers) for _ in range(many)):
            id, at = complaint_id("app", str(number)), self.world.now
            self.ids.append(id)
            self.area[id] = area
            texts = {"reference": "R", "source": "app", "source_id": "1", "subject": "s", "text": "t"}
            rest = {"channel": "app", "language": "en", "customer_ref": "c", "policy": TOWN.hash, "area": area}
            self.says("intake", ComplaintReceived(complaint_id=id, at=at, received_at=at, **texts, **rest))

    @rule(which=st.integers(0, 99))
    def is_answered(self, which: int) -> None:
        if self.ids:
            id = self.ids[which % len(self.ids)]
            self.answered.add(id)
            done = {"department": "water", "judged_at": self.world.now, "plan": "ordinary", "policy": TOWN.hash}
            self.says("router", ComplaintAnswered(complaint_id=id, at=self.world.now, **done))

    def says(self, service: str, fact: Fact) -> None:
        sent = {"topic": COMPLAINTS.name, "subject": fact.complaint_id, "service": service, "at": fact.at}
        sequence = {"intake": 1, "router": 1 + next(self.numbers)}[service]
        self.world._append(envelope.encode(fact, sequence=sequence, cause="somebody", **sent))
        self.world.settle()

    @rule(hours=st.sampled_from([0.0, 0.1, 5.0]))
    def time_passes(self, hours: float) -> None:
        self.world.advance(self.world.now + (hour(hours) - hour(0)))

    @rule(uncommitted=st.integers(0, 9))
    def dies(self, uncommitted: int) -> None:
        self.world.crash(matters.NAME, uncommitted)

    @rule()
    def goes_on(self) -> None:
        self.world.down.clear()
        self.world.settle()

    @rule(back=st.integers(1, 30))
    def a_copy_is_sent(self, back: int) -> None:
        self.world.append_again(back)
        self.world.settle()

    @rule()
    def everything_is_read_again(self) -> None:
        self.world.read_again(matters.NAME)
        self.world.settle()

    @rule()
    def all_documents_are_lost_and_made_again(self) -> None:
        made = made_again(Place(self.world), matters.SERVICE)  # type: ignore[arg-type]
        self.world.documents.clear()
        self.world._sent.clear()
        self.world._read[matters.NAME] = len(self.world.log)
        for id, document in made.items():
            self.world._save(matters.NAME, replace(document, id=id))
        self.world.settle()

    @invariant()
    def no_write_outgrows_its_bounds(self) -> None:
        for document in self.documents().values():
            assert document.parked is None, document.parked.reason
            assert bytes_to_say(document) <= 2 * MOST_TO_OTHERS

    def recovers(self) -> None:
        self.world.down.clear()
        self.world.lag = 0
        while True:
            before = len(self.world.log)
            self.world.settle()
            self.world.advance(self.world.now + (hour(1) - hour(0)))
            if len(self.world.log) == before:
                return

    def documents(self) -> dict[str, Document]:
        return {id: document for (_, id), document in self.world.documents.items()} if hasattr(self, "world") else {}

    def everybody_has_heard(self) -> None:
        documents = self.documents()
        assert all(document.parked is None and not document.unsaid for document in documents.values())
        for area in {*self.area.values()}:
            matter = documents[matters.KIND + area].case
            ours = sorted(id for id, theirs in self.area.items() if theirs == area)
            assert sorted(matter.members) == ours
            is_answered = not self.answered.isdisjoint(ours)
            assert (matter.answered_at is not None, matter.told) == (is_answered, len(ours) if is_answered else 0)
            for id in ours:
                assert documents[id].case.heard == ((matter.members.index(id) + 1,) if is_answered else ())
        assert all(len(contents) == 1 for contents in self.said_to_others().values())
        for numbers in self.firsts().values():
            assert numbers == sorted(numbers)

    def said_to_others(self) -> dict[tuple[str, int], set[Any]]:
        found = defaultdict[tuple[str, int], set[Any]](set)
        for sender, _, message in self.to_others():
            found[sender, message.number].add(message)
        return found

    def firsts(self) -> dict[tuple[str, str], list[int]]:
        """By sender and receiver the numbers in the order in which they were first appended."""
        found = defaultdict[tuple[str, str], list[int]](list)
        for sender, receiver, message in self.to_others():
            if message.number not in found[sender, receiver]:
                found[sender, receiver].append(message.number)
        return found

    def to_others(self) -> list[tuple[str, str, ToAnother]]:
        read = ((record, read_fact(record.headers, record.value)[0]) for record in self.world.log)
        return [
            (text_header(record.headers, "ce_subject") or "", (record.key or b"").decode(), said)
            for record, said in read
            if isinstance(said, ToAnother)
        ]


TestBetweenSubjects = BetweenSubjects.TestCase
TestBetweenSubjects.settings = settings(max_examples=so_many(60, 1_000), stateful_step_count=30, deadline=None)
