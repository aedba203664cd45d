"""A town whose services lag, stop, lose unsent messages and read again, on a schedule that a seed decides."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, get_args

from schemas.edges import Reply
from schemas.envelope import Message
from schemas.facts import IncidentReport
from schemas.topics import COMPLAINTS, REPLIES, SUBMISSIONS, VISITS
from services.shared.loop.memory import World
from services.shared.machine.documents import Document
from tests.builders import Complaint, Town, book, hour

DEPARTMENTS = ("water", "power", "housing", "centre")
CATEGORIES = ("water/leak", "power/outage", "housing/crack", "stated/promise", "patient/pump", "other/strange", None)
REPLY_KINDS = get_args(Reply.model_fields["reply"].annotation)
SCRIPTS = (
    ("waiting", "resumed"),
    ("waiting", "approved", "resumed"),
    ("extension", "approved"),
    ("extension", "refused"),
    ("returned", "assigned"),
    ("incident", "report"),
    ("promised", "contacted"),
    ("holding",),
    ("answered",),
)
"""Replies that make sense one after another."""
OUTCOMES = ("solved", "not_solved", "unreachable")

Key = tuple[str, str]


@dataclass
class UnsteadyWorld(World):
    """What a document has to say waits in it until somebody publishes it, in order; an acknowledgement may get lost."""

    down: set[str] = field(default_factory=set)
    lag: int = 0
    """At most how many deliveries and sends happen before time moves on; 0: all of them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._sent: dict[Key, int] = {}

    def settle(self) -> None:
        steps = self.random.randrange(1 + self.lag) if self.lag else -1
        while steps and (turns := self._turns()):
            turn, what = self.random.choice(turns)
            turn(what)
            steps -= 1

    def advance(self, until: datetime) -> None:
        waiting = []
        while self._heap and self._heap[0][0] <= until:
            due, name, id = entry = heapq.heappop(self._heap)
            if name in self.down:
                waiting.append(entry)
            elif self._due(name, self.documents[name, id]) == due:
                self.now = max(self.now, due)
                self._save(name, self._fire(self._by_name[name], self.documents[name, id]).document)
                self.settle()
        for entry in waiting:
            heapq.heappush(self._heap, entry)
        self.now = max(self.now, until)
        self.settle()

    def crash(self, name: str, uncommitted: int) -> None:
        """A service stops: it forgets which messages were acknowledged and will read its last records again."""
        self.down.add(name)
        self._sent = {key: sent for key, sent in self._sent.items() if key[0] != name}
        self._read[name] = max(0, self._read[name] - uncommitted)

    def append_again(self, back: int) -> None:
        """A fact that stands so far back on the topic is sent once more, by a process that had not heard so."""
        facts = [record for record in self.log if record.topic == COMPLAINTS.name]
        for record in facts[-back:][:1]:
            self._append(Message(record.topic, (record.key or b"").decode(), record.value or b"", record.headers))

    def read_again(self, name: str) -> None:
        """A service reads everything from the beginning."""
        self._read[name] = 0

    def _turns(self) -> list[tuple[Callable[[Any], None], Any]]:
        awake = [name for name in self._by_name if name not in self.down]
        reading = [(self._deliver, name) for name in awake if self._read[name] < len(self.log)]
        sending = [(self._publish, key) for key, d in self.documents.items() if d.unsaid and key[0] in awake]
        return [*reading, *sending]

    def _publish(self, key: Key) -> None:
        document, sent = self.documents[key], self._sent.get(key, 0)
        if sent < len(document.unsaid):
            self._append(document.unsaid[sent].message)
            self._sent[key] = sent + 1
        if self.random.random() < 0.5 or self._sent[key] == len(document.unsaid):
            self.documents[key] = replace(document, unsaid=document.unsaid[self._sent.pop(key) :])

    def _save(self, name: str, document: Document) -> None:
        self.documents[name, document.id] = replace(document, version=document.version + 1)
        due = self._due(name, document)
        if due is not None:
            heapq.heappush(self._heap, (due, name, document.id))


