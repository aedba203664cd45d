"""What happened to one complaint: its facts in the order of the topic, each once, and how each of its targets ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from closedloop.verify.contract import MET_BY, PLANS, RUNGS
from closedloop.verify.records import Said, Target


@dataclass(slots=True)
class Watch:
    """One target of one cycle: since when it is watched, how it ended and what was said about it."""

    cycle: int
    target: Target
    armed: Said
    department: str
    plans: list[str | None]
    level: int
    end: Said | None = None
    met_at: int | None = None
    rungs: list[Said] = field(default_factory=list)
    verdicts: list[Said] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        """Whether somebody did what the target asks for, in time or not."""
        return self.met_at is not None

    @property
    def is_late(self) -> bool:
        """Whether it was done, but after its date."""
        return self.met_at is not None and self.met_at > self.target.due

    @property
    def is_told_breached(self) -> bool:
        """Whether a breach stands: told and not taken back."""
        return self.has("DeadlineBreached") and not self.has("BreachRetracted")

    def has(self, kind: str) -> bool:
        """Whether a fact of this kind was said about the target."""
        return any(fact.kind == kind for fact in (*self.rungs, *self.verdicts))


Key = tuple[int, str, int]
"""Cycle, name and revision of a target."""


def key_of(verdict: Said) -> Key:
    """Which target a rung or verdict speaks of."""
    return verdict.cycle, verdict.body["target"], verdict.body["revision"]


class Case:
    """One complaint, from its facts."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.records: list[Said] = []

    @cached_property
    def facts(self) -> list[Said]:
        """The first occurrence of each fact, in the order of the topic."""
        found: dict[str, Said] = {}
        for fact in self.records:
            found.setdefault(fact.id, fact)
        return list(found.values())

    @cached_property
    def by_kind(self) -> dict[str, list[Said]]:
        """The facts of each kind, in order."""
        found: dict[str, list[Said]] = {}
        for fact in self.facts:
            found.setdefault(fact.kind, []).append(fact)
        return found

    def of(self, kind: str, cycle: int | None = None) -> list[Said]:
        """The facts of a kind, in order; of one cycle where it is given."""
        return [fact for fact in self.by_kind.get(kind, ()) if cycle in (None, fact.cycle)]

    def last(self, kinds: Iterable[str], cycle: int) -> Said | None:
        """The latest fact of these kinds in a cycle."""
        found = [fact for kind in kinds for fact in self.of(kind, cycle)]
        return max(found, key=lambda fact: fact.position, default=None)

    @property
    def received(self) -> Said | None:
        """Where it began."""
        return next(iter(self.of("ComplaintReceived")), None)

    @property
    def closed(self) -> Said | None:
        """Where it ended; None while it lives."""
        return next(iter(self.of("ComplaintClosed")), None)

    @property
    def cycle(self) -> int:
        """The cycle it is in."""
        return max((fact.cycle for fact in self.of("ComplaintReopened")), default=1)

    @property
    def policy(self) -> str:
        """The hash of the pack that it was received under."""
        return self.received.body["policy"] if self.received else ""

    def plan(self, cycle: int) -> str | None:
        """The plan of a cycle as it was last routed; None where the centre kept it."""
        routed = self.last(("ComplaintRouted",), cycle)
        return routed.body["plan"] if routed else None

    def plan_at(self, fact: Said) -> str | None:
        """The plan that holds after a fact: its own, else the last one before it."""
        before = [f.body["plan"] for f in self.of("ComplaintRouted") if f.position <= fact.position]
        return before[-1] if before else None

    @cached_property
    def watches(self) -> dict[Key, Watch]:
        """Every target that was ever armed."""
        return _Watching().through(self.facts)


class _Watching:
    """Follows a case's targets through its facts."""

    def __init__(self) -> None:
        self.watches: dict[Key, Watch] = {}
        self.open: dict[Key, Watch] = {}
        self.plan: str | None = None
        self.level = 0

    def through(self, facts: list[Said]) -> dict[Key, Watch]:
        for fact in facts:
            self._meet(fact)
            if fact.kind in PLANS:
                self._re_plan(fact)
            elif fact.kind == "VisitRequested":
                target = Target("visit", fact.body["opens_at"], fact.body["due_at"], fact.body["attempt"])
                self._arm(fact, target, fact.body["desk"])
            elif fact.kind in ("ComplaintReopened", "ComplaintClosed"):
                self._end(fact, list(self.open))
                self.level = fact.body.get("level", self.level)
            elif "target" in fact.body and (watch := self.watches.get(key_of(fact))):
                (watch.rungs if fact.kind in RUNGS else watch.verdicts).append(fact)
        return self.watches

    def _meet(self, fact: Said) -> None:
        """A fact that does what open targets of its cycle ask for ends them, in time or not."""
        for key, watch in list(self.open.items()):
            cycle, name, revision = key
            asked = fact.kind in MET_BY.get(name, ()) and cycle == fact.cycle
            if asked and (name != "visit" or revision == fact.body["attempt"]):
                watch.met_at = fact.body.get("judged_at", fact.body["at"])
                self._end(fact, [key])

    def _re_plan(self, fact: Said) -> None:
        owner = fact.body.get("owner", fact.body["department"])
        planned = {(fact.cycle, t.name, t.revision): t for t in fact.body["targets"]}
        if fact.kind == "ComplaintRouted":
            self.plan, self.level = fact.body["plan"], fact.body["level"]
        self._end(fact, [key for key in self.open if key not in planned and key[1] != "visit"])
        for key, target in planned.items():
            if watch := self.open.get(key):
                watch.plans.append(self.plan)
                watch.department = owner
            elif key not in self.watches:
                self._arm(fact, target, owner)

    def _arm(self, fact: Said, target: Target, department: str) -> None:
        key = (fact.cycle, target.name, target.revision)
        self.watches[key] = self.open[key] = Watch(fact.cycle, target, fact, department, [self.plan], self.level)

    def _end(self, fact: Said, keys: list[Key]) -> None:
        for key in keys:
            self.open.pop(key).end = fact


def cases(facts: Iterable[Said]) -> dict[str, Case]:
    """The complaints that these facts speak of."""
    found: dict[str, Case] = {}
    for fact in facts:
        id = fact.body["complaint_id"]
        case = found.get(id)
        if case is None:
            case = found[id] = Case(id)
        case.records.append(fact)
    return found
