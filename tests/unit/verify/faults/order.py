"""Facts that stand in no legal order, and rungs that no ladder promises."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, changed, head, id_of, one, swap
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import NOW, Topics, target, when


def id_of_fact(topics: Topics, kind: str, number: str) -> str:
    return one(topics, kind, number).headers["ce_id"]


def answer_after_the_end(topics: Topics) -> None:
    complaint = Complaint(topics, "raced", "plain")
    complaint.sequences["router"], complaint.sequences["escalation"] = 80, 80
    complaint.replied("ProgressReported", 80, "progress")


def put_the_effect_before_its_cause(topics: Topics) -> None:
    swap(topics, one(topics, "ComplaintReceived", "warned"), one(topics, "ComplaintRouted", "warned"))


def count_backwards(topics: Topics) -> None:
    head(topics, one(topics, "WorkAccepted", "warned"), ce_sequence="1")
    head(topics, one(topics, "ComplaintRouted", "warned"), ce_sequence="3")


def speak_for_another(topics: Topics) -> None:
    head(topics, one(topics, "WorkAccepted", "warned"), ce_source="/closedloop/escalation", ce_sequence="9")


def ring_on_after_the_answer(topics: Topics) -> None:
    complaint = begun(topics, "rung-on", 100, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.answered(175)
    complaint.missed("answer", 175, 3)
    complaint.closed(175, "answered")
    complaint.rung("answer", 3)


def begin_a_cycle_on_its_own(topics: Topics) -> None:
    complaint = begun(topics, "second", 190)
    before, complaint.targets, complaint.cycle = complaint.targets, {}, 2
    complaint.routed(191)
    complaint.cycle = 1
    for goal in before.values():
        complaint.cancelled(191, goal, "ComplaintRouted")


def go_back_a_cycle(topics: Topics) -> None:
    complaint = Complaint(topics, "reopened")
    complaint.sequences["followup"] = 80
    complaint.cause, complaint.cycle, complaint.level = id_of_fact(topics, "ComplaintReopened", "reopened"), 1, 0
    complaint.visit = {"desk": "visit-desk", "attempt": 2, "opens_at": when(99), "due_at": when(120)}
    complaint.say("VisitScheduled", 75, **complaint.visit)


def take_a_reply_for_another_cycle(topics: Topics) -> None:
    complaint = begun(topics, "mistaken", NOW - 9, "plain")
    complaint.cycle = 2
    cause = complaint.sent(NOW - 5, "replies.water", {"reply": "accepted"})
    complaint.cycle = 1
    complaint.say("WorkAccepted", NOW - 5, cause, department="water", judged_at=when(NOW - 5))


def judge_a_target_that_is_none(topics: Topics) -> None:
    complaint = begun(topics, "targetless", NOW - 9, "plain")
    complaint.met("accept", NOW - 5, goal=target("accept", NOW - 9, NOW))


def key_another_complaint(topics: Topics) -> None:
    record = one(topics, "WorkAccepted", "warned")
    topics.put_instead(record, replace(record, key=id_of("solved")))


def spread_over_two_partitions(topics: Topics) -> None:
    record = topics.of("DeadlineApproaching", complaint_id=id_of("warned"))[0]
    topics.put_instead(record, replace(record, partition=1))


def skip_a_rung(topics: Topics) -> None:
    complaint = begun(topics, "skipped", NOW - 140, "plain")
    for number in (1, 2, 4, 5):
        complaint.rung("answer", number)


def warn_again(topics: Topics) -> None:
    complaint = begun(topics, "warned-again", NOW - 70, "patient")
    complaint.rung("answer", 1)
    then.paused(complaint, NOW - 10, NOW + 14)
    complaint.rung("answer", 1, late_h=7, due_h=NOW - 16)


def report_on_nothing(topics: Topics) -> None:
    complaint = begun(topics, "no-incident", NOW - 5, "plain")
    then.reported(complaint, NOW - 1)


def declare_what_is_closed(topics: Topics) -> None:
    complaint = begun(topics, "over", NOW - 9, "plain")
    complaint.answered(NOW - 8)
    complaint.met("answer", NOW - 8)
    complaint.closed(NOW - 8, "answered")
    then.declared(complaint, NOW - 1, name="report")


def resume_twice(topics: Topics) -> None:
    complaint = begun(topics, "resumed-twice", NOW - 9, "patient")
    then.paused(complaint, NOW - 8, NOW)
    then.resumed(complaint, NOW - 5)
    complaint.replied("WorkResumed", NOW - 4, "resumed", reason="customer")
    complaint.tell("water", "work", "resumed", NOW - 4)


FAULTS = (
    Fault("a closed complaint was worked on", "legal", "after_the_end", answer_after_the_end),
    Fault("an effect stands before its cause", "legal", "no_cause", put_the_effect_before_its_cause),
    Fault("a service counted backwards", "legal", "sequence_falls", count_backwards),
    Fault("a service said what another one says", "legal", "wrong_voice", speak_for_another),
    Fault(
        "a ladder went on long after the answer",
        "legal",
        "rings_on",
        ring_on_after_the_answer,
        also=frozenset({"verdicts"}),
    ),
    Fault("a second cycle began by itself", "legal", "cycle_too_soon", begin_a_cycle_on_its_own),
    Fault("a fact has another complaint's key", "legal", "wrong_key", key_another_complaint),
    Fault("a complaint's facts lie in two partitions", "legal", "two_partitions", spread_over_two_partitions),
    Fault("a service went back to a past cycle", "legal", "cycle_falls", go_back_a_cycle),
    Fault("a reply was taken for another cycle's", "legal", "other_cycle", take_a_reply_for_another_cycle),
    Fault("a target was judged that was none", "legal", "no_target", judge_a_target_that_is_none),
    Fault(
        "a target was judged by a date of its own",
        "legal",
        "other_date",
        changed("DeadlineMet", "solved", {"target": "answer"}, target_due_at=when(73)),
    ),
    Fault("a rung was skipped", "legal", "rung_skipped", skip_a_rung),
    Fault(
        "a rung is of the wrong kind",
        "legal",
        "wrong_rung",
        lambda topics: head(
            topics,
            one(topics, "ComplaintEscalated", "never-reached", rung=4),
            ce_type="closedloop.deadline.approaching.v1",
        ),
        also=frozenset(["told"]),
    ),
    Fault(
        "a reopened complaint was told to the wrong level",
        "legal",
        "wrong_level",
        changed("DeadlineApproaching", "reopened", level=0),
    ),
    Fault(
        "the policy changed under a complaint",
        "legal",
        "other_policy",
        changed("ComplaintRouted", "warned", policy="pack-2"),
    ),
    Fault("a warning was told again for another date", "legal", "rung_skipped", warn_again),
    Fault(
        "a major incident was told below its level",
        "legal",
        "wrong_level",
        changed("DeadlineApproaching", "raised", level=0),
    ),
    Fault(
        "a department was called late that had nothing to do",
        "legal",
        "not_theirs",
        changed("DeadlineBreached", "never-reached", department="power"),
    ),
    Fault(
        "nobody heard that the ladder ends here",
        "legal",
        "not_the_top",
        changed("ComplaintEscalated", "never-reached", {"rung": 4}, top=False),
    ),
    Fault(
        "somebody was told twice at once",
        "legal",
        "told_besides",
        changed("ComplaintEscalated", "never-reached", {"rung": 4}, person="li", copies=["wang", "li"]),
    ),
    Fault("an incident was reported on that was none", "legal", "illegal", report_on_nothing),
    Fault("work was resumed twice", "legal", "illegal", resume_twice, also=frozenset(["dates"])),
    Fault(
        "a closed complaint became a major incident",
        "legal",
        "after_the_end",
        declare_what_is_closed,
        also=frozenset({"verdicts"}),
    ),
)