@dataclass
class UnsteadyTown(Town):
    """A town in which anything may be done at any time, legal or not."""

    world: UnsteadyWorld = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world = UnsteadyWorld(self.services, book(self.policy), self.world.now, self.world.random)
        self.complaints: list[Complaint] = []
        self._sent: list[tuple[str, dict[str, Any]]] = []

    def sends(self, topic: str, body: dict[str, Any] | bytes, **headers: str) -> None:
        if isinstance(body, dict):
            body = {"id": str(len(self._sent)), **body}
            self._sent.append((topic, body))
        super().sends(topic, body, **headers)

    def complains(self, category: str | None, promised: float | None = None) -> None:
        """Somebody complains, perhaps with a date that was promised in so many hours."""
        now = (self.world.now - hour(0)).total_seconds() / 3600
        claim = {} if promised is None else {"due_at": hour(now + promised).isoformat()}
        self.complaints.append(self.complaint(category, **claim))

    def replies(
        self, which: int, department: str, reply: str, *, cycle: int = 0, ago: float = 0, to: str = "water"
    ) -> None:
        """Somebody replies about a complaint that has an owner: of some cycle, perhaps stating an earlier time."""
        complaint = self.complaints[which % len(self.complaints)]
        owned = complaint.facts("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")
        if not owned:
            return
        if reply in ("approved", "refused"):
            department = "centre"
        elif department == "owner":
            department = getattr(owned[-1], "owner", owned[-1].department)
        now = (self.world.now - hour(0)).total_seconds() / 3600
        stated = {"stated_at": hour(now - ago).isoformat()} if ago else {}
        body = {"complaint_id": complaint.id, "cycle": max(1, complaint.cycle + cycle), "reply": reply}
        more = {"note": "-", "assign_to": to, **self._asks(reply, now)}
        self.sends(REPLIES.of(department), body | more | stated)

    def _asks(self, reply: str, now: float) -> dict[str, Any]:
        """What a reply of this kind says besides."""
        chance = self.world.random
        until = {"until": hour(now + chance.choice([0.1, 3, 20, 45, 70])).isoformat()}
        if reply == "waiting":
            return {"reason": chance.choice(["customer", "customer", "parts"]), **chance.choice([{}, until])}
        if reply == "assigned":
            return chance.choice([{}, {}, {"plan": "patient"}, {"plan": "ordinary"}])
        if reply == "report":
            return {"report": dict.fromkeys(IncidentReport.model_fields, "-")}
        return until if reply in ("promised", "extension") else {}

    def visits(self, which: int, outcome: str, attempt: int = 0) -> None:
        """The desk reports about a complaint that it shall visit: on the attempt planned last, or on another."""
        complaint = self.complaints[which % len(self.complaints)]
        planned = complaint.facts("VisitScheduled")
        if not planned:
            return
        number = max(1, planned[-1].attempt + attempt)
        body = {"complaint_id": complaint.id, "cycle": complaint.cycle, "attempt": number, "visitor": "wang"}
        self.sends(VISITS.of("visit-desk"), body | {"outcome": outcome})

    def repeats(self, which: int, changed: bool) -> None:
        """Somebody outside sends again what was sent before, the same or changed."""
        if self._sent:
            topic, body = self._sent[which % len(self._sent)]
            kind = "text" if topic.startswith(SUBMISSIONS.prefix) else "note"
            super().sends(topic, {**body, kind: "changed"} if changed else body)

    def passes(self, hours: float) -> None:
        """Time passes."""
        self.at((self.world.now - hour(0)).total_seconds() / 3600 + hours)

    def until_the_next_timer(self) -> None:
        """Time passes until something falls due."""
        due = self.world.next_due()
        if due is not None:
            self.world.advance(max(due, self.world.now))

    def until(self, name: str) -> None:
        """Time passes until such a fact is said anew; at most a few timers fall due meanwhile."""
        before = self._times(name)
        for _ in range(8):
            if self._times(name) > before:
                break
            self.until_the_next_timer()

    def _times(self, name: str) -> int:
        return sum(type(fact).__name__ == name for fact in self.facts())

    def recover(self) -> None:
        """Every service is up again and has read, decided and said all there is; what was due has fired."""
        self.world.down.clear()
        self.world.lag = 0
        self.world.settle()
        self.world.advance(self.world.now)
