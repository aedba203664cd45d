"""Illegal replies as tables: reason, state of the complaint, sender and reply; with the tales that lead there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.builders import Complaint, Town, hour, pack

Tale = Callable[[], Complaint]


def routed(category: str = "water/leak") -> Complaint:
    town = Town()
    complaint = town.complaint(category)
    town.at(1)
    return complaint


def unroutable() -> Complaint:
    return routed("other/strange")


def answered() -> Complaint:
    complaint = routed()
    complaint.reply("water", "answered", handler="li")
    return complaint


def visiting() -> Complaint:
    complaint = answered()
    complaint.town.at(25)
    return complaint


def in_second_attempt() -> Complaint:
    complaint = visiting()
    complaint.visit("unreachable")
    complaint.town.at(49)
    return complaint


def reopened() -> Complaint:
    complaint = visiting()
    complaint.visit("not_solved")
    return complaint


def closed() -> Complaint:
    complaint = visiting()
    complaint.visit("solved")
    return complaint


def patient(at: float = 1) -> Complaint:
    complaint = routed("patient/leak")
    complaint.town.at(at)
    return complaint


def waiting() -> Complaint:
    return after(patient(), ("water", {"reply": "waiting", "reason": "customer"}))


def resumed() -> Complaint:
    return after(waiting(), ("water", {"reply": "resumed"}))


def waited_twice() -> Complaint:
    replies = ({"reply": "waiting", "reason": "customer", "id": "2"}, {"reply": "resumed", "id": "3"})
    return after(resumed(), *(("water", reply) for reply in replies))


def asked() -> Complaint:
    return after(patient(), ("water", {"reply": "extension", "until": LATER, "note": "frost", "id": "first"}))


def asked_and_breached() -> Complaint:
    complaint = asked()
    complaint.town.at(101)
    return complaint


def granted() -> Complaint:
    return after(asked(), ("centre", {"reply": "approved", "id": "yes"}))


def breached() -> Complaint:
    return patient(101)


def held() -> Complaint:
    return after(patient(), ("water", {"reply": "holding", "note": "we ask the maker", "id": "first"}))


def arbitrated() -> Complaint:
    complaint = Town(policy=pack(arbitrated_after=2)).complaint("water/leak")
    there_and_back = (
        ("water", {"reply": "returned", "note": "not ours"}),
        ("centre", {"reply": "assigned", "assign_to": "power"}),
        ("power", {"reply": "returned", "note": "nor ours"}),
        ("centre", {"reply": "assigned", "assign_to": "power", "note": "it is", "id": "ruling"}),
    )
    return after(complaint, *there_and_back)


def without_incidents() -> Complaint:
    return Town(policy=pack(incidents=None)).complaint("water/leak")


def incident() -> Complaint:
    return after(routed(), ("water", {"reply": "incident", "note": "the road sinks"}))


def reported() -> Complaint:
    return after(incident(), ("water", {"reply": "report", "report": REPORT, "id": "first"}))


def after(complaint: Complaint, *replies: tuple[str, dict[str, Any]]) -> Complaint:
    for department, reply in replies:
        complaint.reply(department, reply["reply"], **{name: value for name, value in reply.items() if name != "reply"})
    assert complaint.refusals() == []
    return complaint


LATER = hour(150).isoformat()
REPORT = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")

REFUSED_REPLIES: list[tuple[str, Tale, str, dict[str, Any]]] = [
    ("not_your_topic", routed, "power", {"reply": "accepted", "department": "water"}),
    ("ended", closed, "water", {"reply": "progress"}),
    ("past_cycle", reopened, "water", {"reply": "answered", "cycle": 1}),
    ("unknown_cycle", routed, "water", {"reply": "answered", "cycle": 2}),
    ("already_answered", answered, "water", {"reply": "progress"}),
    ("already_answered", answered, "centre", {"reply": "assigned", "assign_to": "power"}),
    ("only_the_centre", routed, "water", {"reply": "assigned", "assign_to": "power"}),
    ("unknown_department", unroutable, "centre", {"reply": "assigned", "assign_to": "nobody"}),
    ("unknown_department", unroutable, "centre", {"reply": "assigned"}),
    ("unknown_department", unroutable, "centre", {"reply": "assigned", "assign_to": "visit-desk"}),
    ("not_the_owner", routed, "power", {"reply": "accepted"}),
    ("not_the_owner", routed, "centre", {"reply": "answered"}),
    *(("not_the_owner", tale, "power", {"reply": "answered"}) for tale in (answered, reopened, closed)),
    ("to_be_assigned", unroutable, "centre", {"reply": "answered"}),
    ("reason_missing", routed, "water", {"reply": "returned"}),
    ("in_the_future", routed, "water", {"reply": "accepted", "stated_at": hour(1.1).isoformat()}),
    ("in_the_future", routed, "water", {"reply": "accepted", "stated_at": "9999-12-31T23:59:59.999Z"}),
    ("before_receipt", routed, "water", {"reply": "accepted", "stated_at": hour(-0.1).isoformat()}),
    ("unknown_plan", unroutable, "centre", {"reply": "assigned", "assign_to": "water", "plan": "fast"}),
    ("arbitrated", arbitrated, "power", {"reply": "returned", "note": "still not ours"}),
    ("until_missing", patient, "water", {"reply": "promised"}),
    ("until_missing", patient, "water", {"reply": "extension", "note": "frost"}),
    ("not_ahead", patient, "water", {"reply": "promised", "until": hour(1).isoformat()}),
    ("not_ahead", patient, "water", {"reply": "waiting", "reason": "customer", "until": hour(0.5).isoformat()}),
    ("reason_missing", patient, "water", {"reply": "extension", "until": LATER}),
    ("reason_missing", routed, "water", {"reply": "returned", "note": " "}),
    ("answer_missing", routed, "water", {"reply": "answered", "note": ""}),
    ("answer_missing", routed, "water", {"reply": "answered", "note": " \n"}),
    ("answer_missing", routed, "water", {"reply": "answered", "note": "\u200b\u0001\u2060\u00ad"}),
    ("answer_missing", routed, "water", {"reply": "answered", "note": "\u3164\u2800\ufe0f"}),
    ("reason_missing", patient, "water", {"reply": "holding"}),
    ("reason_missing", asked, "centre", {"reply": "refused"}),
    ("too_large", routed, "water", {"reply": "answered", "note": "\x01" * 10_241}),
    ("too_large", incident, "water", {"reply": "report", "report": dict.fromkeys(REPORT, "\x01" * 5_000)}),
    ("not_countable", patient, "water", {"reply": "promised", "until": "9999-12-31T00:00:00Z"}),
    ("not_countable", patient, "water", {"reply": "extension", "until": "2999-01-01T00:00:00Z", "note": "frost"}),
    ("waiting", waiting, "water", {"reply": "waiting", "reason": "customer"}),
    ("waiting", waiting, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("not_waiting", patient, "water", {"reply": "resumed"}),
    ("not_waiting", resumed, "water", {"reply": "resumed"}),
    ("no_such_pause", patient, "water", {"reply": "waiting", "reason": "holidays"}),
    ("no_such_pause", patient, "water", {"reply": "waiting"}),
    ("no_such_pause", routed, "water", {"reply": "waiting", "reason": "customer"}),
    ("too_often", waited_twice, "water", {"reply": "waiting", "reason": "customer"}),
    ("too_often", granted, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("nothing_waits", breached, "water", {"reply": "waiting", "reason": "customer"}),
    ("already_asked", asked, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("already_asked", asked, "water", {"reply": "waiting", "reason": "customer"}),
    ("nothing_asked", patient, "centre", {"reply": "approved"}),
    ("nothing_asked", granted, "centre", {"reply": "refused", "note": "no"}),
    ("only_the_centre", asked, "water", {"reply": "approved"}),
    ("too_late", asked_and_breached, "centre", {"reply": "approved"}),
    ("too_late", breached, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("not_extendable", routed, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("not_extendable", patient, "water", {"reply": "extension", "until": LATER, "note": "-", "target": "total"}),
    ("no_such_target", held, "water", {"reply": "extension", "until": LATER, "note": "frost"}),
    ("not_later", patient, "water", {"reply": "extension", "until": hour(99).isoformat(), "note": "frost"}),
    ("beyond_the_limit", patient, "water", {"reply": "extension", "until": hour(161).isoformat(), "note": "frost"}),
    ("no_holding_reply", routed, "water", {"reply": "holding", "note": "we are asking"}),
    ("already_held", held, "water", {"reply": "holding", "note": "we are still asking"}),
    ("no_incidents", without_incidents, "water", {"reply": "incident", "note": "the road sinks"}),
    ("no_incident", routed, "water", {"reply": "report", "report": REPORT}),
    ("report_missing", incident, "water", {"reply": "report"}),
    ("already_reported", reported, "water", {"reply": "report", "report": REPORT}),
]

REFUSED_VISITS: list[tuple[str, Tale, str, dict[str, Any]]] = [
    ("ended", closed, "visit-desk", {}),
    ("past_cycle", reopened, "visit-desk", {"cycle": 1}),
    ("unknown_cycle", visiting, "visit-desk", {"cycle": 2}),
    ("not_your_visit", visiting, "night-desk", {}),
    ("past_attempt", in_second_attempt, "visit-desk", {"attempt": 1}),
    ("too_early", answered, "visit-desk", {}),
    ("too_early", visiting, "visit-desk", {"attempt": 2}),
    ("too_early", reopened, "visit-desk", {"attempt": 1}),
    ("visited_by_handler", visiting, "visit-desk", {"visitor": "li"}),
    ("visited_by_handler", visiting, "visit-desk", {"visitor": "LI"}),
    ("too_large", visiting, "visit-desk", {"note": "\x01" * 10_241}),
]


ELSEWHERE = {"is_open": "ended", "says_until_when": "not_countable", "can_be_told": "too_large"}
"""What a rule may say besides, by a function that it asks."""


def reasons_in(rule: Callable[..., Any]) -> set[str]:
    """The codes that a rule of legality may give."""
    rule = rule.func if isinstance(rule, partial) else rule
    there = set(re.findall(r'because\(\s*"(\w+)', inspect.getsource(rule)))
    name = rule.__name__.lstrip("_")
    return there | ({ELSEWHERE[name]} if name in ELSEWHERE else set())
