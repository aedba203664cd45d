"""What can happen to the dates of a complaint, each with all that it leaves on the topics."""

from __future__ import annotations

from typing import Any

from tests.unit.verify.history import Complaint
from tests.unit.verify.topics import hours_of, target, when

Goal = dict[str, Any]


def plan(complaint: Complaint, *targets: Goal, but: tuple[str, ...] = ()) -> list[Goal]:
    """The whole plan with some targets anew and without others; it holds from here on."""
    rest = {name: goal for name, goal in complaint.targets.items() if name not in but}
    complaint.targets = rest | {goal["name"]: goal for goal in targets}
    return list(complaint.targets.values())


def next_of(goal: Goal, due: float, **more: Any) -> Goal:
    """The target with another date, under its next revision."""
    return {**goal, "due_at": when(due), "revision": goal["revision"] + 1, **more}


def paused(
    complaint: Complaint,
    hours: float,
    until: float,
    judged: float | None = None,
    cause: str = "",
    reason: str = "customer",
    **rungs: Any,
) -> None:
    """The work waits; where consent began that, with that reply's `cause`."""
    complaint.pauses += 1
    since, old = hours if judged is None else judged, complaint.targets["answer"]
    pause = {"starts_at": when(since), "ends_at": when(until), "reason": reason}
    later = hours_of(old["due_at"]) + until - since
    answer = next_of(old, later, pauses=[*old.get("pauses", ()), pause], before_pause=old["due_at"])
    targets = plan(complaint, answer, target("resume", since, until, complaint.pauses), but=("approve",))
    body = {"reason": reason, "until": when(until), "paused": ["answer"], "targets": targets}
    if cause:
        times = {"judged_at": when(since)} if judged is None else {"judged_at": when(since), "stated_at": when(since)}
        complaint.say("WorkPaused", hours, cause, department=complaint.department, **times, **body)
    else:
        complaint.replied("WorkPaused", hours, "waiting", judged, says={"reason": reason}, **body)
    complaint.tell(complaint.department, "work", "paused", hours)
    if rungs:
        complaint.retracted("answer", hours, since, goal=old, why="moved", **rungs)
    complaint.moved(hours, old, "WorkPaused")


def resumed(complaint: Complaint, hours: float) -> None:
    """What the work waited for has come: the pause was as long as it was."""
    old, resume = complaint.targets["answer"], complaint.targets["resume"]
    answer = cut(old, hours)
    targets = plan(complaint, answer, but=("resume",))
    complaint.replied("WorkResumed", hours, "resumed", reason="customer", targets=targets)
    complaint.tell(complaint.department, "work", "resumed", hours)
    complaint.met("resume", hours, goal=resume)
    complaint.moved(hours, old, "WorkResumed")


def cut(old: Goal, hours: float) -> Goal:
    """A target whose last pause ends now."""
    *others, last = old["pauses"]
    later = hours_of(old["before_pause"]) + hours - hours_of(last["starts_at"])
    return next_of(old, later, pauses=[*others, {**last, "ends_at": when(hours)}])


def asked(
    complaint: Complaint, hours: float, what: str, subject: str, until: float, due: float, whom: str = "centre"
) -> None:
    """The department asks for consent, which the centre has to decide on in time."""
    revision = complaint.targets.get("approve", {"revision": 0})["revision"] + 1
    approve = target("approve", hours, due, revision, department="centre")
    says = {"reason": subject} if what == "pause" else {"target": subject, "until": when(until)}
    complaint.replied(
        "ApprovalRequested",
        hours,
        "waiting" if what == "pause" else "extension",
        says=says,
        what=what,
        subject=subject,
        until=when(until),
        approver=whom,
        targets=plan(complaint, approve),
    )
    complaint.asked = str(revision)
    complaint.tell(whom, "approve", "approval", hours, state="open", number=complaint.asked)


def granted(
    complaint: Complaint, hours: float, subject: str, until: float, who: str = "centre", is_late: bool = False
) -> None:
    """The centre consents to a later date."""
    old, approve = complaint.targets[subject], complaint.targets["approve"]
    targets = plan(complaint, next_of(old, until, before_pause=None), but=("approve",))
    about = {"what": "extension", "subject": subject, "until": when(until), "targets": targets}
    complaint.replied("ApprovalGranted", hours, "approved", who=who, **about)
    complaint.tell(complaint.department, "work", "granted", hours)
    complaint.lapse("granted", hours, "decided")
    if not is_late:
        complaint.met("approve", hours, goal=approve)
    complaint.moved(hours, old, "ApprovalGranted")


