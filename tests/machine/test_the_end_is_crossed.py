"""What a department says while the complaint is being closed or reopened: every crossing ends well, for every clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import Any

import pytest

from schemas.topics import COMPLAINTS, REPLIES, VISITS
from services.shared.loop.memory import World
from services.shared.machine.documents import Document
from tests.builders import Complaint, Town, book, hour
from tests.story.oracle import fates, verdicts_are_right

REPORT = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")
ENDS = ("DeadlineMet", "DeadlineMissed", "DeadlineMoved", "DeadlineCancelled")


Turn = tuple[str, bool]
"""A service, and whether it reads facts or what stands on the topics from outside: they have no order between them."""
TURNS: tuple[Turn, ...] = (("router", True), ("router", False), ("followup", True), ("followup", False))
ROUTER_FACTS, ROUTER_REPLIES, FOLLOWUP_FACTS, FOLLOWUP_VISITS = TURNS


@dataclass
class ChosenWorld(World):
    """Nobody reads anything until it is that service's turn, which the test decides."""

    held: bool = False
    taken: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """What a service has read out of turn."""

    def settle(self) -> None:
        if not self.held:
            super().settle()

    def turns(self, turns: Iterable[Turn]) -> None:
        """One after the other takes its turn, then everybody reads all there is."""
        self.held = True
        for turn in turns:
            self._turn(*turn)
        self.held = False
        self.settle()

    def _turn(self, name: str, facts: bool) -> None:
        """The service reads until something comes of it, or until it has read all there is."""
        before = self._of(name)
        for n in range(self._read[name], len(self.log)):
            if n not in self.taken[name] and (self.log[n].topic == COMPLAINTS.name) is facts:
                position, self._read[name] = self._read[name], n
                self._deliver(name)
                self._read[name] = position
                self.taken[name].add(n)
                if self._of(name) != before:
                    return

    def _deliver(self, name: str) -> None:
        if self._read[name] in self.taken[name]:
            self._read[name] += 1
        else:
            super()._deliver(name)

    def _of(self, name: str) -> list[Document]:
        return [document for (service, _), document in self.documents.items() if service == name]


@dataclass
class CrossingTown(Town):
    """A town in which the test decides who reads next."""

    world: ChosenWorld = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world = ChosenWorld(self.services, book(self.policy), self.world.now, self.world.random)

    def sends_unread(self, complaint: Complaint, hours: float, member: str, **body: Any) -> None:
        """Somebody sends this at that hour; nobody reads it yet."""
        self.world.held = True
        self.world.now = hour(hours)
        topic = VISITS.of(member) if "outcome" in body else REPLIES.of(member)
        self.sends(topic, {"complaint_id": complaint.id, "cycle": 1, **body})
        self.world.held = False


def answered() -> tuple[CrossingTown, Complaint]:
    """Answered at the beginning; from hour 24 on the desk visits."""
    town = CrossingTown()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered", handler="li")
    town.at(24)
    return town, complaint


DECLARED = {"member": "water", "reply": "incident", "note": "the road sinks", "id": "declared"}
SOLVED = {"member": "visit-desk", "outcome": "solved", "attempt": 1, "visitor": "wang"}
UNSOLVED = {**SOLVED, "outcome": "not_solved"}
REPORTED = {"member": "water", "reply": "report", "report": REPORT, "id": "reported"}


def every_clock_has_ended(complaint: Complaint) -> None:
    """Each clock that was ever begun has exactly one verdict, and it is the right one."""
    facts, now = complaint.facts(), complaint.town.world.now
    told = [(f.cycle, f.target, f.revision) for f in complaint.facts(*ENDS)]
    began = fates((f for f in facts if f.said_by != "escalation"), complaint.town.policy)
    assert sorted(told) == sorted(began)
    verdicts_are_right(facts, complaint.town.policy, now)


def test_a_declaration_that_crosses_the_end_holds_it_up_or_is_refused_or_lapses() -> None:
    seen = {crossing(turns, *sent) for turns in product(TURNS, repeat=3) for sent in permutations((DECLARED, SOLVED))}

    assert seen == {"held up", "refused", "lapsed"}


def crossing(turns: Iterable[Turn], *sent: dict[str, Any]) -> str:
    """What came of it when these were sent, one after the other, and read in that order."""
    town, complaint = answered()
    for n, body in enumerate(sent):
        town.sends_unread(complaint, 30 + n / 2, **body)

    town.world.turns(turns)

    facts = {"refused": "ReplyRefused", "lapsed": "PlanLapsed"}
    found = [name for name, kind in facts.items() if complaint.facts(kind)]
    if not complaint.facts("ComplaintClosed"):
        found.append("held up")
        complaint.reply("water", "report", report=REPORT)
    assert [fact.ending for fact in complaint.facts("ComplaintClosed")] == ["solved"]
    every_clock_has_ended(complaint)
    (outcome,) = found
    return outcome


