"""Facts that stand in no legal order, and verdicts that do not fit the time of the answer."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.verify.faults.fault import Fault, changed, head, id_of, one, swap
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import Topics


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
    complaint.closed(175, "answered")
    complaint.rung("answer", 3)


def begin_a_cycle_on_its_own(topics: Topics) -> None:
    complaint = begun(topics, "second", 190)
    complaint.cycle = 2
    complaint.targets = {}
    complaint.routed(191)


def key_another_complaint(topics: Topics) -> None:
    record = one(topics, "WorkAccepted", "warned")
    topics.put_instead(record, replace(record, key=id_of("solved")))


def spread_over_two_partitions(topics: Topics) -> None:
    record = topics.of("DeadlineApproaching", complaint_id=id_of("warned"))[0]
    topics.put_instead(record, replace(record, partition=1))


def skip_a_rung(topics: Topics) -> None:
    record = one(topics, "ComplaintEscalated", "never-reached", rung=3)
    topics.drop(record)


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


FAULTS = (
    Fault("a closed complaint was worked on", "I5", "after_the_end", answer_after_the_end),
    Fault("an effect stands before its cause", "I5", "no_cause", put_the_effect_before_its_cause),
    Fault("a service counted backwards", "I5", "sequence_falls", count_backwards),
    Fault("a service said what another one says", "I5", "wrong_voice", speak_for_another),
    Fault("a ladder went on long after the answer", "I5", "rings_on", ring_on_after_the_answer),
    Fault("a second cycle began by itself", "I5", "cycle_too_soon", begin_a_cycle_on_its_own),
    Fault("a fact has another complaint's key", "I5", "wrong_key", key_another_complaint),
    Fault("a complaint's facts lie in two partitions", "I5", "two_partitions", spread_over_two_partitions),
    Fault("a rung was skipped", "I5", "rung_skipped", skip_a_rung),
    Fault(
        "a rung is of the wrong kind",
        "I5",
        "wrong_rung",
        lambda topics: head(
            topics,
            one(topics, "ComplaintEscalated", "never-reached", rung=4),
            ce_type="closedloop.deadline.approaching.v1",
        ),
    ),
    Fault(
        "a reopened complaint was told to the wrong level",
        "I5",
        "wrong_level",
        changed("DeadlineApproaching", "reopened", level=0),
    ),
    Fault(
        "the policy changed under a complaint",
        "I5",
        "other_policy",
        changed("ComplaintRouted", "warned", policy="pack-2"),
    ),
    Fault("a false breach stands", "verdicts", "false_breach", keep_a_false_breach),
    Fault("nobody was told that an answer was in time", "verdicts", "met_untold", tell_nothing_of_what_was_met),
    Fault("a late answer counts as met", "verdicts", "late_told_met", call_a_late_answer_met),
    Fault("a late answer has no breach", "verdicts", "late_untold", forget_a_late_answer),
)
