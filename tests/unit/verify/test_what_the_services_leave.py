"""What the services themselves leave on the topics holds in every point: the checker and they read one contract."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

from closedloop.outsiders.rehearsal import log_of
from closedloop.verify import Clock, Verdict, judge, terms
from closedloop.verify.judge import CHECKS
from schemas.topics import REPLIES, SUBMISSIONS
from tests.builders import TOWN, Complaint, Town, hour, pack
from tests.policy import POLICY

REPORT = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")
OFFICE = {"version": "1", "zone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}


def verdict(town: Town, may_be_empty: Collection[str] = tuple(CHECKS)) -> Verdict:
    return judge(log_of(town.world, town.policy), terms(Clock(), now=town.world.now), may_be_empty=may_be_empty)


def failures(judged: Verdict) -> list[tuple[str, str]]:
    return [(row.invariant, failure.why()) for row in judged.rows for failure in row.failures]


def office_hours() -> Any:
    """The town's policy, counting in the hours of an office; the centre rules after two returns."""
    content = TOWN.model_dump(mode="json", exclude={"calendar", "calendars", "hash"})
    content["calendar"], content["calendars"] = "office", {"office": OFFICE}
    plan = content["plans"]["patient"]
    plan["targets"] = {
        "accept": {"working": "4h"},
        "acknowledge": "24h",
        "answer": {"working": "30h"},
        "contact": {"every": {"working": "20h"}},
        "progress": {"every": {"working": "12h"}},
        "total": "1000h",
    }
    plan["holding"]["meets"] = ["answer", "progress"]
    plan["pauses"]["customer"]["at_most"] = {"working": "12h"}
    plan["extension"] |= {"before": {"working": "2h"}, "at_most": {"working": "20h"}}
    content["ladders"]["standard"]["steps"].append(
        {"after": {"working": "40h"}, "level": 4, "role": "mayor", "queue": "centre", "action": "report"}
    )
    content["arbitrated_after"] = 2
    return pack(**content)


def in_days(**answer: Any) -> Any:
    """The town's policy, which promises days; on a ladder with cards before the date and at the next opening."""
    content = office_hours().model_dump(mode="json", exclude={"hash"})
    plan = content["plans"]["patient"]
    plan["targets"] = {
        "accept": {"working_days": 1, "cut_off": "16:00", "ends": "close"},
        "acknowledge": {"earlier_of": [{"working_days": 2}, "48h"]},
        "answer": {"working_days": 4, "ends": "close", **answer},
        "contact": {"every": {"working_days": 3}},
        "progress": {"every": {"days": 2}},
        "total": {"days": 40, "ends": "end_of_day", "closed_last_day": "next_open"},
    }
    plan["pauses"]["customer"]["at_most"] = {"working_days": 2}
    plan["extension"] |= {"before": {"working_days": 1}, "at_most": {"working_days": 3}}
    plan["holding"]["final_within"] = {"days": 12, "counted_from": "next_day", "closed_last_day": "next_open"}
    plan["visit"] |= {"opens_after": {"working_days": 1}, "due_after": {"working_days": 2, "ends": "close"}}
    rest = content["ladders"]["standard"]["steps"]
    card = {"level": 0, "role": "handler", "queue": "owner", "action": "warn"}
    above = [{**card, "at": "next_opening", "level": 4}, {**card, "after": {"working_days": 9}, "level": 4}]
    steps = [{**card, "before": {"working_days": 1}}, *(step for step in rest if step["at_percent"] == 100), *above]
    content["ladders"]["standard"] |= {"steps": steps, "reminder": {"every": {"working_days": 1}, "role": "centre"}}
    return pack(**content)


def waits_and_is_late(complaint: Complaint) -> None:
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="customer")
    complaint.town.at(43.5)
    complaint.reply("water", "resumed")
    complaint.town.at(60)
    complaint.reply("water", "waiting", reason="customer", until=hour(75).isoformat())
    complaint.town.at(300)
    complaint.reply("water", "progress", note="dug up")
    complaint.town.at(310)
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(340)
    complaint.visit("solved")


def moves_by_consent(complaint: Complaint) -> None:
    complaint.town.at(10)
    complaint.reply("water", "acknowledged")
    complaint.reply("water", "extension", until=hour(120).isoformat(), note="the street has to be opened")
    complaint.town.at(12)
    complaint.reply("centre", "approved")
    complaint.town.at(30)
    complaint.reply("water", "waiting", reason="parts", note="the pump is being made")
    complaint.town.at(33)
    complaint.reply("centre", "approved")
    complaint.town.at(50)
    complaint.reply("water", "progress", note="half of it is there")
    complaint.reply("water", "returned", note="not our pipe")
    complaint.reply("centre", "assigned", assign_to="power", plan="ordinary")
    complaint.town.at(60)
    complaint.reply("power", "returned", note="nor ours")
    complaint.reply("centre", "assigned", assign_to="water", plan="patient")
    complaint.town.at(70)
    complaint.reply("water", "holding", note="we have to ask the manufacturer")
    complaint.reply("water", "promised", until=hour(90).isoformat())
    complaint.town.at(91)
    complaint.reply("water", "contacted", stated_at=hour(90.5).isoformat())
    complaint.town.at(400)


