"""Plans that are not what they must be after a fact: dates, pauses and revisions that nothing explains."""

from __future__ import annotations

from tests.unit.verify import happenings as then
from tests.unit.verify.faults.fault import Fault, one
from tests.unit.verify.history import begun
from tests.unit.verify.topics import NOW, Topics, body_of, target, when

ALSO_JUDGED = frozenset(["verdicts"])
"""Escalation judges by the plans that it reads: it did not see this one."""


def ask_for_what_nobody_promised(topics: Topics) -> None:
    complaint = begun(topics, "burdened", NOW - 5, "plain")
    accept = target("accept", NOW - 5, NOW + 19)
    complaint.replied("WorkAccepted", NOW - 1, "accepted", targets=then.plan(complaint, accept))


def win_time_by_waiting(topics: Topics) -> None:
    complaint = begun(topics, "winner", NOW - 5, "patient")
    then.paused(complaint, NOW - 4, NOW + 20)
    old = complaint.targets["answer"]
    topics.change(one(topics, "WorkPaused", "winner"), targets=then.plan(complaint, {**old, "due_at": when(NOW + 99)}))
    topics.change(one(topics, "DeadlineMoved", "winner"), after=when(NOW + 99))


def lose_time_by_resuming(topics: Topics) -> None:
    complaint = begun(topics, "loser", NOW - 9, "patient")
    then.paused(complaint, NOW - 8, NOW + 16)
    old = complaint.targets["answer"]
    before = {**old, "due_at": old["before_pause"], "pauses": []}
    resume = complaint.targets["resume"]
    targets = then.plan(complaint, then.next_of(before, NOW + 63), but=("resume",))
    complaint.replied("WorkResumed", NOW - 4, "resumed", reason="customer", targets=targets)
    complaint.tell("water", "work", "resumed", NOW - 4)
    complaint.met("resume", NOW - 4, goal=resume)
    complaint.moved(NOW - 4, old, "WorkResumed")


def wait_until_the_return_arrives(topics: Topics) -> None:
    complaint = begun(topics, "returner", NOW - 9, "patient")
    then.paused(complaint, NOW - 8, NOW + 16)
    complaint.returned(NOW - 3, revision=1, judged=NOW - 3.1, answer=then.cut(complaint.targets["answer"], NOW - 3))


def forget_that_it_waited(topics: Topics) -> None:
    complaint = begun(topics, "forgetful", NOW - 5, "patient")
    then.paused(complaint, NOW - 4, NOW + 20)
    old = complaint.targets["answer"]
    topics.change(one(topics, "WorkPaused", "forgetful"), targets=then.plan(complaint, {**old, "pauses": []}))


def ask_nobody(topics: Topics) -> None:
    asked = one(topics, "ApprovalRequested", "extended")
    targets = [{**goal, "department": None} for goal in body_of(asked)["targets"]]
    topics.change(asked, targets=targets)


def skip_a_revision(topics: Topics) -> None:
    complaint = begun(topics, "skipper", NOW - 9, "newsy")
    old, new = complaint.targets["progress"], target("progress", NOW - 1, NOW + 39, 3)
    complaint.replied("ProgressReported", NOW - 1, "progress", targets=then.plan(complaint, new))
    complaint.met("progress", NOW - 1, goal=old)


def want_no_more_news(topics: Topics) -> None:
    complaint = begun(topics, "newsless", NOW - 9, "newsy")
    complaint.replied("ProgressReported", NOW - 1, "progress")
    complaint.met("progress", NOW - 1)


def want_no_more_calls(topics: Topics) -> None:
    complaint = begun(topics, "callless", NOW - 9, "newsy")
    callback = target("callback", NOW - 2, NOW + 3)
    says, targets = {"until": when(NOW + 3)}, then.plan(complaint, callback)
    complaint.replied("CallbackPromised", NOW - 2, "promised", says=says, targets=targets)
    complaint.met("contact", NOW - 2)


def want_no_more_news_once_held(topics: Topics) -> None:
    complaint = begun(topics, "held", NOW - 9, "newsy")
    final, contact = target("final", NOW - 9, NOW + 231), target("contact", NOW - 2, NOW + 98, 2)
    goals = [complaint.targets[name] for name in ("contact", "progress")]
    targets = then.plan(complaint, final, contact)
    complaint.replied("HoldingReplySent", NOW - 2, "holding", meets=["progress"], targets=targets)
    complaint.met("acknowledge", NOW - 2)
    for goal in goals:
        complaint.met(goal["name"], NOW - 2, goal=goal)


