"""Writes what a healthy system leaves on its topics, complaint by complaint."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from closedloop.verify import Record
from closedloop.verify.tables.contract import SAID_BY, complaint_id
from tests.unit.verify.topics import PERCENT, SOURCE, Topics, hours_of, target, when


class Complaint:
    """One complaint's life: each method is one thing that happens, with all that it leaves on the topics."""

    def __init__(self, topics: Topics, number: str, plan: str = "visited") -> None:
        self.topics, self.number, self.plan = topics, number, plan
        self.id = complaint_id(SOURCE, number)
        self.sequences: Counter[str] = Counter()
        self.cycle, self.level, self.department = 1, 0, "water"
        self.targets: dict[str, dict[str, Any]] = {}
        self.cause = ""
        self.owner = ""
        self.asked = ""
        """The number of the request that the centre has not decided on."""
        self.stands: dict[tuple[str, str, str], str] = {}
        """How each order stands, by its kind, queue and number."""
        self.told: dict[tuple[str, str, str], tuple[int, list[dict[str, Any]]]] = {}
        """The level and the targets that were told last of each order."""
        self.raised = 0
        """By how many levels the plan is raised."""
        self.ended = False
        self.pauses = 0
        """How often it has waited."""
        self.begun = 0.0
        """From when the answer's time counts."""

    def say(self, kind: str, hours: float, cause: str | None = None, late_h: float = 0, **body: object) -> Record:
        """A fact; it becomes the cause of what follows. `late_h` is how long after its time it is appended."""
        service = SAID_BY[kind]
        value = {"complaint_id": self.id, "at": when(hours), "cycle": self.cycle, **body}
        headers = self._headers(kind, service, cause or self.cause)
        record = self.topics.put("closedloop.complaints", value, hours=hours + late_h, key=self.id, headers=headers)
        self.cause = headers["ce_id"]
        return record

    def tell(
        self,
        queue: str,
        order: str,
        why: str,
        hours: float,
        cause: str | None = None,
        state: str = "",
        number: str = "",
        **body: object,
    ) -> Record:
        """A work order on a queue, whole as it stands now; it stays as it stood where no other `state` is given."""
        place = (order, queue, number)
        self.stands[place] = state or self.stands.get(place, "closed" if self.ended else "open")
        id = "/".join(filter(None, (self.id, *place)))
        known = {"order": order, "state": self.stands[place], "order_id": id, "why": why, "complaint_id": self.id}
        self.told[place] = self.raised, list(self.targets.values())
        whole = {"cycle": self.cycle, "subject": "no water", "level": self.raised, "targets": self.told[place][1]}
        if why in ("warned", "breached", "escalated"):
            whole["rung_level"] = 1
        headers = self._headers("WorkOrder", "router", cause or self.cause)
        value = known | whole | body
        return self.topics.put(f"closedloop.queue.{queue}", value, hours=hours, key=id, headers=headers)

    def tell_about(self, target: str, queue: str, why: str, hours: float, cause: str | None = None) -> None:
        """What is told of a target: with the order that it is about, else as a notice."""
        number = self.asked if target == "approve" else ""
        place = ("approve" if target == "approve" else "work", queue, number)
        if place in self.stands:
            self.tell(queue, place[0], why, hours, cause, number=number)
        else:
            self.notify(queue, why, hours, cause)

    def own(self, queue: str, why: str, hours: float) -> None:
        """Somebody else owns it: whoever did has nothing to do any more."""
        had, self.owner = self.owner, queue
        if had not in ("", queue):
            kind, state = ("assign", "decided") if had == "centre" else ("work", "withdrawn")
            self.tell(had, kind, why, hours, state=state)
        self.lapse(why, hours)
        self.tell_again(hours)

    def tell_again(self, hours: float) -> None:
        """Every order hears what it was not told yet of the plan as it stands now."""
        for (kind, queue, number), known in list(self.told.items()):
            is_over = self.stands[kind, queue, number] in ("withdrawn", "decided", "reported")
            if not is_over and known != (self.raised, list(self.targets.values())):
                attempt = {"attempt": int(number[-1])} if kind == "visit" else {}
                self.tell(queue, kind, "dates", hours, number=number, **attempt)

    def lapse(self, why: str, hours: float, state: str = "withdrawn") -> None:
        """Nothing is asked of the centre any more."""
        if self.asked:
            self.tell("centre", "approve", why, hours, state=state, number=self.asked)
        self.asked = ""

    def notify(self, queue: str, why: str, hours: float, cause: str | None = None) -> None:
        """A message on a queue that is no order."""
        headers = self._headers("Notice", "router", cause or self.cause)
        value = {"why": why, "complaint_id": self.id, "cycle": self.cycle}
        self.topics.put(f"closedloop.queue.{queue}", value, hours=hours, key=self.id, headers=headers)

    def submitted(self, hours: float) -> None:
        """An upstream system sends it, intake registers it and says so."""
        value = {"id": self.number, "subject": "no water"}
        self.topics.put(f"closedloop.submissions.{SOURCE}", value, hours=hours)
        self.received(hours, f"closedloop.submissions.{SOURCE}/{self.number}")

    def receipt(self, kind: str, hours: float, cause: str | None = None) -> None:
        """What the upstream system hears."""
        headers = self._headers("Receipt", "intake", cause or self.cause)
        receipt = {"kind": kind, "source": SOURCE, "source_id": self.number, "complaint_id": self.id}
        self.topics.put(f"closedloop.receipts.{SOURCE}", receipt, hours=hours, key=self.id, headers=headers)

    def received(self, hours: float, cause: str) -> None:
        self.begun = hours
        known = {"source": SOURCE, "source_id": self.number, "policy": "pack-1"}
        self.say("ComplaintReceived", hours, cause, received_at=when(hours), **known)
        self.receipt("accepted", hours)

    def routed(self, hours: float, by: str = "policy", cause: str | None = None, **dates: dict[str, Any]) -> None:
        """A department gets it with the dates of its plan."""
        self.targets, self.raised = self.promised(hours) | dates, self.level
        owner = {"department": self.department, "plan": self.plan, "level": self.level, "by": by, "policy": "pack-1"}
        self.say("ComplaintRouted", hours, cause, **owner, targets=list(self.targets.values()))
        why = "assigned" if by == "centre" else "routed" if self.cycle == 1 else "reopened"
        self.tell(self.department, "work", why, hours, state="open")
        self.own(self.department, why, hours)

    def promised(self, hours: float) -> dict[str, dict[str, Any]]:
        """What the plan promises who gets it now; the answer and the whole loop keep the dates that they have."""
        revision, begun = self.cycle, self.begun
        known = {name: t for name, t in self.targets.items() if name in ("answer", "total", "update")}
        answer = target("answer", begun, begun + 72, revision)
        plans = {
            "plain": {"answer": answer},
            "visited": {"accept": target("accept", hours, hours + 24, revision), "answer": answer},
            "patient": {"answer": answer, "total": target("total", begun, begun + 720)},
            "newsy": {
                "acknowledge": target("acknowledge", begun, begun + 24, revision),
                "contact": target("contact", begun, begun + 100, revision),
                "answer": answer,
                "progress": target("progress", begun, begun + 40, revision),
            },
            "followed": {"answer": answer, "total": target("total", begun, begun + 120)},
        }
        return plans[self.plan] | known

    def unroutable(self, hours: float) -> None:
        """Nobody fits: the centre has four hours."""
        self.targets = {"assign": target("assign", hours, hours + 4)}
        self.say("ComplaintUnroutable", hours, department="centre", targets=list(self.targets.values()))
        self.tell("centre", "assign", "unroutable", hours, state="open")
        self.own("centre", "unroutable", hours)

    def replied(
        self,
        kind: str,
        hours: float,
        reply: str,
        judged: float | None = None,
        who: str = "",
        says: Any = (),
        **body: Any,
    ) -> Record:
        """A department's reply, and the fact that it becomes; `says` is what the reply says besides."""
        who = who or self.department
        cause = self.sent(hours, f"replies.{who}", {"reply": reply, **dict(says)})
        times = {"judged_at": when(hours)} if judged is None else {"judged_at": when(judged), "stated_at": when(judged)}
        fact = self.say(kind, hours, cause, department=who, **times, **body)
        self.tell_again(hours)
        return fact

    def sent(self, hours: float, topic: str, value: dict[str, object]) -> str:
        """A record on an edge topic; returns how its effects call it."""
        value = {"complaint_id": self.id, "cycle": self.cycle, **value}
        record = self.topics.put(f"closedloop.{topic}", value, hours=hours)
        return f"{record.topic}/{record.partition}-{record.offset}"

    def answered(self, hours: float, judged: float | None = None, **body: Any) -> None:
        self.replied("ComplaintAnswered", hours, "answered", judged, plan=self.plan, policy="pack-1", **body)
        self.tell(self.department, "work", "answered", hours, state="answered")
        self.lapse("answered", hours)

    def returned(
        self,
        hours: float,
        name: str = "assign",
        revision: int = 2,
        judged: float | None = None,
        **kept: dict[str, Any],
    ) -> None:
        """The department says it is not theirs: the centre assigns it anew; whose dates stay is kept."""
        before, stays = self.targets, ("answer", "final", "total", "update")
        known = {n: goal for n, goal in before.items() if n in stays} | kept
        self.targets = {**known, name: target(name, hours, hours + 4, revision)}
        plan = {"owner": "centre", "targets": list(self.targets.values())}
        self.replied("ComplaintReturned", hours, "returned", judged, **plan)
        self.tell("centre", "assign", "returned", hours, state="open")
        self.own("centre", "returned", hours)
        for gone in (goal for n, goal in before.items() if n not in self.targets):
            self.cancelled(hours, gone, "ComplaintReturned")
        for goal in (before[n] for n, new in kept.items() if before[n] != new):
            self.moved(hours, goal, "ComplaintReturned")

    def met(self, name: str, hours: float, done: float | None = None, goal: dict[str, Any] | None = None) -> None:
        """Escalation finds a target met, without being the cause of what comes next."""
        goal = goal or self.targets[name]
        self.judged("DeadlineMet", hours, goal, met_at=when(hours if done is None else done))

    def missed(
        self, name: str, hours: float, late_h: float, goal: dict[str, Any] | None = None, done: float | None = None
    ) -> None:
        """A target was met so many hours late, to the minute."""
        late = dict.fromkeys(("late", "late_wall"), f"PT{round(late_h * 60)}M")
        met_at = when(hours if done is None else done)
        self.judged("DeadlineMissed", hours, goal or self.targets[name], met_at=met_at, **late)

    def cancelled(self, hours: float, goal: dict[str, Any], why: str) -> None:
        self.judged("DeadlineCancelled", hours, goal, why=why)

    def moved(self, hours: float, goal: dict[str, Any], why: str) -> None:
        """A target got the date that it has now; who waits for the answer hears of its date."""
        new = self.targets[goal["name"]]
        dates = {"before": goal["due_at"], "after": new["due_at"], "to_revision": new["revision"]}
        fact = self.judged("DeadlineMoved", hours, goal, **dates, why=why)
        if goal["name"] == "answer":
            self.receipt("status", hours, fact.headers["ce_id"])

    def retracted(
        self,
        name: str,
        hours: float,
        done: float,
        rungs: list[int],
        goal: dict[str, Any] | None = None,
        why: str = "met",
    ) -> None:
        heard = {"rungs": rungs, "queues": [self.department], "why": why}
        fact = self.judged("BreachRetracted", hours, goal or self.targets[name], met_at=when(done), **heard)
        self.tell_about(name, self.department, "retracted", hours, fact.headers["ce_id"])

    def too_much(self, name: str, hours: float, done: float, rungs: list[int], why: str = "met") -> None:
        """Rungs were told that fell due only after the end: whoever heard them hears that too."""
        taken_back = [{"queue": self.department, "action": "tell", "rungs": rungs}]
        more = {"ended_at": when(done), "why": why, "taken_back": taken_back}
        fact = self.judged("RungsRetracted", hours, self.targets[name], **more)
        self.tell(self.department, "work", "retracted", hours, cause=fact.headers["ce_id"])

    def refused(self, hours: float, cause: str, department: str, reason: str) -> None:
        """A reply is not legal: the fact, and the order that says so."""
        self.say("ReplyRefused", hours, cause, department=department, reason=reason)
        self.notify(department, "refused", hours)

    def judged(self, kind: str, hours: float, goal: dict[str, Any], **more: Any) -> Record:
        """What escalation says of how a clock ended; the case's other causes stay what they are."""
        cause, cycle = self.cause, self.cycle
        known = {"target": goal["name"], "revision": goal["revision"]}
        due = {} if kind == "DeadlineMoved" else {"target_due_at": goal["due_at"]}
        fact = self.say(kind, hours, **known, **due, **({"cycle": 1} if goal["name"] == "total" else {}), **more)
        self.cause, self.cycle = cause, cycle
        return fact

    def rung(self, name: str, number: int, late_h: float = 0, due_h: float | None = None, **more: Any) -> None:
        """A rung at its time, told on the queue; the case's other causes stay what they are.

        `due_h` is its time where a pause makes it another than the share of the target's time.
        """
        goal, cause = self.targets.get(name) or more.pop("goal"), self.cause
        starts, due = hours_of(goal["starts_at"]), hours_of(goal["due_at"])
        reminders = max(0, number - len(PERCENT))
        hours = starts + (due - starts) * PERCENT[min(number, 3) - 1] / 100 + 24 * reminders if due_h is None else due_h
        kind = more.pop("kind", ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")[min(number, 3) - 1])
        step = {"rung": number, "due_at": when(hours), "level": min(number - 1 + self.level, 2), "top": number > 2}
        known = {"target": name, "revision": goal["revision"], "target_due_at": goal["due_at"], "role": "head"}
        whom = {"department": self.department, "queue": self.department} | ({"cycle": 1} if name == "total" else {})
        self.say(kind, hours, f"timer/{when(hours)}", late_h, **(known | step | whom | more))
        why = {"DeadlineApproaching": "warned", "DeadlineBreached": "breached"}.get(kind, "escalated")
        why = "resumed" if (name, why) == ("resume", "breached") else why
        self.tell_about(name, more.get("queue", self.department), why, hours + late_h)
        self.cause = cause

    def scheduled(self, attempt: int, hours: float) -> None:
        self.visit = {
            "desk": "visit-desk",
            "attempt": attempt,
            "opens_at": when(hours + 24),
            "due_at": when(hours + 48),
        }
        self.say("VisitScheduled", hours, **self.visit)

    def requested(self, hours: float) -> None:
        self.say("VisitRequested", hours, f"timer/{when(hours)}", **self.visit)
        self.tell_visit("visit", hours, "open")

    def tell_visit(self, why: str, hours: float, state: str) -> None:
        """The order of the visit that was scheduled last."""
        attempt = self.visit["attempt"]
        self.tell("visit-desk", "visit", why, hours, state=state, number=f"{self.cycle}-{attempt}", attempt=attempt)

    def attempted(self, hours: float, outcome: str) -> None:
        """The desk reports, in time."""
        attempt = self.visit["attempt"]
        cause = self.sent(hours, "visits.visit-desk", {"attempt": attempt, "outcome": outcome, "visitor": "Li"})
        self.say("VisitAttempted", hours, cause, desk="visit-desk", attempt=attempt, outcome=outcome)
        self.tell_visit("visited", hours, "reported")
        self.met("visit", hours, goal={"name": "visit", "due_at": self.visit["due_at"], "revision": attempt})

    def visited(self, attempt: int, hours: float, outcome: str) -> None:
        """From the schedule to the report, one day and an hour later."""
        self.scheduled(attempt, hours)
        self.requested(hours + 24)
        self.attempted(hours + 25, outcome)

    def reopened(self, hours: float) -> None:
        self.cycle, self.level, self.begun = self.cycle + 1, self.level + 1, hours
        self.targets = {name: target for name, target in self.targets.items() if name == "total"}
        self.say("ComplaintReopened", hours, level=self.level)

    def closed(self, hours: float, ending: str) -> None:
        self.say("ComplaintClosed", hours, ending=ending)
        self.ended = True
        for kind, queue, number in [place for place, state in self.stands.items() if state in ("open", "answered")]:
            attempt = {"attempt": int(number[-1])} if kind == "visit" else {}
            self.tell(queue, kind, "closed", hours, state="closed", number=number, **attempt)
        self.receipt("closed", hours)
        if "total" in self.targets:
            self.met("total", hours)

    def _headers(self, kind: str, service: str, cause: str) -> dict[str, str]:
        self.sequences[service] += 1
        number = self.sequences[service]
        return {
            "ce_type": ".".join(["closedloop", *re.findall("[A-Z][a-z]+", kind), "v1"]).lower(),
            "ce_source": f"/closedloop/{service}",
            "ce_subject": self.id,
            "ce_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.id}/{service}/{number}")),
            "ce_sequence": str(number),
            "ce_causationid": cause,
        }


def begun(topics: Topics, number: str, hours: float, plan: str = "visited") -> Complaint:
    """A complaint that is submitted and routed."""
    complaint = Complaint(topics, number, plan)
    complaint.submitted(hours)
    complaint.routed(hours)
    return complaint
