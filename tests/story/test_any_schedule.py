"""Whatever people do, whenever services stop, lag, forget and read again: what must hold, holds."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from schemas.envelope import read_fact, text_header
from schemas.facts import (
    ComplaintClosed,
    Fact,
    Rung,
    VisitRequested,
)
from schemas.topics import COMPLAINTS
from services.shared.machine.letters import Origin
from services.shared.timing.clock import from_ms
from tests import forgotten
from tests.builders import SERVICES, TOWN
from tests.sampling import so_many
from tests.story.oracle import fates, verdicts_are_right
from tests.story.queue_client import Departments, agree
from tests.story.unsteady import CATEGORIES, DEPARTMENTS, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

NAMES = [service.name for service in SERVICES]
WHICH = st.integers(0, 2)
HOURS = st.sampled_from([0.25, 1, 4, 10, 25, 49, 100])


class AnySchedule(RuleBasedStateMachine):
    """Complaints, replies, visits, repeats, time and faults in any order."""

    @initialize(seed=st.integers(0, 2**32), lag=st.sampled_from([0, 5, 20]), category=st.sampled_from(CATEGORIES))
    def begin(self, seed: int, lag: int, category: str | None) -> None:
        self.town = UnsteadyTown(seed=seed)
        self.town.world.lag = lag
        self.departments = Departments()
        self.seen = 0
        self.ids: set[str] = set()
        self.last: dict[tuple[str, str], int] = {}
        self.rungs: set[tuple[Any, ...]] = set()
        self.town.complains(category)

    @precondition(lambda self: len(self.town.complaints) < 3)
    @rule(category=st.sampled_from(CATEGORIES), promised=st.none() | st.sampled_from([5.0, 60.0]))
    def complain(self, category: str | None, promised: float | None) -> None:
        self.town.complains(category, promised)

    @rule(
        which=WHICH,
        department=st.sampled_from(DEPARTMENTS),
        reply=st.sampled_from(REPLY_KINDS),
        cycle=st.sampled_from([0, 0, 0, -1, 1]),
        to=st.sampled_from(DEPARTMENTS),
    )
    def somebody_replies(self, which: int, department: str, reply: str, cycle: int, to: str) -> None:
        self.town.replies(which, department, reply, cycle=cycle, to=to)

    @rule(which=WHICH, reply=st.sampled_from(REPLY_KINDS), ago=st.sampled_from([0, 0.5, 1.5]))
    def the_owner_replies(self, which: int, reply: str, ago: float) -> None:
        self.town.replies(which, "owner", reply, ago=ago)

    @rule(which=WHICH, script=st.sampled_from(SCRIPTS), hours=HOURS)
    def the_owner_does_one_thing_after_another(self, which: int, script: tuple[str, ...], hours: float) -> None:
        for reply in script:
            self.town.replies(which, "owner", reply)
            self.town.passes(hours)

    @rule(which=WHICH, ago=st.sampled_from([0, 0.5, 1.5]))
    def the_owner_answers(self, which: int, ago: float) -> None:
        self.town.replies(which, "centre", "assigned")
        self.town.replies(which, "owner", "answered", ago=ago)

    @rule(which=WHICH)
    def the_owner_answers_at_the_very_deadline(self, which: int) -> None:
        self.town.until("DeadlineBreached")
        self.town.replies(which, "owner", "answered", ago=0.5)

    @rule(which=WHICH, outcome=st.sampled_from(OUTCOMES))
    def the_customer_is_visited_when_the_time_has_come(self, which: int, outcome: str) -> None:
        self.town.until("VisitRequested")
        self.town.visits(which, outcome)

    @rule(which=WHICH, outcome=st.sampled_from(["not_solved", "not_solved", "unreachable", "solved"]))
    def it_is_answered_and_visited(self, which: int, outcome: str) -> None:
        self.town.replies(which, "centre", "assigned", to="housing")
        self.town.replies(which, "owner", "answered")
        self.town.until("VisitRequested")
        self.town.visits(which, outcome)

    @rule(which=WHICH, outcome=st.sampled_from(OUTCOMES), attempt=st.sampled_from([0, -1, 1]))
    def somebody_visits(self, which: int, outcome: str, attempt: int) -> None:
        self.town.visits(which, outcome, attempt)

    @rule(which=st.integers(0, 20), changed=st.booleans())
    def repeat(self, which: int, changed: bool) -> None:
        self.town.repeats(which, changed)

    @rule(hours=HOURS)
    def wait(self, hours: float) -> None:
        self.town.passes(hours)

    @rule()
    def wait_for_the_next_timer(self) -> None:
        self.town.until_the_next_timer()

    @rule(name=st.sampled_from(NAMES), uncommitted=st.integers(0, 20))
    def crash(self, name: str, uncommitted: int) -> None:
        self.town.world.crash(name, uncommitted)

    @rule()
    def come_back(self) -> None:
        self.town.world.down.clear()
        self.town.world.settle()

    @rule(back=st.integers(1, 20))
    def a_record_stands_on_the_topic_twice(self, back: int) -> None:
        self.town.world.append_again(back)

    @invariant()
    def what_is_said_is_said_once_in_order_and_never_early(self) -> None:
        log = self.town.world.log
        for record in log[self.seen :]:
            if record.topic == COMPLAINTS.name:
                self._said(record)
        self.seen = len(log)

    @invariant()
    def the_last_word_on_each_order_is_what_router_stores(self) -> None:
        """What router has decided and not yet published is still in its document."""
        self.departments.read(self.town)
        for (service, _), document in self.town.world.documents.items():
            if service == "router":
                self.departments.hear(item.message for item in document.unsaid)
                agree(self.departments, self.town, document)

    def _said(self, record: Origin) -> None:
        fact, service, sequence = read_fact(record.headers, record.value)
        id, case = text_header(record.headers, "ce_id") or "", (fact.complaint_id, service)
        if id in self.ids:
            return
        self.ids.add(id)
        assert sequence > self.last.get(case, 0), f"{service} said {sequence} after {self.last.get(case)}"
        self.last[case] = sequence
        due = fact.due_at if isinstance(fact, Rung) else fact.opens_at if isinstance(fact, VisitRequested) else None
        if due is not None:
            assert from_ms(record.timestamp_ms) >= due, f"{type(fact).__name__} was early"
        if isinstance(fact, Rung):
            rung = (fact.complaint_id, fact.cycle, fact.target, fact.revision, fact.rung)
            assert rung not in self.rungs, f"{rung} was told twice"
            self.rungs.add(rung)

    def teardown(self) -> None:
        self.town.recover()
        self.what_is_said_is_said_once_in_order_and_never_early()
        facts = [read_fact(r.headers, r.value)[0] for r in first_of_each(self.town.on(COMPLAINTS.name))]
        nothing_is_stuck(self.town, facts)
        for complaint in self.town.complaints:
            told = [fact for fact in facts if fact.complaint_id == complaint.id]
            verdicts_are_right(told, TOWN, self.town.world.now)
        documents_are_the_fold_of_the_log(self.town, facts)
        reading_again_says_nothing_new(self.town)


def first_of_each(records: list[Origin]) -> list[Origin]:
    """Without those that stand on the topic again."""
    first: dict[str | None, Origin] = {}
    for record in records:
        first.setdefault(text_header(record.headers, "ce_id"), record)
    return list(first.values())


def nothing_is_stuck(town: UnsteadyTown, facts: list[Fact]) -> None:
    """Nothing is parked or unsaid; whoever has not ended waits for a timer or for somebody's deadline."""
    world = town.world
    forgotten.nothing(forgotten.stuck(world))
    due = world.next_due()
    assert due is None or due > world.now
    for complaint in town.complaints:
        told = [fact for fact in facts if fact.complaint_id == complaint.id]
        timers = [world._due(name, document) for (name, id), document in world.documents.items() if id == complaint.id]
        assert any(timers) or not told or may_be_silent(told), f"{complaint.id} waits for nothing"


