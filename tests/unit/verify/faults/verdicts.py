"""Verdicts that do not fit what happened to a target: told otherwise, wrongly taken back, or never told."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, changed, head, id_of, one
from tests.unit.verify.history import begun
from tests.unit.verify.topics import NOW, Topics, body_of, when


def keep_a_false_breach(topics: Topics) -> None:
    complaint = begun(topics, "false", 100, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.answered(172.1, judged=171.99)
    complaint.closed(172.1, "answered")


def tell_nothing_of_what_was_met(topics: Topics) -> None:
    topics.drop(one(topics, "DeadlineMet", "solved", target="answer"))


def call_a_late_answer_met(topics: Topics) -> None:
    complaint = begun(topics, "late", 100, "plain")
    complaint.rung("answer", 1)
    complaint.answered(173)
    complaint.met("answer", 173)
    complaint.closed(173, "answered")


def forget_a_late_answer(topics: Topics) -> None:
    complaint = begun(topics, "late", 100, "plain")
    complaint.rung("answer", 1)
    complaint.answered(173)
    complaint.closed(173, "answered")


def take_back_what_was_late(topics: Topics) -> None:
    complaint = begun(topics, "late", 100, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.answered(173)
    complaint.retracted("answer", 173, 173, [1, 2])
    complaint.met("answer", 173)
    complaint.closed(173, "answered")


def leave_out_an_escalation(topics: Topics) -> None:
    complaint = begun(topics, "late", 0, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.answered(100)
    complaint.missed("answer", 100, 28)
    complaint.closed(100, "answered")


def keep_the_breach_of_a_date_that_moved(topics: Topics) -> None:
    retracted = one(topics, "BreachRetracted", "waited-in-time")
    topics.drop(retracted, one(topics, "WorkOrder", "waited-in-time", why="retracted"))


def judge_what_is_open(topics: Topics) -> None:
    complaint = begun(topics, "open", NOW - 5, "plain")
    complaint.met("answer", NOW - 1)


def accept_for_another(topics: Topics) -> None:
    complaint = begun(topics, "followed-up", NOW - 1.5)
    then.declared(complaint, NOW - 1.5, "policy")
    then.told_news(complaint, NOW - 1, "update", 2, who="centre")
    complaint.met("accept", NOW - 1)


def untold(kind: str, number: str, **fields: object) -> Callable[[Topics], None]:
    """Nobody says how a clock ended, and nobody hears of it."""

    def spoil(topics: Topics) -> None:
        fact = one(topics, kind, number, **fields)
        heard = [r for r in topics.records if r.headers.get("ce_causationid") == fact.headers["ce_id"]]
        topics.drop(fact, *heard)

    return spoil


def call_a_move_a_cancellation(topics: Topics) -> None:
    moved = one(topics, "DeadlineMoved", "paused", why="WorkPaused")
    topics.change(moved, target_due_at=body_of(moved)["before"])
    head(topics, one(topics, "DeadlineMoved", "paused", why="WorkPaused"), ce_type="closedloop.deadline.cancelled.v1")


def forget_a_queue(topics: Topics) -> None:
    topics.change(one(topics, "BreachRetracted", "raced"), queues=[])
    topics.drop(*topics.of("WorkOrder", complaint_id=id_of("raced"), why="retracted"))


def keep_a_step_that_was_never_true(topics: Topics) -> None:
    retracted = one(topics, "RungsRetracted", "told-too-much")
    topics.drop(retracted, one(topics, "WorkOrder", "told-too-much", why="retracted"))


def forget_what_was_asked_for_at_the_end(topics: Topics) -> None:
    lapsed = one(topics, "PlanLapsed", "declared-at-the-end")
    cancelled = one(topics, "DeadlineCancelled", "declared-at-the-end")
    topics.drop(lapsed, cancelled)
    topics.drop(*topics.of("Notice", complaint_id=id_of("declared-at-the-end"), why="lapsed"))
    topics.drop(*topics.of("WorkOrder", complaint_id=id_of("declared-at-the-end"), why="dates", state="closed"))


def taking_back(rungs: list[int], **more: object) -> list[dict[str, object]]:
    return [{"queue": "water", "rungs": rungs, **more}]


FAULTS = (
    Fault("a false breach stands", "verdicts", "false_breach", keep_a_false_breach),
    Fault("a breach of a date that had moved stands", "verdicts", "false_breach", keep_the_breach_of_a_date_that_moved),
    Fault("nobody was told that an answer was in time", "verdicts", "met_untold", tell_nothing_of_what_was_met),
    Fault("a late answer counts as met", "verdicts", "late_told_met", call_a_late_answer_met),
    Fault("a late answer has no breach", "verdicts", "late_untold", forget_a_late_answer),
    Fault("a breach was taken back that was one", "verdicts", "taken_back", take_back_what_was_late),
    Fault("an escalation was left out", "verdicts", "rung_untold", leave_out_an_escalation),
    Fault(
        "a report is asked for ever of what has ended",
        "verdicts",
        "left_open",
        forget_what_was_asked_for_at_the_end,
    ),
    Fault("a step stands that fell due after the end", "verdicts", "still_told", keep_a_step_that_was_never_true),
    Fault(
        "a breach was taken back as a step of too much",
        "verdicts",
        "other_details",
        changed("RungsRetracted", "told-too-much", taken_back=taking_back([2, 3])),
    ),
    Fault(
        "a rung was taken back twice",
        "verdicts",
        "other_details",
        changed("RungsRetracted", "told-too-much", taken_back=taking_back([3, 3])),
    ),
    Fault(
        "a step was taken back of people who had not heard of it",
        "verdicts",
        "other_details",
        changed("RungsRetracted", "told-too-much", taken_back=taking_back([3], people=["zhou"])),
    ),
    Fault(
        "a warning was taken back as of another time",
        "verdicts",
        "other_time",
        changed("RungsRetracted", "warned-too-much", ended_at=when(53)),
    ),
    Fault("nobody was told how late it was", "verdicts", "missed_untold", untold("DeadlineMissed", "never-reached")),
    Fault("nobody was told that a date moved", "verdicts", "moved_untold", untold("DeadlineMoved", "extended")),
    Fault("nobody was told of a cancellation", "verdicts", "cancelled_untold", untold("DeadlineCancelled", "waited")),
    Fault("what is open counts as met", "verdicts", "met_by_nobody", judge_what_is_open),
    Fault("who follows an incident accepted for the department", "verdicts", "met_by_nobody", accept_for_another),
    Fault("a date that moved counts as cancelled", "verdicts", "other_verdict", call_a_move_a_cancellation),
    Fault(
        "a target was met at another time",
        "verdicts",
        "other_time",
        changed("DeadlineMet", "solved", {"target": "answer"}, met_at=when(9)),
    ),
    Fault(
        "it was later than is told",
        "verdicts",
        "other_details",
        changed("DeadlineMissed", "never-reached", late="PT42H"),
    ),
    Fault(
        "it was later by the wall than is told",
        "verdicts",
        "other_details",
        changed("DeadlineMissed", "never-reached", late_wall="P1D"),
    ),
    Fault(
        "a date moved to where it did not",
        "verdicts",
        "other_details",
        changed("DeadlineMoved", "extended", after=when(99)),
    ),
    Fault(
        "a date moved to another revision",
        "verdicts",
        "other_details",
        changed("DeadlineMoved", "extended", to_revision=3),
    ),
    Fault(
        "a date was moved by something else",
        "verdicts",
        "other_details",
        changed("DeadlineMoved", "extended", why="WorkPaused"),
    ),
    Fault(
        "a target was cancelled by something else",
        "verdicts",
        "other_details",
        changed("DeadlineCancelled", "waited", why="ComplaintReturned"),
    ),
    Fault(
        "a breach was taken back for another reason",
        "verdicts",
        "other_details",
        changed("BreachRetracted", "waited-in-time", why="met"),
    ),
    Fault("who heard of a breach never heard that it was none", "verdicts", "other_details", forget_a_queue),
)
