"""Lives of complaints as they may end in a healthy system; together they hold something for every invariant."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from tests.unit.verify import tales_of_dates
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import NOW, SOURCE, Topics, target, when


def solved(topics: Topics, number: str = "solved") -> None:
    """Accepted, answered in time, visited once, solved."""
    complaint = begun(topics, number, 0)
    complaint.replied("WorkAccepted", 1, "accepted")
    complaint.met("accept", 1)
    complaint.answered(10)
    complaint.met("answer", 10)
    complaint.visited(1, 10, "solved")
    complaint.closed(35, "solved")


def never_reached(topics: Topics, number: str = "never-reached") -> None:
    """Answered late, after two escalations; two visits in vain."""
    complaint = begun(topics, number, 0)
    complaint.replied("CustomerContacted", 2, "contacted")
    complaint.met("accept", 2)
    for number in (1, 2, 3, 4):
        complaint.rung("answer", number)
    complaint.answered(115)
    complaint.missed("answer", 115, 43)
    complaint.visited(1, 115, "unreachable")
    complaint.visited(2, 140, "unreachable")
    complaint.closed(165, "not_confirmed")


def reopened(topics: Topics, number: str = "reopened") -> None:
    """Not solved at first: the second cycle is one level up and ends well, with a rung on the way."""
    complaint = begun(topics, number, 0)
    complaint.answered(5)
    complaint.met("accept", 5)
    complaint.met("answer", 5)
    complaint.visited(1, 5, "not_solved")
    complaint.reopened(30)
    complaint.routed(30)
    complaint.rung("accept", 1)
    complaint.answered(50)
    complaint.met("accept", 50)
    complaint.met("answer", 50)
    complaint.visited(1, 50, "solved")
    complaint.closed(75, "solved")


def raced(topics: Topics) -> None:
    """The answer arrives in time, but the timer wins: the breach is told and taken back."""
    complaint = begun(topics, "raced", 0, "plain")
    complaint.rung("answer", 1)
    complaint.answered(72.0001, judged=71.9)
    answered = complaint.cause
    complaint.rung("answer", 2, late_h=0.0002)
    complaint.cause = answered
    complaint.retracted("answer", 72.0003, 71.9, [1, 2])
    complaint.met("answer", 72.0003, 71.9)
    complaint.closed(72.0004, "answered")


def told_too_much(topics: Topics) -> None:
    """Answered late; the news of it arrives after one more step was told, which is taken back. The breach stands."""
    complaint = begun(topics, "told-too-much", 0, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.rung("answer", 3)
    complaint.answered(90.1, judged=89.95)
    complaint.too_much("answer", 90.1, 89.95, [3])
    complaint.missed("answer", 90.1, 17.95, done=89.95)
    complaint.closed(90.1, "answered")


def warned_too_much(topics: Topics) -> None:
    """Answered before a warning that was told when the news of it was on its way: the warning is taken back."""
    complaint = begun(topics, "warned-too-much", 0, "plain")
    complaint.rung("answer", 1)
    complaint.answered(54.1, judged=53.95)
    complaint.too_much("answer", 54.1, 53.95, [1])
    complaint.met("answer", 54.1, 53.95)
    complaint.closed(54.1, "answered")


def assigned(topics: Topics) -> None:
    """Nobody fits, the centre assigns it, the department returns it, the centre assigns it anew: it is still open."""
    complaint = Complaint(topics, "assigned")
    complaint.submitted(NOW - 12)
    complaint.unroutable(NOW - 12)
    cause = complaint.sent(NOW - 10, "replies.centre", {"reply": "assigned", "assign_to": "water"})
    complaint.routed(NOW - 10, "centre", cause)
    complaint.met("assign", NOW - 10, goal=target("assign", NOW - 12, NOW - 8))
    complaint.returned(NOW - 6)
    assign = target("assign", NOW - 6, NOW - 2, 2)
    cause = complaint.sent(NOW - 5, "replies.centre", {"reply": "assigned", "assign_to": "power"})
    complaint.department = "power"
    complaint.routed(NOW - 5, "centre", cause, accept=target("accept", NOW - 5, NOW + 19, 2))
    complaint.met("assign", NOW - 5, goal=assign)


def warned(topics: Topics) -> None:
    """Open, accepted, and close to its deadline."""
    complaint = begun(topics, "warned", NOW - 60)
    complaint.replied("WorkAccepted", NOW - 59, "accepted")
    complaint.met("accept", NOW - 59)
    complaint.rung("answer", 1)


def turned_away(topics: Topics) -> None:
    """What no complaint could take: garbage, another content under a known id, a reply to nobody, an illegal reply."""
    garbage = topics.put(f"closedloop.submissions.{SOURCE}", b"\xff not json", hours=3)
    topics.put_letter(garbage, "unreadable", "intake")
    complaint = Complaint(topics, "nobody")
    complaint.cause = f"{garbage.topic}#{garbage.partition}-{garbage.offset}"
    headers = complaint._headers("Receipt", "intake", complaint.cause)
    topics.put(f"closedloop.receipts.{SOURCE}", {"kind": "refused", "source": SOURCE}, hours=3, headers=headers)
    other = topics.put(f"closedloop.submissions.{SOURCE}", {"id": "solved", "subject": "no power"}, hours=3)
    topics.put_letter(other, "conflict", "intake")
    unknown = topics.put("closedloop.replies.water", {"complaint_id": complaint.id, "reply": "accepted"}, hours=4)
    topics.put_letter(unknown, "unknown_subject", "router")
    late = begun(topics, "refused", NOW - 20, "plain")
    cause = late.sent(NOW - 19, "replies.power", {"reply": "accepted"})
    late.refused(NOW - 19, cause, "power", "not_the_owner")


def repeated(topics: Topics) -> None:
    """A complaint whose every record is delivered twice, and which is submitted twice."""
    before = len(topics.records)
    complaint = begun(topics, "repeated", 20, "plain")
    complaint.answered(21)
    complaint.met("answer", 21)
    complaint.closed(21, "answered")
    for record in topics.records[before:]:
        if not record.topic.startswith("closedloop.replies"):
            topics.put_again(record)
    headers = {"ce_source": "desk", "ce_id": "7"}
    reply = {"complaint_id": complaint.id, "reply": "progress", "stated_at": when(21)}
    again = topics.put("closedloop.replies.water", reply, hours=22, headers=headers)
    complaint.refused(22, "desk/7", "water", "ended")
    topics.put_again(again)


TALES = (
    solved,
    never_reached,
    reopened,
    raced,
    told_too_much,
    warned_too_much,
    assigned,
    warned,
    turned_away,
    repeated,
    *tales_of_dates.TALES,
)


def healthy() -> Topics:
    """The topics of a system in which all of this happened, for whoever asks to spoil."""
    return deepcopy(_told())


@cache
def _told() -> Topics:
    topics = Topics()
    for tale in TALES:
        tale(topics)
    return topics
