"""Endings that lack what they require, and records that vanish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from closedloop.verify.checks.kept import IN_A_ROW
from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, changed, id_of, one
from tests.unit.verify.history import begun
from tests.unit.verify.topics import SOURCE, Topics, body_of, target

RECEIPTS = f"receipts.{SOURCE}"


def close_without_an_answer(topics: Topics) -> None:
    complaint = begun(topics, "unanswered", 190, "plain")
    complaint.closed(191, "answered")


def lose_a_submission(topics: Topics) -> None:
    topics.put(f"closedloop.submissions.{SOURCE}", {"id": "vanished", "subject": "no water"}, hours=9)


def lose_a_reply(topics: Topics) -> None:
    topics.put("closedloop.replies.water", {"complaint_id": id_of("warned"), "reply": "progress"}, hours=195)


def stop_reading(topics: Topics) -> None:
    for _ in range(IN_A_ROW):
        topics.put("closedloop.replies.water", b"?", hours=195)
        topics.put_letter(topics.records[-1], "unreadable", "router")
    lose_a_reply(topics)


def lose_a_report(topics: Topics) -> None:
    report = {"complaint_id": id_of("solved"), "attempt": 1, "outcome": "unreachable", "visitor": "Li"}
    topics.put("closedloop.visits.visit-desk", report, hours=40)


def lose_a_conflict(topics: Topics) -> None:
    topics.drop(*(r for r in topics.records if r.headers.get("dlq-reason") == "conflict"))


def refuse_in_silence(topics: Topics) -> None:
    topics.drop(*(r for r in topics.of("Receipt") if body_of(r)["kind"] == "refused"))


def _spoil_a_letter(**changes: object) -> Callable[[Topics], None]:
    def spoil(topics: Topics) -> None:
        letter = next(r for r in topics.records if r.headers.get("dlq-reason") == "conflict")
        headers = {**letter.headers, **{k: v for k, v in changes.items() if isinstance(v, str)}}
        topics.put_instead(letter, replace(letter, headers=headers, value=changes.get("value", letter.value)))

    return spoil


def write_garbage_among_the_facts(topics: Topics) -> None:
    topics.put("closedloop.complaints", b"{}", hours=50, key=id_of("solved"))


def call_a_repeat_a_conflict(topics: Topics) -> None:
    sent = next(r for r in topics.records if ".submissions." in r.topic and b'"solved"' in (r.value or b""))
    other = [r for r in topics.records if r.headers.get("dlq-reason") == "conflict"]
    topics.drop(*other, *(r for r in topics.records if r.value == other[0].value))
    topics.put_again(sent)
    topics.put_letter(topics.records[-1], "conflict", "intake")


def lose_an_order(topics: Topics) -> None:
    topics.drop(*topics.of("WorkOrder", complaint_id=id_of("warned"), why="warned"))


def lose_a_receipt(topics: Topics) -> None:
    topics.drop(*topics.of("Receipt", complaint_id=id_of("solved"), kind="closed"))


def close_without_a_report(topics: Topics) -> None:
    complaint = begun(topics, "unreported", 100)
    then.declared(complaint, 100, "policy")
    update, report = complaint.targets["update"], target("report", 101, 149)
    complaint.answered(101, targets=then.plan(complaint, report, but=("update",)))
    complaint.met("accept", 101)
    complaint.met("answer", 101)
    complaint.cancelled(101, update, "ComplaintAnswered")
    complaint.visited(1, 101, "solved")
    complaint.closed(126, "solved")


def never_close_what_is_reported(topics: Topics) -> None:
    closed = one(topics, "ComplaintClosed", "incident")
    heard = [r for r in topics.records if r.headers.get("ce_causationid") == closed.headers["ce_id"]]
    topics.drop(closed, *heard)


def untold(why: str, number: str, topic: str) -> Callable[[Topics], None]:
    """Somebody never hears of what happened."""

    def spoil(topics: Topics) -> None:
        told = (r for r in topics.records if r.topic == f"closedloop.{topic}")
        mine = (r for r in told if body_of(r).get("complaint_id") == id_of(number))
        topics.drop(*[r for r in mine if why in (body_of(r).get("why"), body_of(r).get("kind"))])

    return spoil


FAULTS = (
    Fault(
        "a complaint was closed without an answer",
        "endings",
        "not_answered",
        close_without_an_answer,
        also=frozenset({"verdicts"}),
    ),
    Fault(
        "a complaint was closed without the visit its plan asks for",
        "endings",
        "visit_skipped",
        changed("ComplaintClosed", "solved", ending="answered"),
    ),
    Fault(
        "a complaint was closed as solved, which nobody said",
        "endings",
        "not_visited",
        changed("ComplaintClosed", "never-reached", ending="solved"),
    ),
    Fault(
        "a complaint was given up too soon",
        "endings",
        "not_tried",
        changed("ComplaintClosed", "solved", ending="not_confirmed"),
    ),
    Fault(
        "a complaint ended in a way that no policy knows",
        "endings",
        "no_such_ending",
        changed("ComplaintClosed", "solved", ending="forgotten"),
    ),
    Fault(
        "a customer said no and the complaint was closed",
        "endings",
        "not_reopened",
        changed("VisitAttempted", "solved", outcome="not_solved"),
    ),
    Fault(
        "a complaint was reopened although the customer said yes",
        "endings",
        "reopened_without_no",
        changed("VisitAttempted", "reopened", {"cycle": 1}, outcome="solved"),
    ),
    Fault(
        "a reopened complaint did not climb",
        "endings",
        "no_level_up",
        changed("ComplaintReopened", "reopened", level=2),
    ),
    Fault(
        "a reopened complaint was worked on below its level",
        "endings",
        "other_level",
        changed("ComplaintRouted", "followed", {"cycle": 2}, level=0),
        also=frozenset(["legal", "orders"]),
    ),
    Fault("a submission vanished", "kept", "vanished", lose_a_submission),
    Fault("a reply vanished", "kept", "vanished", lose_a_reply),
    Fault("a reply waits where nothing is read any more", "kept", "waits", stop_reading),
    Fault("a visit report vanished", "kept", "vanished", lose_a_report),
    Fault("a second content under one id vanished", "kept", "conflict_lost", lose_a_conflict),
    Fault("a repeat was called a conflict", "kept", "false_conflict", call_a_repeat_a_conflict),
    Fault("a submission was refused in silence", "kept", "not_told", refuse_in_silence),
    Fault("a dead letter gives no reason", "kept", "mute_letter", _spoil_a_letter(**{"dlq-reason": ""})),
    Fault("a dead letter was altered", "kept", "touched_letter", _spoil_a_letter(value=b"{}")),
    Fault("a department was never told of a warning", "told", "untold", lose_an_order),
    Fault("an upstream system was never told that it is over", "told", "untold", lose_a_receipt),
    Fault("an upstream system was never told of a new date", "told", "untold", untold("status", "extended", RECEIPTS)),
    Fault("an upstream system never got the report", "told", "untold", untold("report", "incident", RECEIPTS)),
    Fault("a department never heard that it may wait", "told", "untold", untold("paused", "paused", "queue.water")),
    Fault("the end of a pause was never told", "told", "untold", untold("resumed", "waited", "queue.water")),
    Fault("the centre never heard what it was asked", "told", "untold", untold("approval", "extended", "queue.centre")),
    Fault("nobody heard of the consent", "told", "untold", untold("granted", "consented", "queue.water")),
    Fault("nobody heard of the refusal", "told", "untold", untold("not_granted", "extended", "queue.water")),
    Fault("the top never heard of the incident", "told", "untold", untold("incident", "incident", "queue.centre")),
    Fault(
        "who follows an incident never got its report",
        "told",
        "untold",
        untold("reported", "incident", "queue.centre"),
        also=frozenset(["orders"]),
    ),
    Fault(
        "an incident was closed without its report",
        "endings",
        "unreported",
        close_without_a_report,
        also=frozenset({"verdicts"}),
    ),
    Fault("a reported incident was not closed", "moving", "stuck", never_close_what_is_reported),
    Fault("a record among the facts is none", "kept", "stray", write_garbage_among_the_facts),
)