def test_a_declaration_that_is_read_after_the_end_is_refused_and_told_both_moments() -> None:
    town, complaint = answered()
    town.sends_unread(complaint, 30, **DECLARED)
    town.sends_unread(complaint, 30.5, **SOLVED)

    town.world.turns((FOLLOWUP_VISITS, ROUTER_FACTS, ROUTER_FACTS))

    (refused,) = complaint.facts("ReplyRefused")
    assert refused.reason == "ended"
    assert hour(30).isoformat() in refused.detail and hour(30.5).isoformat() in refused.detail


def test_a_declaration_said_at_the_same_time_as_the_end_lapses_and_who_heard_of_it_hears_so() -> None:
    town, complaint = answered()
    town.sends_unread(complaint, 30, **DECLARED)
    town.sends_unread(complaint, 30.5, **SOLVED)

    town.world.turns((FOLLOWUP_VISITS, ROUTER_REPLIES))

    (lapsed,) = complaint.facts("PlanLapsed")
    assert (lapsed.lapsed, lapsed.at) == (("report",), hour(30.5))
    assert complaint.verdicts("report") == [(30.5, "DeadlineCancelled")]
    for queue in ("water", "centre"):
        assert [(o.state, o.detail[:5]) for o in town.queue(queue) if o.why == "lapsed"] == [("closed", "ended")]
    complaint.reply("water", "report", report=REPORT)
    assert complaint.refusals() == ["ended"]


def test_a_declaration_and_its_report_that_cross_the_end_leave_no_clock_open() -> None:
    for turns in product(TURNS, repeat=3):
        town, complaint = answered()
        town.sends_unread(complaint, 30, **DECLARED)
        town.sends_unread(complaint, 30.5, **SOLVED)
        town.sends_unread(complaint, 31, **REPORTED)

        town.world.turns(turns)

        assert len(complaint.facts("ComplaintClosed")) == 1
        every_clock_has_ended(complaint)


def test_a_declaration_that_crosses_the_reopening_goes_on_in_the_next_cycle_or_is_refused() -> None:
    for turns in product(TURNS, repeat=3):
        town, complaint = answered()
        town.sends_unread(complaint, 30, **DECLARED)
        town.sends_unread(complaint, 30.5, **UNSOLVED)

        town.world.turns(turns)

        declared = complaint.facts("IncidentDeclared")
        assert declared or complaint.refusals() == ["past_cycle"]
        assert ("update" in complaint.targets()) is bool(declared)
        assert "report" not in complaint.targets()
        verdicts_are_right(complaint.facts(), town.policy, town.world.now)


LATE = [
    pytest.param({"reply": "answered", "handler": "li", "note": "again"}, id="an answer"),
    pytest.param({"reply": "waiting", "reason": "customer"}, id="a pause"),
    pytest.param({"reply": "extension", "until": hour(130).isoformat(), "note": "parts"}, id="a request"),
    pytest.param({"reply": "approved", "member": "centre"}, id="consent"),
    pytest.param({"reply": "assigned", "assign_to": "power", "member": "centre"}, id="an assignment"),
    pytest.param({"reply": "returned", "note": "not ours"}, id="a return"),
    pytest.param({"reply": "progress"}, id="news"),
]


@pytest.mark.parametrize(
    "turns", [(ROUTER_REPLIES,), (FOLLOWUP_VISITS,), (FOLLOWUP_VISITS, ROUTER_FACTS, ROUTER_FACTS)]
)
@pytest.mark.parametrize("outcome", [SOLVED, UNSOLVED], ids=["the end", "the reopening"])
@pytest.mark.parametrize("said", LATE)
def test_whatever_else_is_said_of_a_cycle_as_it_ends_changes_nothing(
    said: dict[str, Any], outcome: dict[str, Any], turns: tuple[Turn, ...]
) -> None:
    town, complaint = answered()
    town.sends_unread(complaint, 30, **outcome)
    town.sends_unread(complaint, 30.5, **{"member": "water", **said})

    town.world.turns(turns)

    assert len(complaint.refusals()) == 1
    assert complaint.facts("PlanLapsed") == []
    verdicts_are_right(complaint.facts(), town.policy, town.world.now)


def test_where_nobody_visits_the_answer_is_the_end_for_whatever_arrives_after_it() -> None:
    for turns in product(TURNS, repeat=3):
        town = CrossingTown()
        complaint = town.complaint("power/outage")
        town.sends_unread(complaint, 30, member="power", reply="answered", note="-")
        town.sends_unread(complaint, 30.5, member="power", reply="incident", note="-")

        town.world.turns(turns)

        assert complaint.refusals() == ["ended"]
        every_clock_has_ended(complaint)
