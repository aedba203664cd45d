"""Lives of complaints whose dates move: pauses, consent, promises, news and major incidents."""

from __future__ import annotations

from tests.unit.verify import happenings as then
from tests.unit.verify.history import begun
from tests.unit.verify.topics import NOW, Topics, target


def paused(topics: Topics) -> None:
    """The work waits for ten hours and no longer; the answer has as much more time, its warning too."""
    complaint = begun(topics, "paused", 0, "patient")
    then.paused(complaint, 10, 34)
    then.resumed(complaint, 20)
    complaint.rung("answer", 1, due_h=64)
    complaint.answered(80)
    complaint.met("answer", 80)
    complaint.closed(80, "answered")


def waited(topics: Topics) -> None:
    """Warned, then paused to the cap, which is told; the old warning is not told again. The answer is late."""
    complaint = begun(topics, "waited", 0, "patient")
    complaint.rung("answer", 1)
    then.paused(complaint, 60, 84)
    complaint.rung("resume", 1)
    complaint.rung("resume", 2)
    complaint.rung("answer", 2, due_h=96)
    complaint.rung("answer", 3, due_h=114)
    resume = complaint.targets["resume"]
    complaint.answered(115, targets=then.plan(complaint, but=("resume",)))
    complaint.missed("answer", 115, 19)
    complaint.cancelled(115, resume, "ComplaintAnswered")
    complaint.closed(115, "answered")


def extended(topics: Topics) -> None:
    """The centre consents to a later date; the new one is warned of anew. A second request is refused."""
    complaint = begun(topics, "extended", 0, "patient")
    then.asked(complaint, 20, "extension", "answer", 90, 28)
    then.refused(complaint, 21, "answer")
    complaint.targets["approve"] = target("approve", 0, 0)
    then.asked(complaint, 40, "extension", "answer", 100, 48)
    then.granted(complaint, 44, "answer", 100)
    complaint.rung("answer", 1)
    complaint.answered(90)
    complaint.met("answer", 90)
    complaint.closed(90, "answered")


def consented(topics: Topics) -> None:
    """A pause by consent ends with the department; the date goes on with the next one, which sends a holding reply."""
    complaint = begun(topics, "consented", 0, "patient")
    then.asked(complaint, 10, "pause", "parts", 58, 15)
    then.allowed_to_wait(complaint, 12, 58)
    complaint.returned(30, revision=1, judged=29.9, answer=then.cut(complaint.targets["answer"], 29.9))
    assign = complaint.targets.pop("assign")
    complaint.department = "power"
    cause = complaint.sent(31, "replies.centre", {"reply": "assigned", "assign_to": "power"})
    complaint.routed(31, "centre", cause)
    complaint.met("assign", 31, goal=assign)
    complaint.rung("answer", 1, due_h=71.9)
    then.held(complaint, 80)
    complaint.rung("final", 1)


def newsy(topics: Topics) -> None:
    """Acknowledged, told of again and again, called back as promised and to be called again, answered."""
    complaint = begun(topics, "newsy", 0, "newsy")
    complaint.replied("ReceiptAcknowledged", 2, "acknowledged")
    complaint.met("acknowledge", 2)
    then.told_news(complaint, 15, "progress", 40)
    complaint.rung("progress", 1)
    then.told_news(complaint, 50, "progress", 40)
    then.promised(complaint, 52, 60, 100)
    callback = complaint.targets["callback"]
    then.called(complaint, 53, 100)
    complaint.met("callback", 53, goal=callback)
    complaint.rung("answer", 1)
    complaint.answered(71)
    complaint.met("answer", 71)
    complaint.met("contact", 71)
    complaint.met("progress", 71)
    complaint.closed(71, "answered")


def incident(topics: Topics) -> None:
    """A major incident by policy: told at the top, told of every two hours; solved, it ends with its report."""
    complaint = begun(topics, "incident", 0)
    then.declared(complaint, 0, "policy")
    then.told_news(complaint, 1.5, "update", 2)
    complaint.met("accept", 1.5)
    then.told_news(complaint, 3.2, "update", 2, who="centre")
    complaint.level = 2
    complaint.rung("update", 1, due_h=5.2, kind="DeadlineBreached", queue="centre", level=2, top=True)
    complaint.level = 0
    update = complaint.targets["update"]
    report = target("report", 6, 54)
    complaint.answered(6, targets=then.plan(complaint, report, but=("update",)))
    complaint.met("answer", 6)
    complaint.cancelled(6, update, "ComplaintAnswered")
    complaint.visited(1, 6, "solved")
    then.reported(complaint, 40)
    complaint.closed(40, "solved")