def allowed_to_wait(complaint: Complaint, hours: float, until: float, judged: float | None = None) -> None:
    """The centre consents to a pause, which begins with that."""
    approve = complaint.targets["approve"]
    about = {"what": "pause", "subject": "parts", "until": when(until), "targets": plan(complaint, but=("approve",))}
    record = complaint.replied("ApprovalGranted", hours, "approved", judged, who="centre", **about)
    complaint.tell(complaint.department, "work", "granted", hours)
    complaint.lapse("granted", hours, "decided")
    complaint.met("approve", hours, judged, goal=approve)
    paused(complaint, hours, until, judged, record.headers["ce_causationid"], "parts")


def refused(complaint: Complaint, hours: float, subject: str, judged: float | None = None) -> None:
    """The centre does not consent to a later date."""
    approve = complaint.targets["approve"]
    targets = plan(complaint, but=("approve",))
    about = {"what": "extension", "subject": subject, "targets": targets}
    complaint.replied("ApprovalRefused", hours, "refused", judged, who="centre", **about)
    complaint.tell(complaint.department, "work", "not_granted", hours)
    complaint.lapse("not_granted", hours, "decided")
    complaint.met("approve", hours, judged, goal=approve)


def held(complaint: Complaint, hours: float) -> None:
    """A holding reply meets the answer; the final one is due ten days after the beginning."""
    final = target("final", complaint.begun, complaint.begun + 240)
    complaint.replied("HoldingReplySent", hours, "holding", meets=["answer"], targets=plan(complaint, final))
    complaint.met("answer", hours)


def told_news(complaint: Complaint, hours: float, name: str, every: float, who: str = "") -> None:
    """News is told; the next is due as long after it."""
    old = complaint.targets[name]
    complaint.replied("ProgressReported", hours, "progress", who=who, targets=plan(complaint, again(old, hours, every)))
    complaint.met(name, hours, goal=old)


def called(complaint: Complaint, hours: float, every: float) -> None:
    """The customer was called; the next call is due as long after it."""
    old = complaint.targets["contact"]
    complaint.replied("CustomerContacted", hours, "contacted", targets=plan(complaint, again(old, hours, every)))
    complaint.met("contact", hours, goal=old)


def promised(complaint: Complaint, hours: float, until: float, every: float = 0) -> None:
    """The customer was told when the department calls back; where calls are wanted again, the next is due after it."""
    known = [complaint.targets["contact"]] if every else []
    anew = (again(goal, hours, every) for goal in known)
    says, targets = {"until": when(until)}, plan(complaint, *anew, target("callback", hours, until))
    complaint.replied("CallbackPromised", hours, "promised", says=says, targets=targets)
    for goal in known:
        complaint.met("contact", hours, goal=goal)


def again(old: Goal, hours: float, every: float) -> Goal:
    """The next of a target that is wanted again and again."""
    return target(old["name"], hours, hours + every, old["revision"] + 1)


def declared(complaint: Complaint, hours: float, by: str = "department", name: str = "update") -> None:
    """It is a major incident: news is due every two hours until the answer, then the report."""
    new = target(name, hours, hours + (2 if name == "update" else 48))
    body = {"by": by, "level": 2, "manager": "centre", "policy": "pack-1", "targets": plan(complaint, new)}
    if by == "policy":
        cause, judged_at = complaint.cause, when(hours)
        complaint.say("IncidentDeclared", hours, cause, department=complaint.department, judged_at=judged_at, **body)
    else:
        complaint.replied("IncidentDeclared", hours, "incident", **body)
    for queue in {complaint.department: "work", "centre": "incident"}.items():
        complaint.tell(*queue, "incident", hours)


def reported(complaint: Complaint, hours: float) -> None:
    """The incident's report is written, and sent to who waits for it."""
    complaint.replied("IncidentReported", hours, "report")
    if ("incident", "centre", "") in complaint.stands:
        complaint.tell("centre", "incident", "reported", hours, state="reported")
    else:
        complaint.notify("centre", "reported", hours)
    complaint.receipt("report", hours)
    if "report" in complaint.targets:
        complaint.met("report", hours)


def lapsed(complaint: Complaint, hours: float, cause: str) -> None:
    """The complaint had ended when the report was asked for: nobody has to write it."""
    report = complaint.targets["report"]
    targets = plan(complaint, but=("report",))
    complaint.say("PlanLapsed", hours, cause, reason="ended", lapsed=["report"], targets=targets)
    complaint.tell_again(hours)
    for queue in (complaint.department, "centre"):
        complaint.notify(queue, "lapsed", hours)
    complaint.cancelled(hours, report, "PlanLapsed")
