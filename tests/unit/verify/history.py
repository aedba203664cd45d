"""Writes what a healthy system leaves on its topics, complaint by complaint."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from closedloop.verify import Record
from closedloop.verify.clock import to_ms
from closedloop.verify.contract import SAID_BY, complaint_id
from tests.unit.verify.topics import BEGIN, HOUR, PERCENT, SOURCE, Topics, target, when


class Complaint:
    """One complaint's life: each method is one thing that happens, with all that it leaves on the topics."""

    def __init__(self, topics: Topics, number: str, plan: str = "visited") -> None:
        self.topics, self.number, self.plan = topics, number, plan
        self.id = complaint_id(SOURCE, number)
        self.sequences: Counter[str] = Counter()
        self.cycle, self.level, self.department = 1, 0, "water"
        self.targets: dict[str, dict[str, Any]] = {}
        self.cause = ""
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

    def tell(self, queue: str, order: str, why: str, hours: float, cause: str | None = None, **body: object) -> Record:
        """A work order on a queue."""
        value = {"order": order, "state": "open", "why": why, "complaint_id": self.id, "cycle": self.cycle, **body}
        headers = self._headers("WorkOrder", "router", cause or self.cause)
        return self.topics.put(f"closedloop.queue.{queue}", value, hours=hours, key=self.id, headers=headers)

    def submitted(self, hours: float) -> None:
        """An upstream system sends it, intake registers it and says so."""
        value = {"id": self.number, "subject": "no water"}
        self.topics.put(f"closedloop.submissions.{SOURCE}", value, hours=hours)
        self.received(hours, f"closedloop.submissions.{SOURCE}/{self.number}")

    def receipt(self, kind: str, hours: float) -> None:
        """What the upstream system hears."""
        headers = self._headers("Receipt", "intake", self.cause)
        receipt = {"kind": kind, "source": SOURCE, "source_id": self.number, "complaint_id": self.id}
        self.topics.put(f"closedloop.receipts.{SOURCE}", receipt, hours=hours, key=self.id, headers=headers)

    def received(self, hours: float, cause: str) -> None:
        self.begun = hours
        known = {"source": SOURCE, "source_id": self.number, "policy": "pack-1"}
        self.say("ComplaintReceived", hours, cause, received_at=when(hours), **known)
        self.receipt("accepted", hours)

    def routed(self, hours: float, by: str = "policy", cause: str | None = None, **dates: dict[str, Any]) -> None:
        """A department gets it with the dates of its plan."""
        revision = self.cycle
        answer = self.targets.get("answer", target("answer", self.begun, self.begun + 72, revision))
        accept = target("accept", hours, hours + 24, revision)
        planned = {"answer": answer} if self.plan == "plain" else {"accept": accept, "answer": answer}
        self.targets = planned | dates
        owner = {"department": self.department, "plan": self.plan, "level": self.level, "by": by, "policy": "pack-1"}
        self.say("ComplaintRouted", hours, cause, **owner, targets=list(self.targets.values()))
        self.tell(self.department, "work", "routed", hours)

    def unroutable(self, hours: float) -> None:
        """Nobody fits: the centre has four hours."""
        self.targets = {"assign": target("assign", hours, hours + 4)}
        self.say("ComplaintUnroutable", hours, department="centre", targets=list(self.targets.values()))
        self.tell("centre", "assign", "unroutable", hours)

    def replied(self, kind: str, hours: float, reply: str, judged: float | None = None, **body: object) -> Record:
        """A department's reply, and the fact that it becomes."""
        cause = self.sent(hours, "replies.water", {"reply": reply})
        times = {"judged_at": when(hours)} if judged is None else {"judged_at": when(judged), "stated_at": when(judged)}
        return self.say(kind, hours, cause, department=self.department, **times, **body)

    def sent(self, hours: float, topic: str, value: dict[str, object]) -> str:
        """A record on an edge topic; returns how its effects call it."""
        value = {"complaint_id": self.id, "cycle": self.cycle, **value}
        record = self.topics.put(f"closedloop.{topic}", value, hours=hours)
        return f"{record.topic}/{record.partition}-{record.offset}"

    def answered(self, hours: float, judged: float | None = None) -> None:
        self.replied("ComplaintAnswered", hours, "answered", judged, plan=self.plan, policy="pack-1")

    def returned(self, hours: float) -> None:
        """The department says it is not theirs: the centre assigns it a second time, the answer keeps its date."""
        self.targets = {"answer": self.targets["answer"], "assign": target("assign", hours, hours + 4, 2)}
        plan = {"owner": "centre", "targets": list(self.targets.values())}
        self.replied("ComplaintReturned", hours, "returned", **plan)
        self.tell("centre", "assign", "returned", hours)

    def met(self, name: str, hours: float, done: float | None = None, goal: dict[str, Any] | None = None) -> None:
        """Escalation finds a target met, without being the cause of what comes next."""
        self._verdict("DeadlineMet", name, hours, done, goal or self.targets[name])

    def retracted(self, name: str, hours: float, done: float, rungs: list[int]) -> None:
        self._verdict("BreachRetracted", name, hours, done, self.targets[name], rungs=rungs, queues=["water"])
        self.tell("water", "work", "retracted", hours, cause=self.topics.records[-1].headers["ce_id"])

    def refused(self, hours: float, cause: str, department: str, reason: str) -> None:
        """A reply is not legal: the fact, and the order that says so."""
        self.say("ReplyRefused", hours, cause, department=department, reason=reason)
        self.tell(department, "work", "refused", hours, state="refused")

    def _verdict(
        self, kind: str, name: str, hours: float, done: float | None, goal: dict[str, Any], **more: object
    ) -> None:
        cause = self.cause
        known = {"target": name, "revision": goal["revision"], "target_due_at": goal["due_at"]}
        self.say(kind, hours, **known, met_at=when(hours if done is None else done), **more)
        self.cause = cause

    def rung(self, name: str, number: int, late_h: float = 0) -> None:
        """A rung at its time, told on the queue; the case's other causes stay what they are."""
        goal, cause = self.targets[name], self.cause
        starts, due = to_ms(goal["starts_at"]), to_ms(goal["due_at"])
        reminders = max(0, number - len(PERCENT))
        hours = (starts + (due - starts) * PERCENT[min(number, 3) - 1] / 100 - BEGIN) / HOUR + 24 * reminders
        kind = ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")[min(number, 3) - 1]
        step = {"rung": number, "due_at": when(hours), "level": min(number - 1 + self.level, 2)}
        known = {"target": name, "revision": goal["revision"], "target_due_at": goal["due_at"]}
        whom = {"department": self.department, "queue": self.department}
        self.say(kind, hours, f"timer/{when(hours)}", late_h, **known, **step, **whom)
        self.tell(self.department, "work", {1: "warned", 2: "breached"}.get(number, "escalated"), hours + late_h)
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
        self.tell("visit-desk", "visit", "visit", hours, attempt=self.visit["attempt"])

    def attempted(self, hours: float, outcome: str) -> None:
        """The desk reports, in time."""
        attempt = self.visit["attempt"]
        cause = self.sent(hours, "visits.visit-desk", {"attempt": attempt, "outcome": outcome, "visitor": "Li"})
        self.say("VisitAttempted", hours, cause, desk="visit-desk", attempt=attempt, outcome=outcome)
        self.met("visit", hours, goal={"due_at": self.visit["due_at"], "revision": attempt})

    def visited(self, attempt: int, hours: float, outcome: str) -> None:
        """From the schedule to the report, one day and an hour later."""
        self.scheduled(attempt, hours)
        self.requested(hours + 24)
        self.attempted(hours + 25, outcome)

    def reopened(self, hours: float) -> None:
        self.cycle, self.level, self.targets, self.begun = self.cycle + 1, self.level + 1, {}, hours
        self.say("ComplaintReopened", hours, level=self.level)

    def closed(self, hours: float, ending: str) -> None:
        self.say("ComplaintClosed", hours, ending=ending)
        self.tell("water", "work", "closed", hours)
        self.receipt("closed", hours)

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