def waits_from_before(complaint: Complaint) -> None:
    """From before the end of a wait that was none, and from before the cycle began."""
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="customer")
    complaint.reply("water", "resumed", stated_at=hour(19.9).isoformat())
    complaint.town.at(20.1)
    complaint.reply("water", "waiting", reason="customer", stated_at=hour(19.5).isoformat())
    complaint.town.at(21)
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(45)
    complaint.visit("not_solved")
    complaint.town.at(45.25)
    complaint.reply("water", "waiting", reason="customer", stated_at=hour(44.75).isoformat())
    complaint.town.at(50)
    complaint.reply("water", "resumed")


def is_refused_and_silent(complaint: Complaint) -> None:
    complaint.town.at(5)
    complaint.reply("water", "extension", until=hour(130).isoformat(), note="soon")
    complaint.town.at(30)
    complaint.reply("centre", "refused", note="use the bypass")
    complaint.town.at(400)


def is_an_incident(complaint: Complaint) -> None:
    complaint.reply("centre", "incident", note="it gets worse", incident={"place": "Mill Street"})
    complaint.town.at(9.9)
    complaint.reply("water", "progress", note="on site")
    complaint.town.at(40)
    complaint.reply("centre", "progress", note="closed the road")
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(64)
    complaint.visit("not_solved")
    complaint.town.at(70)
    complaint.reply("water", "incident", incident={"response": "evacuate"})
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(130)
    complaint.visit("solved")
    complaint.town.at(140)
    complaint.reply("water", "report", report=REPORT)


HAPPENINGS = (waits_and_is_late, moves_by_consent, waits_from_before, is_refused_and_silent, is_an_incident)


@pytest.mark.parametrize("happens", HAPPENINGS)
@pytest.mark.parametrize("policy", [TOWN, office_hours(), in_days()], ids=["town", "office hours", "days"])
def test_what_can_happen_to_dates_holds(happens: Callable[[Complaint], None], policy: Any) -> None:
    town = Town(policy=policy)
    happens(town.complaint("patient/pump"))

    judged = verdict(town)

    assert failures(judged) == []
    assert all(judged[name].checked for name in ("timely", "verdicts", "dates", "told"))


@pytest.mark.parametrize(
    "other", [{"working_days": 5}, {"ends": "end_of_day"}, {"cut_off": "00:00"}, {"counted_from": "next_day"}], ids=str
)
def test_a_date_in_days_that_is_not_the_packs_is_found(other: dict[str, Any]) -> None:
    town, promised = Town(policy=in_days()), in_days(**other)
    waits_and_is_late(town.complaint("patient/pump"))
    vars(promised)["hash"] = town.policy.hash

    judged = judge(log_of(town.world, promised), terms(Clock(), now=town.world.now), may_be_empty=tuple(CHECKS))

    assert [failure for failure in judged["dates"].failures if "answer" in failure.why()]


def test_the_rest_of_a_wait_that_a_target_did_not_sit_out_may_be_waited_for() -> None:
    plan = TOWN.plans["patient"].model_dump(mode="json")
    plan["targets"]["contact"] = "60h"
    plan["pauses"]["customer"]["targets"].append("contact")
    town = Town(policy=pack(plans={**POLICY["plans"], "patient": plan}))
    complaint = town.complaint("patient/pump")
    town.at(20)
    complaint.reply("water", "waiting", reason="customer")
    assert complaint.targets()["resume"] == 70
    town.at(30)
    complaint.reply("water", "contacted")
    complaint.reply("water", "resumed")
    town.at(70.2)

    complaint.reply("water", "waiting", reason="customer", id="again", stated_at=hour(69.75).isoformat())

    assert complaint.targets()["resume"] == 119.75
    assert failures(verdict(town)) == []


def test_the_stories_hold_something_of_everything() -> None:
    facts = set()
    for happens in HAPPENINGS:
        complaint = Town().complaint("patient/pump")
        happens(complaint)
        facts |= {type(fact).__name__ for fact in complaint.facts()}

    assert facts >= {
        *("ReceiptAcknowledged", "CallbackPromised", "HoldingReplySent", "WorkPaused", "WorkResumed"),
        *("ApprovalRequested", "ApprovalGranted", "ApprovalRefused", "IncidentDeclared", "IncidentReported"),
        *("DeadlineMet", "DeadlineMissed", "DeadlineMoved", "DeadlineCancelled", "ComplaintReopened"),
    }


@pytest.mark.parametrize("other", [{"source": "/app/2"}, {}], ids=["another machine", "a machine without a name"])
def test_one_id_with_two_contents_is_a_conflict_from_whichever_of_the_senders_machines(other: dict[str, str]) -> None:
    town = Town()

    town.sends(SUBMISSIONS.of("app"), {"subject": "it leaks", "category": "water/leak"}, id="7", source="/app/1")
    town.sends(SUBMISSIONS.of("app"), {"subject": "no power", "category": "power"}, id="7", **other)

    assert town.dead_letters("intake") == ["conflict"]
    assert failures(verdict(town)) == []


def test_departments_do_not_use_up_each_others_ids() -> None:
    complaint = Town().complaint()

    for department, reply in (("water", "accepted"), ("power", "progress")):
        body = {"complaint_id": complaint.id, "reply": reply, "note": reply}
        complaint.town.sends(REPLIES.of(department), body, id="7", source="/desk")

    assert complaint.town.dead_letters("router") == []
    assert failures(verdict(complaint.town)) == []
