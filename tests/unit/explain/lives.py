"""Lives whose dates come from somewhere: a pause, consent, a promise, another plan, an incident."""

from __future__ import annotations

from closedloop.explain.explanation import Dated
from schemas.policy import PolicyPack
from tests.builders import TOWN, Complaint, Town, hour, pack
from tests.cases import explained


def clock(complaint: Complaint, target: str, revision: int, cycle: int = 1) -> Dated:
    found = explained(complaint, target=target).targets
    return next(d for d in found if (d.cycle, d.revision) == (cycle, revision))


def at(hours: float, complaint: Complaint, department: str, reply: str, **fields: object) -> Complaint:
    """The complaint, after a department replied at that hour."""
    complaint.town.at(hours)
    complaint.reply(department, reply, **fields)
    return complaint


def patient(policy: PolicyPack = TOWN, **submission: object) -> Complaint:
    return Town(policy=policy).complaint("patient/leak", **submission)


def planned() -> Complaint:
    return patient()


def paused() -> Complaint:
    return at(20, patient(), "water", "waiting", reason="customer", note="nobody at home", handler="li")


def paused_again() -> Complaint:
    return at(80, paused(), "water", "waiting", reason="customer")


def resumed() -> Complaint:
    return at(50, paused(), "water", "resumed")


def returned_while_it_waits() -> Complaint:
    return at(30, paused(), "water", "returned", note="not ours")


def consented() -> Complaint:
    asks = {"until": hour(150).isoformat(), "note": "the street is open", "handler": "li"}
    return at(52, at(50, patient(), "water", "extension", **asks), "centre", "approved", handler="zhao")


def paused_by_consent() -> Complaint:
    asks = {"reason": "parts", "note": "the pump is being made", "handler": "li"}
    return at(25, at(20, patient(), "water", "waiting", **asks), "centre", "approved", handler="zhao")


def under_another_plan() -> Complaint:
    stricter = TOWN.plans["ordinary"].model_dump() | {"targets": {"accept": "10h", "answer": "80h"}}
    plans = {name: plan.model_dump() for name, plan in TOWN.plans.items()} | {"ordinary": stricter}
    assigns = {"assign_to": "power", "plan": "ordinary", "note": "it is urgent"}
    return at(6, patient(pack(plans=plans)), "centre", "assigned", **assigns)


def reported_again() -> Complaint:
    return at(30, patient(), "water", "progress", note="digging")


def to_be_called_again() -> Complaint:
    plans = {name: plan.model_dump() for name, plan in TOWN.plans.items()}
    plans["patient"]["targets"]["contact"] = {"every": "24h"}
    return at(1, patient(pack(plans=plans)), "water", "promised", until=hour(4).isoformat())


def promised() -> Complaint:
    return at(1, patient(), "water", "promised", until=hour(4).isoformat(), handler="li")


def promised_again() -> Complaint:
    return at(2, promised(), "water", "promised", until=hour(6).isoformat())


def ruled() -> Complaint:
    return at(3, patient(pack(arbitrated_after=1)), "water", "returned", note="not ours")


def an_incident() -> Complaint:
    return at(5, patient(), "centre", "incident", note="the road sinks")


def an_incident_that_is_over() -> Complaint:
    return at(7, an_incident(), "water", "answered", handler="li")


def held() -> Complaint:
    return at(90, patient(), "water", "holding", note="we ask the manufacturer", handler="li")


def visited() -> Complaint:
    complaint = patient()
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)
    return complaint


def reopened() -> Complaint:
    complaint = visited()
    complaint.visit("not_solved")
    return complaint