def declared_late(topics: Topics) -> None:
    """What turns out to be a major incident after the answer is reported on; its visit is still ahead."""
    complaint = begun(topics, "declared-late", NOW - 20)
    complaint.replied("WorkAccepted", NOW - 19, "accepted")
    complaint.met("accept", NOW - 19)
    complaint.answered(NOW - 10)
    complaint.met("answer", NOW - 10)
    complaint.scheduled(1, NOW - 10)
    then.declared(complaint, NOW - 5, name="report")


def declared_at_the_end(topics: Topics) -> None:
    """Declared a major incident while it was being closed: the end stands, and the report lapses."""
    complaint = begun(topics, "declared-at-the-end", 0)
    complaint.answered(10)
    complaint.met("accept", 10)
    complaint.met("answer", 10)
    complaint.visited(1, 10, "solved")
    complaint.closed(35, "solved")
    closed = complaint.cause
    then.declared(complaint, 35, name="report")
    then.lapsed(complaint, 35, closed)


def raised(topics: Topics) -> None:
    """A department declares a major incident and falls silent: every ladder of it begins two levels higher."""
    complaint = begun(topics, "raised", NOW - 60)
    complaint.replied("WorkAccepted", NOW - 59, "accepted")
    complaint.met("accept", NOW - 59)
    then.declared(complaint, NOW - 50)
    complaint.rung("update", 1, due_h=NOW - 48, kind="DeadlineBreached", queue="centre", level=2, top=True)
    complaint.rung("answer", 1, level=2)


def awaited(topics: Topics) -> None:
    """A major incident is solved, and not closed: its report is still ahead."""
    complaint = begun(topics, "awaited", NOW - 40)
    then.declared(complaint, NOW - 40, "policy")
    update = complaint.targets["update"]
    report = target("report", NOW - 39, NOW + 9)
    complaint.answered(NOW - 39, targets=then.plan(complaint, report, but=("update",)))
    complaint.met("accept", NOW - 39)
    complaint.met("answer", NOW - 39)
    complaint.cancelled(NOW - 39, update, "ComplaintAnswered")
    complaint.visited(1, NOW - 39, "solved")


def followed(topics: Topics) -> None:
    """The whole loop has a date, which outlives the first cycle."""
    complaint = begun(topics, "followed", 0, "followed")
    complaint.answered(5)
    complaint.met("answer", 5)
    complaint.visited(1, 5, "not_solved")
    complaint.reopened(30)
    complaint.routed(30)
    complaint.rung("answer", 1)
    complaint.rung("total", 1)
    complaint.answered(91)
    complaint.met("answer", 91)
    complaint.visited(1, 91, "solved")
    complaint.closed(116, "solved")


def waited_in_time(topics: Topics) -> None:
    """The wait began in time, but the timer won: the breach is told and taken back."""
    complaint = begun(topics, "waited-in-time", 0, "patient")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    then.paused(complaint, 72.05, 95.9, judged=71.9, rungs=[1, 2])
    resume = complaint.targets["resume"]
    complaint.answered(80, targets=then.plan(complaint, but=("resume",)))
    complaint.met("answer", 80)
    complaint.cancelled(80, resume, "ComplaintAnswered")
    complaint.closed(80, "answered")


def arbitrated(topics: Topics) -> None:
    """Returned twice: now the centre rules whose it is."""
    complaint = begun(topics, "arbitrated", 0, "plain")
    for hours, name in ((2, "assign"), (4, "arbitrate")):
        complaint.returned(hours, name, 1)
        ruling = complaint.targets.pop(name)
        cause = complaint.sent(hours + 1, "replies.centre", {"reply": "assigned", "assign_to": "water"})
        complaint.routed(hours + 1, "centre", cause)
        complaint.met(name, hours + 1, goal=ruling)
    complaint.answered(6)
    complaint.met("answer", 6)
    complaint.closed(6, "answered")


TALES = (
    paused,
    waited,
    extended,
    consented,
    newsy,
    incident,
    declared_late,
    declared_at_the_end,
    raised,
    awaited,
    followed,
    waited_in_time,
    arbitrated,
)
