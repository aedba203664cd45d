"""Complaints that are lost or doubled, and effects that happen twice."""

from __future__ import annotations

from dataclasses import replace

from closedloop.verify.evidence.edges import edge
from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, decided_again, head, id_of, one
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import NOW, Topics, target


def nothing(topics: Topics) -> None:
    """The fault is not on the topics."""


def register_twice_under_two_ids(topics: Topics) -> None:
    other = Complaint(topics, "other", "plain")
    other.number = "refused"
    other.received(180, "http/refused")
    other.routed(180)


def call_two_alike(topics: Topics) -> None:
    for name in ("warned", "never-reached"):
        topics.change(one(topics, "ComplaintReceived", name), reference="CL-5CA-5AT-WAQ")


def lose_the_beginning(topics: Topics) -> None:
    complaint = Complaint(topics, "headless", "plain")
    complaint.cause = "http/headless"
    complaint.routed(190)


def register_twice(topics: Topics) -> None:
    again = decided_again(topics, one(topics, "ComplaintReceived", "warned"), 90)
    head(topics, again, ce_causationid="http/again")


def warn_twice(topics: Topics) -> None:
    again = decided_again(topics, one(topics, "DeadlineApproaching", "warned"), 90)
    order = decided_again(topics, one(topics, "WorkOrder", "warned", why="warned"), 91)
    head(topics, order, ce_causationid=again.headers["ce_id"])


def escalate_twice(topics: Topics) -> None:
    again = decided_again(topics, one(topics, "ComplaintEscalated", "never-reached", rung=4), 90)
    order = decided_again(
        topics, topics.of("WorkOrder", complaint_id=id_of("never-reached"), why="escalated")[-1], 91, state="closed"
    )
    head(topics, order, ce_causationid=again.headers["ce_id"])


def order_twice(topics: Topics) -> None:
    decided_again(topics, one(topics, "WorkOrder", "warned", why="warned"), 90)


def hear_a_reply_twice(topics: Topics) -> None:
    decided_again(topics, one(topics, "WorkAccepted", "warned"), 90)


def turn_away_what_is_taken(topics: Topics) -> None:
    cause = one(topics, "WorkAccepted", "warned").headers["ce_causationid"]
    reply = next(r for r in topics.records if r.topic.startswith("closedloop.replies") and cause in edge(r).names)
    topics.put_letter(reply, "unknown_subject", "router")


def decide_again_otherwise(topics: Topics) -> None:
    record = one(topics, "DeadlineApproaching", "warned")
    topics.put_again(replace(record, value=(record.value or b"").replace(b'"level": 0', b'"level":  0')))


def move_a_date_silently(topics: Topics) -> None:
    complaint = begun(topics, "moved", NOW - 10, "newsy")
    progress = target("progress", NOW - 1, NOW + 39)
    complaint.replied("ProgressReported", NOW - 1, "progress", targets=then.plan(complaint, progress))
    complaint.met("progress", NOW - 1, goal=target("progress", NOW - 10, NOW + 30))


def hold_twice(topics: Topics) -> None:
    complaint = begun(topics, "held-twice", NOW - 10, "patient")
    then.held(complaint, NOW - 5)
    complaint.replied("HoldingReplySent", NOW - 4, "holding", meets=["answer"])


FAULTS = (
    Fault("an accepted complaint left no fact", "accepted", "lost", nothing, frozenset([id_of("ghost")])),
    Fault("one submission became two complaints", "accepted", "same_as", register_twice_under_two_ids),
    Fault("two complaints have one reference", "accepted", "same_reference", call_two_alike),
    Fault("a complaint was routed that nobody registered", "accepted", "no_beginning", lose_the_beginning),
    Fault(
        "one complaint was registered twice",
        "accepted",
        "begun_twice",
        register_twice,
        also=frozenset(["once", "legal", "told"]),
    ),
    Fault("a person was warned twice", "once", "twice", warn_twice),
    Fault("an escalation was told twice", "once", "twice", escalate_twice, also=frozenset(["legal"])),
    Fault("a department was told the same thing twice", "once", "told_twice", order_twice),
    Fault("one reply had two effects", "once", "heard_twice", hear_a_reply_twice),
    Fault("a reply was turned away and had an effect", "once", "two_outcomes", turn_away_what_is_taken),
    Fault("a decision was taken again and came out otherwise", "once", "number_twice", decide_again_otherwise),
    Fault("a date moved and kept its revision", "once", "moved", move_a_date_silently, also=frozenset(["dates"])),
    Fault("two holding replies were sent", "once", "twice", hold_twice),
)
