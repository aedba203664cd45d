"""Lives whose dates come from somewhere: a pause, consent, a promise, another plan, an incident."""

from __future__ import annotations

from closedloop.explain.explanation import Dated
from schemas.policy import PolicyPack
from tests.builders import TOWN, Complaint, Town, hour, pack
from tests.cases import explained


def clock(complaint: Complaint, target: str, revision: int, cycle: int = 1) -> Dated:
    found = explained(complaint, target=target).targets
    return next(d for d in found if (d.cycle, d.revision) == (cycle, revision))


def patient(policy: PolicyPack = TOWN, **submission: object) -> Complaint:
    return Town(policy=policy).complaint("patient/leak", **submission)


def planned() -> Complaint:
    return patient()


def paused() -> Complaint:
    complaint = patient()
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="customer", note="nobody at home", handler="li")
    return complaint


def paused_again() -> Complaint:
    complaint = paused()
    complaint.town.at(80)
    complaint.reply("water", "waiting", reason="customer")
    return complaint


def resumed() -> Complaint:
    complaint = paused()
    complaint.town.at(50)
    complaint.reply("water", "resumed")
    return complaint


def returned_while_it_waits() -> Complaint:
    complaint = paused()
    complaint.town.at(30)
    complaint.reply("water", "returned", note="not ours")
    return complaint


def consented() -> Complaint:
    complaint = patient()
    complaint.town.at(50)
    complaint.reply("water", "extension", until=hour(150).isoformat(), note="the street is open", handler="li")
    complaint.town.at(52)
    complaint.reply("centre", "approved", handler="zhao")
    return complaint


def paused_by_consent() -> Complaint:
    complaint = patient()
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="parts", note="the pump is being made", handler="li")
    complaint.town.at(25)
    complaint.reply("centre", "approved", handler="zhao")
    return complaint


def under_another_plan() -> Complaint:
    stricter = TOWN.plans["ordinary"].model_dump() | {"targets": {"accept": "10h", "answer": "80h"}}
    plans = {name: plan.model_dump() for name, plan in TOWN.plans.items()} | {"ordinary": stricter}
    complaint = patient(pack(plans=plans))
    complaint.town.at(6)
    complaint.reply("centre", "assigned", assign_to="power", plan="ordinary", note="it is urgent")
    return complaint


def reported_again() -> Complaint:
    complaint = patient()
    complaint.town.at(30)
    complaint.reply("water", "progress", note="digging")
    return complaint


def promised() -> Complaint:
    complaint = patient()
    complaint.town.at(1)
    complaint.reply("water", "promised", until=hour(4).isoformat(), handler="li")
    return complaint


def promised_again() -> Complaint:
    complaint = promised()
    complaint.town.at(2)
    complaint.reply("water", "promised", until=hour(6).isoformat())
    return complaint


def ruled() -> Complaint:
    complaint = patient(pack(arbitrated_after=1))
    complaint.town.at(3)
    complaint.reply("water", "returned", note="not ours")
    return complaint


def an_incident() -> Complaint:
    complaint = patient()
    complaint.town.at(5)
    complaint.reply("centre", "incident", note="the road sinks")
    return complaint


def an_incident_that_is_over() -> Complaint:
    complaint = an_incident()
    complaint.town.at(7)
    complaint.reply("water", "answered", handler="li")
    return complaint


def held() -> Complaint:
    complaint = patient()
    complaint.town.at(90)
    complaint.reply("water", "holding", note="we ask the manufacturer", handler="li")
    return complaint


def visited() -> Complaint:
    complaint = patient()
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)
    return complaint


def reopened() -> Complaint:
    complaint = visited()
    complaint.visit("not_solved")
    return complaint
