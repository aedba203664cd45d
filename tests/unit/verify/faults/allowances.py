"""Pauses, later dates, holding replies and incidents beyond what the policy allows."""

from __future__ import annotations

from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, changed, one
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import NOW, Topics, body_of, target, when


def patient(topics: Topics, hours: float = NOW - 9) -> Complaint:
    return begun(topics, "beyond", hours, "patient")


def let_lapse_what_goes_on(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 20)
    complaint.answered(NOW - 10)
    complaint.met("accept", NOW - 10)
    complaint.met("answer", NOW - 10)
    complaint.scheduled(1, NOW - 10)
    then.declared(complaint, NOW - 5, name="report")
    then.lapsed(complaint, NOW - 4, complaint.cause)


def wait_for_anything(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 9, "plain")
    complaint.replied(
        "WorkPaused",
        NOW - 5,
        "waiting",
        reason="weather",
        until=when(NOW + 5),
        paused=[],
        targets=then.plan(complaint, target("resume", NOW - 5, NOW + 5)),
    )
    complaint.tell("water", "work", "paused", NOW - 5)


def wait_beyond_the_cap(topics: Topics) -> None:
    then.paused(patient(topics), NOW - 5, NOW + 30)


def wait_longer_than_was_asked(topics: Topics) -> None:
    complaint = patient(topics)
    then.paused(complaint, NOW - 5, NOW + 10)
    reply = next(r for r in topics.records if b"waiting" in (r.value or b"") and complaint.id.encode() in r.value)
    topics.change(reply, until=when(NOW + 2))


def wait_too_often(topics: Topics) -> None:
    complaint = patient(topics)
    then.paused(complaint, NOW - 8, NOW + 9)
    then.resumed(complaint, NOW - 6)
    then.paused(complaint, NOW - 4, NOW + 9)


def wait_while_waiting(topics: Topics) -> None:
    complaint = patient(topics)
    then.paused(complaint, NOW - 8, NOW + 9)
    resume = complaint.targets["resume"]
    then.paused(complaint, NOW - 7, NOW + 10)
    complaint.moved(NOW - 7, resume, "WorkPaused")


def wait_twice_at_once(topics: Topics) -> None:
    complaint = patient(topics)
    then.paused(complaint, NOW - 8, NOW + 9)
    then.resumed(complaint, NOW - 6)
    then.asked(complaint, NOW - 5.98, "pause", "parts", NOW + 42, NOW - 1)
    then.allowed_to_wait(complaint, NOW - 5.97, NOW + 42, judged=NOW - 6.05)


def wait_for_what_has_not_begun(topics: Topics) -> None:
    then.paused(patient(topics), NOW - 8.95, NOW + 14, judged=NOW - 9.05)


def consent_before_it_was_asked(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 5, "pause", "parts", NOW + 43, NOW)
    then.allowed_to_wait(complaint, NOW - 4.95, NOW + 43, judged=NOW - 5.05)


def refuse_before_it_was_asked(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 5, "extension", "answer", NOW + 70, NOW + 3)
    then.refused(complaint, NOW - 4.95, "answer", judged=NOW - 5.05)


def wait_into_the_past(topics: Topics) -> None:
    then.paused(patient(topics), NOW - 5, NOW - 6)


def call_back_in_the_past(topics: Topics) -> None:
    then.promised(patient(topics), NOW - 5, NOW - 6)


def move_while_waiting(topics: Topics) -> None:
    complaint = patient(topics)
    then.paused(complaint, NOW - 8, NOW + 9)
    then.asked(complaint, NOW - 5, "extension", "answer", NOW + 90, NOW + 3)


def assign_it_to_nobody(topics: Topics) -> None:
    complaint = Complaint(topics, "beyond", "plain")
    complaint.submitted(NOW - 9)
    complaint.department = "visit-desk"
    complaint.routed(NOW - 9)


def wait_without_consent(topics: Topics) -> None:
    then.paused(patient(topics), NOW - 5, NOW + 10, reason="parts")


