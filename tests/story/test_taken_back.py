"""What was told and fell due only after its clock had stopped is taken back, all of it; what was true stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Complaint, Town, hour, hours, pack
from tests.policy import LADDERS, PLANS, URGED
from tests.story.unsteady import UnsteadyTown

CRITICISED = {"after": "1h", "level": 3, "role": "mayor", "queue": "centre", "action": "criticise"}
PEOPLE = {"chain": ["head", "mayor"], "offices": {"head": "chen", "mayor": "zhou"}}
NAMES = {"people": {"chen": {"zh": "陈", "en": "Chen"}, "zhou": {"zh": "周", "en": "Zhou"}}}


def criticised(**more: Any) -> Complaint:
    """To be answered within ten hours; an hour after that the mayor is told to criticise; two hours are trusted."""
    plans = {**PLANS, "plain": {"targets": {"answer": "10h"}, "ladder": "strict"}}
    ladders = {**LADDERS, "strict": {"steps": [URGED, CRITICISED]}}
    return Town(policy=pack(trust="2h", plans=plans, ladders=ladders, **more)).complaint("power/outage")


def taken_back(complaint: Complaint, target: str) -> list[tuple[float, str]]:
    """The rungs of a target that were taken back: when each was due, and what it asked for."""
    told = {(f.cycle, f.target, f.revision, f.rung): f for f in complaint.facts() if hasattr(f, "rung")}
    facts = [fact for fact in complaint.facts("BreachRetracted", "RungsRetracted") if fact.target == target]
    keys = [(f.cycle, f.target, f.revision, n) for f in facts for telling in f.taken_back for n in telling.rungs]
    return sorted((hours(told[key].due_at), told[key].action) for key in keys)


def stand(complaint: Complaint, target: str, cycle: int = 1, revision: int = 1) -> list[tuple[float, str]]:
    """The rungs of a target that stand: when each was due, and what it asked for."""
    told = [(at, action) for at, action, _, _ in complaint.rungs(target, cycle, revision)]
    return [rung for rung in told if rung not in taken_back(complaint, target)]


def test_a_step_that_fell_due_after_a_late_answer_is_taken_back_and_the_breach_stands() -> None:
    complaint = criticised()
    complaint.town.at(11.5)

    complaint.reply("power", "answered", stated_at=hour(10.5).isoformat())

    assert stand(complaint, "answer") == [(10, "urge")]
    assert taken_back(complaint, "answer") == [(11, "criticise")]
    assert complaint.verdicts("answer") == [(11.5, "DeadlineMissed")]
    (missed,) = complaint.facts("DeadlineMissed")
    assert missed.late_wall.total_seconds() == 1800


def test_who_was_told_of_it_hears_that_it_is_taken_back_and_nobody_else_does() -> None:
    complaint = criticised(**PEOPLE, **NAMES)
    complaint.town.at(11.5)

    complaint.reply("power", "answered", stated_at=hour(10.5).isoformat())

    (heard,) = [order for order in complaint.town.notices("centre") if order.why == "retracted"]
    assert "taken back: criticise" in heard.detail
    assert heard.copies == ("zhou",)
    assert [why for _, why, _ in complaint.orders("power") if why == "retracted"] == []


def test_a_step_that_fell_due_before_a_late_answer_stands_at_the_very_moment_too() -> None:
    complaint = criticised()
    complaint.town.at(11.5)

    complaint.reply("power", "answered", stated_at=hour(11).isoformat())

    assert taken_back(complaint, "answer") == []
    assert stand(complaint, "answer") == [(10, "urge"), (11, "criticise")]


def test_a_warning_that_fell_due_after_the_work_was_done_is_taken_back() -> None:
    complaint = Town().complaint("water/leak")
    complaint.town.at(7.6)

    complaint.reply("water", "accepted", stated_at=hour(7).isoformat())

    assert taken_back(complaint, "accept") == [(7.5, "warn")]
    assert complaint.verdicts("accept") == [(7.6, "DeadlineMet")]


def test_with_a_breach_its_later_steps_are_taken_back_and_the_warning_that_was_true_stands() -> None:
    complaint = Town(policy=pack(trust="unlimited")).complaint("water/leak")
    complaint.town.at(16)

    complaint.reply("water", "accepted", stated_at=hour(9).isoformat())

    assert stand(complaint, "accept") == [(7.5, "warn")]
    assert taken_back(complaint, "accept") == [(10, "urge"), (12.5, "supervise"), (15, "report")]


def test_with_a_breach_a_warning_that_was_never_true_is_taken_back_too() -> None:
    complaint = Town(policy=pack(trust="unlimited")).complaint("water/leak")
    complaint.town.at(11)

    complaint.reply("water", "accepted", stated_at=hour(7).isoformat())

    assert stand(complaint, "accept") == []
    assert taken_back(complaint, "accept") == [(7.5, "warn"), (10, "urge")]


def test_a_reminder_that_fell_due_after_the_end_is_taken_back() -> None:
    complaint = Town().complaint("water/leak")
    complaint.town.at(39.5)

    complaint.reply("water", "accepted", stated_at=hour(38.75).isoformat())

    assert taken_back(complaint, "accept") == [(39, "remind")]
    assert complaint.verdicts("accept") == [(39.5, "DeadlineMissed")]


@pytest.mark.parametrize("end", [14.99, 15, 39, 39.5, 63, 111.25, 159])
def test_of_many_reminders_those_after_the_end_are_taken_back_and_no_others(end: float) -> None:
    complaint = Town(policy=pack(trust="unlimited")).complaint("water/leak")
    complaint.town.at(160)
    told = [(at, action) for at, action, _, _ in complaint.rungs("accept")]

    complaint.reply("water", "accepted", stated_at=hour(end).isoformat())

    assert len(told) == 10
    assert taken_back(complaint, "accept") == [rung for rung in told if rung[0] > end]


def test_with_a_breach_every_reminder_is_taken_back() -> None:
    complaint = Town(policy=pack(trust="unlimited")).complaint("water/leak")
    complaint.town.at(160)

    complaint.reply("water", "accepted", stated_at=hour(9).isoformat())

    assert len(taken_back(complaint, "accept")) == 9
    (breach,) = [fact for fact in complaint.facts("BreachRetracted") if fact.target == "accept"]
    assert breach.rungs == tuple(range(1, 11))


@pytest.mark.parametrize("end", [14, 40, 90, 119.5, 130])
def test_reminders_told_to_several_people_are_taken_back_from_whoever_heard_each(end: float) -> None:
    """The mayor is away for two of them."""
    away = [{"starts_at": hour(37).isoformat(), "ends_at": hour(86).isoformat()}]
    mayor = {"zh": "周", "en": "Zhou", "deputy": "chen", "absent": away}
    people = {"people": {"chen": NAMES["people"]["chen"], "zhou": mayor}, **PEOPLE}
    plans = {**PLANS, "plain": {"targets": {"answer": "10h"}, "ladder": "strict"}}
    reminder = {"every": "24h", "role": "mayor"}
    ladders = {**LADDERS, "strict": {"steps": [URGED, CRITICISED], "reminder": reminder}}
    complaint = Town(policy=pack(trust="unlimited", plans=plans, ladders=ladders, **people)).complaint("power/outage")
    complaint.town.at(200)

    complaint.reply("power", "answered", stated_at=hour(end).isoformat())

    told = {f.rung: f for f in complaint.facts("DeadlineBreached", "ComplaintEscalated") if f.target == "answer"}
    heard = [f.person for f in told.values()]
    assert heard[2:6] == ["zhou", "chen", "chen", "zhou"] and len(told) > 8
    (fact,) = complaint.facts("RungsRetracted")
    assert {(n, telling.people) for telling in fact.taken_back for n in telling.rungs} == {
        (n, (f.person, *f.copies)) for n, f in told.items() if hours(f.due_at) > end
    }


def asked(complaint: Complaint) -> None:
    """Consent is wanted within eight hours; the mayor hears at hour twelve that there is none."""
    complaint.reply("water", "extension", until=hour(130).isoformat(), note="parts")
    complaint.town.at(12.5)
    complaint.reply("centre", "approved", stated_at=hour(11.75).isoformat())


def declared(complaint: Complaint) -> None:
    """News of an incident is wanted after two hours."""
    complaint.reply("water", "incident", note="the road sinks")
    complaint.town.at(2.5)
    complaint.reply("water", "progress", stated_at=hour(1.75).isoformat())


def reported(complaint: Complaint) -> None:
    """The report is wanted within 48 hours."""
    complaint.reply("water", "incident", note="the road sinks")
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(48.5)
    texts = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")
    complaint.reply("water", "report", report=texts, stated_at=hour(47.75).isoformat())


def resumed(complaint: Complaint) -> None:
    """The work waits until hour 50 at most."""
    complaint.reply("water", "waiting", reason="customer")
    complaint.town.at(50.5)
    complaint.reply("water", "resumed", stated_at=hour(49.75).isoformat())


def returned(complaint: Complaint) -> None:
    """Progress is due at hour 40, a warning of it at hour 30."""
    complaint.town.at(30.5)
    complaint.reply("water", "returned", note="not ours", stated_at=hour(29.75).isoformat())


def paused(complaint: Complaint) -> None:
    """The answer is due at hour 100, a warning of it at hour 75."""
    complaint.town.at(75.5)
    complaint.reply("water", "waiting", reason="customer", stated_at=hour(74.75).isoformat())


def assigned(complaint: Complaint) -> None:
    """Returned, it has to be assigned within four hours; it is, but router is down and hears so later."""
    town = complaint.town
    assert isinstance(town, UnsteadyTown)
    complaint.reply("water", "returned", note="not ours")
    town.at(3.5)
    town.world.crash("router", uncommitted=0)
    complaint.reply("centre", "assigned", assign_to="power", plan="thorough")
    town.at(4.5)
    town.recover()


def visited(complaint: Complaint) -> None:
    """The visit is due at hour 48, a warning of it at hour 42; the desk reports, but followup is down."""
    town = complaint.town
    assert isinstance(town, UnsteadyTown)
    complaint.reply("water", "answered", handler="li")
    town.at(41)
    town.world.crash("followup", uncommitted=0)
    complaint.visit("unreachable")
    town.at(43)
    town.recover()


@pytest.mark.parametrize(
    ("happens", "target", "wrong"),
    [
        pytest.param(asked, "approve", [(12, "report")], id="consent to another date"),
        pytest.param(declared, "update", [(2, "urge")], id="news of an incident"),
        pytest.param(reported, "report", [(48, "urge")], id="the report of an incident"),
        pytest.param(resumed, "resume", [(50, "urge")], id="a pause that had ended before its cap"),
        pytest.param(returned, "progress", [(30, "warn")], id="a return takes the target away"),
        pytest.param(paused, "answer", [(75, "warn")], id="a pause moves the date"),
        pytest.param(assigned, "assign", [(4, "urge")], id="an assignment that router heard of late"),
        pytest.param(visited, "visit", [(42, "warn")], id="a visit that followup heard of late"),
    ],
)
def test_whatever_kind_of_target_it_is_what_fell_due_after_its_end_is_taken_back(
    happens: Callable[[Complaint], None], target: str, wrong: list[tuple[float, str]]
) -> None:
    complaint = UnsteadyTown().complaint("patient/pump")

    happens(complaint)

    assert taken_back(complaint, target) == wrong