def may_be_silent(told: list[Any]) -> bool:
    """Ended; or whoever has to act has been told all that the policy has to tell."""
    if any(isinstance(fact, ComplaintClosed) for fact in told):
        return True
    rungs = {(fact.cycle, fact.target, fact.revision, fact.rung) for fact in told if isinstance(fact, Rung)}
    running = [fate for fate in fates(told, TOWN).values() if fate.end == "open"]
    steps = ((fate, TOWN.ladder_of(fate.target.name, fate.plan)) for fate in running)
    return all(ladder.reminder is None and (*fate.key, len(ladder.steps)) in rungs for fate, ladder in steps)


def documents_are_the_fold_of_the_log(town: UnsteadyTown, facts: list[Fact]) -> None:
    """Every document's case is what the facts of the log alone make of it."""
    for (name, id), document in town.world.documents.items():
        evolve = next(service.evolve for service in SERVICES if service.name == name)
        mine = [fact for fact in facts if fact.complaint_id == id and type(fact) in evolve]
        case: Any = reduce(lambda known, fact: evolve[type(fact)](known, fact), mine, None)
        assert case == document.case, f"{name} remembers something else than the log"


def reading_again_says_nothing_new(town: UnsteadyTown) -> None:
    """Each service reads everything from the beginning: no message that has not stood there before."""
    before = said(town)
    for name in NAMES:
        town.world.read_again(name)
    town.world.settle()
    assert said(town) == before


def said(town: UnsteadyTown) -> set[tuple[str, str | None]]:
    return {(r.topic, text_header(r.headers, "ce_id")) for r in town.world.log if text_header(r.headers, "ce_source")}


TestAnySchedule = AnySchedule.TestCase
TestAnySchedule.settings = settings(
    max_examples=so_many(25, 200), stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