def let_others_wait(topics: Topics) -> None:
    then.paused(patient(topics), NOW - 5, NOW + 10)
    topics.change(one(topics, "WorkPaused", "beyond"), paused=["answer", "total"])


def resume_after_the_cap(topics: Topics) -> None:
    complaint = patient(topics, NOW - 50)
    then.paused(complaint, NOW - 48, NOW - 24)
    complaint.rung("resume", 1)
    complaint.rung("resume", 2)
    resume = complaint.targets["resume"]
    targets = then.plan(complaint, but=("resume",))
    complaint.replied("WorkResumed", NOW - 20, "resumed", reason="customer", targets=targets)
    complaint.tell("water", "work", "resumed", NOW - 20)
    complaint.missed("resume", NOW - 20, 4, resume)


def move_what_may_not_move(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 9, "plain")
    body = {"what": "extension", "subject": "answer", "until": when(NOW + 80), "approver": "centre"}
    complaint.replied("ApprovalRequested", NOW - 5, "extension", says={"until": when(NOW + 80)}, **body)
    complaint.tell("centre", "approve", "approval", NOW - 5, number="0")


def move_beyond_the_limit(topics: Topics) -> None:
    then.asked(patient(topics), NOW - 5, "extension", "answer", NOW + 120, NOW + 3)


def move_further_than_was_asked(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 5, "extension", "answer", NOW + 80, NOW + 3)
    topics.change(one(topics, "ApprovalRequested", "beyond"), until=when(NOW + 90))


def ask_late(topics: Topics) -> None:
    complaint = patient(topics, NOW - 65)
    complaint.rung("answer", 1)
    then.asked(complaint, NOW - 2, "extension", "answer", NOW + 20, NOW + 6)


def ask_again_and_again(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 8, "extension", "answer", NOW + 70, NOW)
    then.granted(complaint, NOW - 7, "answer", NOW + 70)
    complaint.targets["approve"] = target("approve", 0, 0)
    then.asked(complaint, NOW - 5, "extension", "answer", NOW + 80, NOW + 3)


def move_what_is_done(topics: Topics) -> None:
    complaint = patient(topics)
    then.held(complaint, NOW - 8)
    then.asked(complaint, NOW - 5, "extension", "answer", NOW + 80, NOW + 3)


def ask_a_department(topics: Topics) -> None:
    then.asked(patient(topics), NOW - 5, "extension", "answer", NOW + 80, NOW + 3, whom="power")


def consent_late(topics: Topics) -> None:
    complaint = patient(topics, 0)
    complaint.rung("answer", 1)
    then.asked(complaint, 60, "extension", "answer", 90, 68)
    approve = complaint.targets["approve"]
    centre = {"department": "centre", "queue": "centre"}
    for number in (1, 2, 3):
        complaint.rung("approve", number, **centre)
    complaint.rung("answer", 2)
    then.granted(complaint, 73, "answer", 90, is_late=True)
    complaint.missed("approve", 73, 5, approve)
    complaint.answered(80)
    complaint.met("answer", 80)
    complaint.closed(80, "answered")


def consent_to_something_else(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 8, "extension", "answer", NOW + 70, NOW)
    then.granted(complaint, NOW - 7, "answer", NOW + 75)


def consent_to_oneself(topics: Topics) -> None:
    complaint = patient(topics)
    then.asked(complaint, NOW - 8, "extension", "answer", NOW + 70, NOW)
    then.granted(complaint, NOW - 7, "answer", NOW + 70, who="water")


def work_for_another(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 9, "plain")
    complaint.replied("WorkAccepted", NOW - 5, "accepted", who="power")


def hold_what_has_no_holding_reply(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 9, "plain")
    complaint.replied("HoldingReplySent", NOW - 5, "holding", meets=[])