def call_back_later_than_promised(topics: Topics) -> None:
    complaint = begun(topics, "uncalled", NOW - 9, "patient")
    callback = target("callback", NOW - 2, NOW + 9)
    says, targets = {"until": when(NOW + 3)}, then.plan(complaint, callback)
    complaint.replied("CallbackPromised", NOW - 2, "promised", says=says, targets=targets)


def answer_finally_whenever(topics: Topics) -> None:
    complaint = begun(topics, "sometime", NOW - 9, "patient")
    final = target("final", NOW - 9, NOW + 999)
    complaint.replied("HoldingReplySent", NOW - 2, "holding", meets=["answer"], targets=then.plan(complaint, final))
    complaint.met("answer", NOW - 2)


def decide_whenever(topics: Topics) -> None:
    complaint = begun(topics, "undecided", NOW - 9, "patient")
    then.asked(complaint, NOW - 2, "extension", "answer", NOW + 80, NOW + 40)


def report_whenever(topics: Topics) -> None:
    complaint = begun(topics, "unhurried", NOW - 9, "visited")
    then.declared(complaint, NOW - 9, "policy")
    update, report = complaint.targets["update"], target("report", NOW - 8, NOW + 400)
    complaint.answered(NOW - 8, targets=then.plan(complaint, report, but=("update",)))
    complaint.met("accept", NOW - 8)
    complaint.met("answer", NOW - 8)
    complaint.cancelled(NOW - 8, update, "ComplaintAnswered")
    complaint.scheduled(1, NOW - 8)


def begin_the_loop_anew(topics: Topics) -> None:
    complaint = begun(topics, "endless", NOW - 90, "followed")
    complaint.answered(NOW - 89)
    complaint.met("answer", NOW - 89)
    complaint.visited(1, NOW - 89, "not_solved")
    complaint.reopened(NOW - 64)
    total = complaint.targets["total"]
    complaint.routed(NOW - 64, total=target("total", NOW - 64, NOW + 56, 2))
    complaint.rung("answer", 1)
    complaint.moved(NOW - 64, total, "ComplaintRouted")


def say_that_another_plan_gave_the_date(topics: Topics) -> None:
    begun(topics, "misattributed", NOW - 5, "plain")
    routed, rule = one(topics, "ComplaintRouted", "misattributed"), "/plans/patient/targets/answer"
    topics.change(routed, targets=[{**goal, "rule": rule} for goal in body_of(routed)["targets"]])


def say_that_nothing_moved_the_date(topics: Topics) -> None:
    complaint = begun(topics, "unmoved", NOW - 5, "patient")
    then.paused(complaint, NOW - 4, NOW + 20)
    answer = {**complaint.targets["answer"], "rule": "/plans/patient/targets/answer"}
    targets = then.plan(complaint, answer)
    topics.change(one(topics, "WorkPaused", "unmoved"), targets=targets)


FAULTS = (
    Fault("a plan holds what nobody promised", "dates", "unpromised", ask_for_what_nobody_promised),
    Fault(
        "waiting won more time than was waited",
        "dates",
        "other_promise",
        win_time_by_waiting,
        also=frozenset(["orders"]),
    ),
    Fault("a wait was not added to the date", "dates", "other_promise", lose_time_by_resuming),
    Fault("a wait outlasted the return that ends it", "dates", "other_promise", wait_until_the_return_arrives),
    Fault("a date moved by a pause does not tell of it", "dates", "other_pauses", forget_that_it_waited),
    Fault("nobody in particular has to consent", "dates", "of_another", ask_nobody),
    Fault("a revision was skipped", "dates", "not_counted", skip_a_revision),
    Fault("news that is wanted again was not", "dates", "other_promise", want_no_more_news),
    Fault("calls that are wanted again were not after a promise", "dates", "other_promise", want_no_more_calls),
    Fault("news that is wanted again was not once held", "dates", "other_promise", want_no_more_news_once_held),
    Fault("a promised call has another date", "dates", "other_promise", call_back_later_than_promised),
    Fault("a final answer has more time than the policy gives", "dates", "other_promise", answer_finally_whenever),
    Fault("the centre has more time than the policy gives", "dates", "other_promise", decide_whenever),
    Fault("an incident's report has more time than the policy gives", "dates", "other_promise", report_whenever),
    Fault("the whole loop began anew with the second cycle", "dates", "other_promise", begin_the_loop_anew),
    Fault("a date is told to be another plan's", "dates", "other_rule", say_that_another_plan_gave_the_date),
    Fault("a date that a pause moved is told to be its first", "dates", "other_mover", say_that_nothing_moved_the_date),
)
