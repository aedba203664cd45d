"""What every clock of a complaint must come to, by the true times and in the order in which things happened.

Written apart from the services: it knows the whole history, so it needs no timers, no races and no retractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from closedloop.verify.pack.working import Working
from schemas.facts import Target
from schemas.policy import Length, PolicyPack, Step
from schemas.policy import Working as WorkingLength

ANSWERED = {"accept", "acknowledge", "contact", "callback", "progress", "answer", "final"}
MEETS: Mapping[str, set[str]] = {
    "WorkAccepted": {"accept"},
    "ReceiptAcknowledged": {"acknowledge"},
    "CustomerContacted": {"accept", "contact", "callback"},
    "CallbackPromised": {"accept", "contact"},
    "ProgressReported": {"accept", "progress", "update"},
    "HoldingReplySent": {"accept", "acknowledge", "contact"},
    "WorkResumed": {"resume"},
    "ApprovalGranted": {"approve"},
    "ApprovalRefused": {"approve"},
    "IncidentReported": {"report"},
    "ComplaintAnswered": ANSWERED,
    "ComplaintRouted": {"assign", "arbitrate"},
    "ComplaintClosed": {"total"},
}
OF_OTHERS = {"approve", "update"}
OF_INCIDENTS = {"update", "report"}
Key = tuple[int, str, int]


@dataclass
class Fate:
    """One clock: its target, who has to meet it, and what became of it when."""

    key: Key
    target: Target
    department: str
    plan: str | None
    since: datetime
    end: str = "open"
    at: datetime | None = None
    successor: Target | None = None


@dataclass
class Oracle:
    """Follows one complaint through what was said about it by everybody but escalation."""

    policy: PolicyPack
    fates: dict[Key, Fate] = field(default_factory=dict)
    open: dict[str, Fate] = field(default_factory=dict)
    owner: str = ""
    plan: str | None = None
    closed: bool = False

    def hears(self, fact: Any) -> None:
        """One fact further."""
        kind, at = type(fact).__name__, getattr(fact, "judged_at", fact.at)
        meets = MEETS.get(kind, set()) | set(getattr(fact, "meets", ()))
        if kind == "VisitAttempted":
            meets = {"visit"}
        if hasattr(fact, "judged_at") and fact.department != self.owner:
            meets &= OF_OTHERS
        for name in meets & self.open.keys():
            self._ends(name, "met", at)
        if kind == "ComplaintClosed":
            # Whoever declares an incident while it is being closed arms what nobody has to meet any more.
            assert self.open.keys() <= OF_INCIDENTS, f"closed with {self.open.keys()} open"
            self.closed = True
        if kind in ("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned"):
            self.owner = fact.owner if kind == "ComplaintReturned" else fact.department
            self.plan = fact.plan if kind == "ComplaintRouted" else self.plan if kind == "ComplaintReturned" else None
        if getattr(fact, "targets", None) is not None:
            self._replans(fact, at)
        if kind == "VisitRequested":
            target = Target(name="visit", starts_at=fact.opens_at, due_at=fact.due_at, revision=fact.attempt)
            self._arms(fact.cycle, target, fact.desk, at, fact.plan)

    def _replans(self, fact: Any, at: datetime) -> None:
        now = {t.name: t for t in fact.targets}
        for name, fate in list(self.open.items()):
            cycle = 1 if name == "total" else fact.cycle
            after = now.get(name) if fate.key[0] == cycle else None
            if name != "visit" and (after is None or after.revision != fate.target.revision):
                self._ends(name, "moved" if after else "cancelled", at, after)
        for target in fact.targets:
            self._arms(fact.cycle, target, target.department or self.owner, at)

    def _arms(self, cycle: int, target: Target, department: str, at: datetime, plan: str | None = None) -> None:
        key = (1 if target.name == "total" else cycle, target.name, target.revision)
        known = self.fates.get(key)
        if known is not None and known.end == "open":
            known.department, known.plan = department, self.plan
        elif known is None:
            self.fates[key] = self.open[target.name] = Fate(key, target, department, plan or self.plan, at)

    def _ends(self, name: str, end: str, at: datetime, successor: Target | None = None) -> None:
        fate = self.open.pop(name)
        fate.at, fate.successor = at, successor
        fate.end = "missed" if end == "met" and at > fate.target.due_at else end


def fates(facts: Iterable[Any], policy: PolicyPack) -> dict[Key, Fate]:
    """What must come of every clock."""
    oracle = Oracle(policy)
    for fact in facts:
        oracle.hears(fact)
    if oracle.closed:
        assert not oracle.open, f"{oracle.open.keys()} are open, though it is closed"
    return oracle.fates


def must_be_told(fate: Fate, policy: PolicyPack, now: datetime) -> dict[int, datetime]:
    """The rungs that must have been told by now, by number; of one met in time none has to."""
    last = now if fate.at is None else fate.at
    if fate.end == "met" or (fate.end in ("moved", "cancelled") and last < fate.target.due_at):
        return {}
    return {number: due for number, due in ladder(fate, policy, last) if due <= last}


def breach_stands(fate: Fate, now: datetime) -> bool:
    """Whether a breach of it has to stand by now."""
    if fate.end in ("met", "missed"):
        return fate.end == "missed"
    return (fate.at or now) >= fate.target.due_at


def was_right(fate: Fate, due: datetime) -> bool:
    """Whether what fell due then was true: nothing had ended the clock by then, and no breach was told in time."""
    if fate.at is None:
        return True
    in_time = fate.end == "met" or (fate.end != "missed" and fate.at < fate.target.due_at)
    return due <= fate.at and (due < fate.target.due_at or not in_time)


def ladder(fate: Fate, policy: PolicyPack, until: datetime) -> Iterator[tuple[int, datetime]]:
    """When each rung is due, up to a moment."""
    found = policy.ladder_of(fate.target.name, fate.plan)
    highest = fate.target.starts_at
    for number, step in enumerate(found.steps, start=1):
        highest = max(highest, _due(fate, step, policy))
        yield number, highest
    if found.reminder is None:
        return
    number, due = len(found.steps), highest
    while due <= until:
        number += 1
        due = _after(fate, highest, found.reminder.every, policy, number - len(found.steps))
        yield number, due


def _after(fate: Fate, start: datetime, length: Length, policy: PolicyPack, times: int = 1) -> datetime:
    """So long after a moment for whoever has to act."""
    span = length.working if isinstance(length, WorkingLength) else length
    return _ceil(counted(start, times * span, policy.calendar_of(fate.department, length), policy))


def _due(fate: Fate, step: Step, policy: PolicyPack) -> datetime:
    target = fate.target
    if step.at_percent is None:
        assert step.after is not None
        return _after(fate, target.due_at, step.after, policy)
    whole = elapsed(target.starts_at, target.due_at, target.calendar, policy)
    whole -= sum(
        (
            elapsed(max(p.starts_at, target.starts_at), min(p.ends_at, target.due_at), target.calendar, policy)
            for p in target.pauses
        ),
        timedelta(0),
    )
    share = whole * step.at_percent / 100
    if step.at_percent >= 100:
        return _ceil(counted(target.due_at, share - whole, target.calendar, policy, target.pauses))
    return _ceil(counted(target.starts_at, share, target.calendar, policy, target.pauses))


def counted(start: datetime, span: timedelta, calendar: str | None, policy: PolicyPack, pauses: Any = ()) -> datetime:
    """The moment at which so much has counted outside the pauses: pause by pause, from the first."""
    left, moment = span, start
    for pause in sorted(pauses, key=lambda p: p.starts_at):
        if pause.ends_at <= moment:
            continue
        before = elapsed(moment, max(moment, pause.starts_at), calendar, policy)
        if before >= left and (left > timedelta(0) or pause.starts_at >= moment):
            break
        left, moment = left - before, pause.ends_at
    return _add(moment, left, calendar, policy)


def elapsed(a: datetime, b: datetime, calendar: str | None, policy: PolicyPack) -> timedelta:
    """How much counts from one moment to a later one."""
    if b <= a:
        return timedelta(0)
    if calendar is None:
        return b - a
    return timedelta(milliseconds=_working(calendar, policy).between(_ms(a), _ms(b)))


def _add(start: datetime, span: timedelta, calendar: str | None, policy: PolicyPack) -> datetime:
    if calendar is None:
        return start + span
    return _moment(_working(calendar, policy).add(_ms(start), -(-span // timedelta(milliseconds=1))))


_known: dict[tuple[str, str], Working] = {}


def _working(calendar: str, policy: PolicyPack) -> Working:
    key = policy.hash, calendar
    if key not in _known:
        _known[key] = Working(policy.calendars[calendar].model_dump(mode="json"))
    return _known[key]


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _moment(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)


def _ceil(moment: datetime) -> datetime:
    return _moment(-(-(moment - EPOCH) // timedelta(milliseconds=1)))


VERDICTS = {
    "DeadlineMet": "met",
    "DeadlineMissed": "missed",
    "DeadlineMoved": "moved",
    "DeadlineCancelled": "cancelled",
}


def verdicts_are_right(facts: Iterable[Any], policy: PolicyPack, now: datetime) -> None:
    """Escalation has told of each clock what the oracle expects, and everything due by now is decided."""
    told = _by_clock(facts)
    expected = fates((fact for fact in facts if fact.said_by != "escalation"), policy)
    strange = told.keys() - expected.keys()
    assert not strange, f"{strange} were never planned"
    for key, fate in expected.items():
        _is_right(fate, told.get(key, []), policy, now)


def _by_clock(facts: Iterable[Any]) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for fact in facts:
        if fact.said_by == "escalation":
            found.setdefault((fact.cycle, fact.target, fact.revision), []).append(fact)
    return found


def _is_right(fate: Fate, told: list[Any], policy: PolicyPack, now: datetime) -> None:
    kinds = [type(fact).__name__ for fact in told]
    ends = [fact for fact in told if type(fact).__name__ in VERDICTS]
    assert [VERDICTS[type(fact).__name__] for fact in ends] == ([] if fate.end == "open" else [fate.end]), (fate, kinds)
    standing = kinds.count("DeadlineBreached") - kinds.count("BreachRetracted")
    assert standing == breach_stands(fate, now), (fate, kinds)
    for end in ends:
        _says_how(end, fate, policy)
    rungs = {fact.rung: fact.due_at for fact in told if hasattr(fact, "rung")}
    assert len(rungs) == sum(hasattr(fact, "rung") for fact in told), f"{fate.key} was told twice"
    taken_back = [n for fact in told for telling in getattr(fact, "taken_back", ()) for n in telling.rungs]
    assert sorted(taken_back) == sorted(n for n, due in rungs.items() if not was_right(fate, due)), (fate, rungs)
    dates = dict(ladder(fate, policy, max([now, *rungs.values()])))
    assert {number: dates.get(number) for number in rungs} == rungs, (fate, rungs, dates)
    missing = {n for n, due in must_be_told(fate, policy, now).items() if n not in rungs and not _is_old(fate, n, due)}
    assert not missing, (fate, rungs, missing)


def _is_old(fate: Fate, number: int, due: datetime) -> bool:
    """Whether a rung may have been told for the date before: a warning that was due by then is not told again."""
    return fate.key[2] > 1 and due <= fate.since and due < fate.target.due_at


def _says_how(end: Any, fate: Fate, policy: PolicyPack) -> None:
    target, kind = fate.target, type(end).__name__
    if kind == "DeadlineMoved":
        assert fate.successor is not None
        after = (target.due_at, fate.successor.due_at, fate.successor.revision)
        assert (end.before, end.after, end.to_revision) == after
        return
    assert end.target_due_at == target.due_at
    if kind in ("DeadlineMet", "DeadlineMissed"):
        assert end.met_at == fate.at
    if kind == "DeadlineMissed":
        late = elapsed(target.due_at, end.met_at, target.calendar, policy)
        late -= sum(
            (
                elapsed(max(p.starts_at, target.due_at), min(p.ends_at, end.met_at), target.calendar, policy)
                for p in target.pauses
            ),
            timedelta(0),
        )
        assert (end.late, end.late_wall) == (late, end.met_at - target.due_at)