def return_what_was_ruled(topics: Topics) -> None:
    complaint = begun(topics, "beyond", NOW - 9, "plain")
    for n, name in enumerate(("assign", "arbitrate", "assign")):
        hours = NOW - 8 + 2 * n
        complaint.returned(hours, name, 1 if n < 2 else 2)
        ruling = complaint.targets.pop(name)
        cause = complaint.sent(hours + 1, "replies.centre", {"reply": "assigned", "assign_to": "water"})
        complaint.routed(hours + 1, "centre", cause)
        complaint.met(name, hours + 1, goal=ruling)


def meet_more_than_the_policy_lets(topics: Topics) -> None:
    sent = one(topics, "HoldingReplySent", "consented")
    topics.change(sent, meets=[*body_of(sent)["meets"], "acknowledge"])


FAULTS = (
    Fault("what was asked for lapsed although it goes on", "dates", "lapsed_alive", let_lapse_what_goes_on),
    Fault(
        "something else lapsed than was open at the end",
        "dates",
        "lapsed_others",
        changed("PlanLapsed", "declared-at-the-end", lapsed=["answer"]),
    ),
    Fault("work waits for what the policy does not know", "dates", "not_allowed", wait_for_anything),
    Fault("work waits beyond the cap", "dates", "too_far", wait_beyond_the_cap),
    Fault("work waits longer than was asked", "dates", "not_as_asked", wait_longer_than_was_asked),
    Fault("work waits too often", "dates", "too_often", wait_too_often),
    Fault("work waits while it waits", "dates", "while_waiting", wait_while_waiting),
    Fault("time was waited for twice", "dates", "waits_twice", wait_twice_at_once, also=frozenset(["arrival"])),
    Fault(
        "time before a target began was waited for",
        "dates",
        "other_promise",
        wait_for_what_has_not_begun,
        also=frozenset(["arrival"]),
    ),
    Fault("consent counts from before it was asked for", "arrival", "misjudged", consent_before_it_was_asked),
    Fault("it was refused before it was asked for", "arrival", "misjudged", refuse_before_it_was_asked),
    Fault("work waits until yesterday", "dates", "not_ahead", wait_into_the_past, also=frozenset(["moving"])),
    Fault("a call was promised for yesterday", "dates", "not_ahead", call_back_in_the_past, also=frozenset(["moving"])),
    Fault("a date was to move that waits", "dates", "while_waiting", move_while_waiting),
    Fault("a complaint was given to somebody who is no department", "dates", "not_allowed", assign_it_to_nobody),
    Fault("work waits without the consent that it needs", "dates", "no_consent", wait_without_consent),
    Fault("targets wait that may not", "dates", "pauses_others", let_others_wait),
    Fault("work was resumed that had resumed by itself", "dates", "nothing_waits", resume_after_the_cap),
    Fault("a date was to move that may not", "dates", "not_allowed", move_what_may_not_move),
    Fault("a date was to move beyond the limit", "dates", "too_far", move_beyond_the_limit),
    Fault("a date was to move further than was asked", "dates", "not_as_asked", move_further_than_was_asked),
    Fault("a later date was asked for too late", "dates", "asked_late", ask_late),
    Fault("a later date was asked for again", "dates", "too_often", ask_again_and_again),
    Fault("a later date was asked for what is done", "dates", "nothing_to_move", move_what_is_done),
    Fault("somebody was asked who may not consent", "dates", "not_the_centre", ask_a_department),
    Fault("consent came after the date that it moves", "dates", "granted_late", consent_late),
    Fault("the centre consented to what nobody asked", "dates", "not_asked", consent_to_something_else),
    Fault("a department consented to its own request", "dates", "not_the_owner", consent_to_oneself),
    Fault("somebody worked on what is not theirs", "dates", "not_the_owner", work_for_another),
    Fault(
        "a holding reply was sent that the policy does not know", "dates", "not_allowed", hold_what_has_no_holding_reply
    ),
    Fault("a holding reply met too much", "dates", "meets_others", meet_more_than_the_policy_lets),
    Fault("what the centre had ruled was returned", "dates", "arbitrated", return_what_was_ruled),
    Fault(
        "an incident was led below its level",
        "dates",
        "led_otherwise",
        changed("IncidentDeclared", "incident", level=1),
    ),
)
