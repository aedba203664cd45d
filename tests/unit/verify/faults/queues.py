"""Queues whose last word on an order is not how it stands."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.verify.faults.fault import Fault, changed, id_of, one
from tests.unit.verify.history import begun
from tests.unit.verify.topics import NOW, Topics


def never_withdraw(topics: Topics) -> None:
    topics.drop(one(topics, "WorkOrder", "assigned", order="work", why="returned"))


def open_after_the_end(topics: Topics) -> None:
    complaint = begun(topics, "told-late", NOW - 20, "plain")
    complaint.answered(NOW - 18)
    complaint.met("answer", NOW - 18)
    complaint.closed(NOW - 18, "answered")
    complaint.tell("water", "work", "warned", NOW - 17, state="open")
    complaint.tell("water", "work", "escalated", NOW - 16, state="closed")


def order_what_nobody_asked_for(topics: Topics) -> None:
    complaint = begun(topics, "ghost-order", NOW - 9, "plain")
    complaint.tell("power", "work", "routed", NOW - 9)


def key_an_order_by_its_complaint(topics: Topics) -> None:
    order = one(topics, "WorkOrder", "warned", why="warned")
    topics.put_instead(order, replace(order, key=id_of("warned")))


def never_tell_who_follows_an_incident_of_other_dates(topics: Topics) -> None:
    topics.drop(one(topics, "WorkOrder", "awaited", order="incident", why="dates"))


FAULTS = (
    Fault(
        "a closed order was left open",
        "orders",
        "last_word",
        changed("WorkOrder", "solved", {"why": "closed"}, state="open"),
    ),
    Fault("an earlier owner never heard that it is rid of the work", "orders", "last_word", never_withdraw),
    Fault(
        "who follows a major incident never heard of its other dates",
        "orders",
        "stale_dates",
        never_tell_who_follows_an_incident_of_other_dates,
    ),
    Fault(
        "the last word on an order has the level of another cycle",
        "orders",
        "stale_level",
        changed("WorkOrder", "reopened", {"why": "closed"}, level=0),
    ),
    Fault("a warning told late opened a closed order", "orders", "after_its_end", open_after_the_end),
    Fault("a department got work that nobody gave it", "orders", "no_such_order", order_what_nobody_asked_for),
    Fault(
        "a visit order lacks its attempt",
        "orders",
        "not_whole",
        changed("WorkOrder", "solved", {"why": "visit"}, attempt=None),
    ),
    Fault("an order has the key of its complaint", "orders", "other_order", key_an_order_by_its_complaint),
)
