"""The targets of a complaint as its facts arm, move and end them: what a clock that is right must come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.lengths import Target
from closedloop.verify.tables.contract import ACROSS_CYCLES, MET_BY, OF_OTHERS
from closedloop.verify.tables.facts import END, RUNG

Key = tuple[int, str, int]
"""Cycle, name and revision of a target."""


@dataclass(slots=True)
class Watch:
    """One target of one cycle: since when it has its date, how it ended and what was said about it."""

    cycle: int
    target: Target
    armed: Said
    since: int
    departments: list[str]
    plans: list[str | None]
    levels: list[tuple[Said, int]]
    """By how many levels its ladder is raised, and the fact from which on."""
    before: tuple[Watch, ...] = ()
    """The same target while it had other dates."""
    end: Said | None = None
    how: str | None = None
    """met, moved or cancelled."""
    at: int = 0
    """When it ended, by the time that counts."""
    successor: Target | None = None
    halted: Said | None = None
    """What stops its clock without ending it: the complaint was reopened or closed."""
    rungs: list[Said] = field(default_factory=list)
    verdicts: list[Said] = field(default_factory=list)

    @property
    def department(self) -> str:
        """Who has to meet it, or had."""
        return self.departments[-1]

    @property
    def told_before(self) -> set[int]:
        """The rungs that were told while it had other dates, and were not taken back."""
        told = ((watch, rung.body["rung"]) for watch in self.before for rung in watch.rungs)
        return {number for watch, number in told if number not in watch.taken_back}

    @property
    def taken_back(self) -> list[int]:
        """The rungs that were taken back, as often as that was said; of old, all that were due at the date or after."""
        found: list[int] = []
        for fact in self.verdicts:
            if "taken_back" in fact.body:
                found += [number for telling in fact.body["taken_back"] for number in telling.rungs]
            elif fact.row.mark == "breach retracted":
                found += [rung.body["rung"] for rung in self.rungs if rung.body["due_at"] >= self.target.due]
        return found

    def is_right(self, rung: Said) -> bool:
        """Whether a rung was true when it fell due: nothing had ended its clock by then."""
        due = rung.body["due_at"]
        return self.how is None or (due <= self.at and (self.is_late or due < self.target.due))

    @property
    def is_met(self) -> bool:
        """Whether somebody did what the target asks for, in time or not."""
        return self.how == "met"

    @property
    def is_late(self) -> bool:
        """Whether it was done after its date, or had not been when it was moved or cancelled at or after its date."""
        if self.how is None:
            return False
        return self.at > self.target.due if self.is_met else self.at >= self.target.due

    @property
    def is_told_breached(self) -> bool:
        """Whether a breach stands: told and not taken back."""
        return self.has("breached") and not self.has("breach retracted")

    @property
    def ends(self) -> list[Said]:
        """What was said of how it ended."""
        return [fact for fact in self.verdicts if fact.row.clock == END]

    def has(self, mark: str) -> bool:
        """Whether a fact with this mark was said about the target."""
        return any(fact.row.mark == mark for fact in (*self.rungs, *self.verdicts))


def key_of(verdict: Said) -> Key:
    """Which target a rung or verdict speaks of."""
    return verdict.cycle, verdict.body["target"], verdict.body["revision"]


def key_in(cycle: int, target: Target) -> Key:
    """A target's key in the plan of a cycle."""
    return (1 if target.name in ACROSS_CYCLES else cycle), target.name, target.revision


def does(fact: Said, name: str, owner: str) -> bool:
    """Whether a fact does what targets of this name ask for, and whose work it is was asked for that."""
    is_theirs = not fact.row.who or fact.body["department"] == owner or name in OF_OTHERS
    return is_theirs and (fact.kind in MET_BY.get(name, ()) or name in fact.body.get("meets", ()))


def judged(fact: Said) -> int:
    """The time by which a fact counts."""
    return int(fact.body.get("judged_at", fact.body["at"]))


class Watching:
    """Follows a case's targets through its facts, in the order in which they can be read."""

    def __init__(self) -> None:
        self.watches: dict[Key, Watch] = {}
        self.open: dict[Key, Watch] = {}
        self.owner = ""
        self.plan: str | None = None
        self.level = self.raised = 0
        self.closed: Said | None = None
        self.reopened: Said | None = None

    def through(self, facts: Iterable[Said]) -> dict[Key, Watch]:
        """Every target that was ever armed."""
        for fact in facts:
            if "target" in fact.body:
                self._told(fact)
                continue
            self._meet(fact)
            self._hand_over(fact)
            if "targets" in fact.body:
                self._re_plan(fact)
            self._raise(fact)
            if fact.row.mark == "visit requested":
                self._visit(fact)
            elif fact.row.begins_a_cycle or fact.row.mark == "closed":
                self._halt(fact)
        return self.watches

    def _told(self, fact: Said) -> None:
        if watch := self.watches.get(key_of(fact)):
            (watch.rungs if fact.row.clock == RUNG else watch.verdicts).append(fact)

    def _meet(self, fact: Said) -> None:
        """A fact that does what open targets of its cycle ask for ends them, in time or not."""
        for key, watch in list(self.open.items()):
            cycle, name, revision = key
            asked = does(fact, name, self.owner) and (cycle == fact.cycle or name in ACROSS_CYCLES)
            if asked and (name != "visit" or revision == fact.body["attempt"]):
                self._end(key, watch, fact, "met")

    def _hand_over(self, fact: Said) -> None:
        row = fact.row
        if row.owner:
            self.owner = fact.body[row.owner]
        if row.owner and not row.lays_aside:
            self.plan, self.level = fact.body.get("plan"), fact.body.get("level", self.level)
        elif row.mark == "declared":
            self.raised = max(self.raised, fact.body["level"])

    def _re_plan(self, fact: Said) -> None:
        planned = {key_in(fact.cycle, target): target for target in fact.body["targets"]}
        names = {target.name: target for target in planned.values()}
        for key, watch in list(self.open.items()):
            if key not in planned and watch.target.name != "visit":
                watch.successor = names.get(key[1]) if key[0] == key_in(fact.cycle, watch.target)[0] else None
                self._end(key, watch, fact, "moved" if watch.successor else "cancelled")
        for key, target in planned.items():
            department = target.department or self.owner
            if key in self.open:
                watch = self.open[key]
                watch.plans.append(self.plan)
                watch.departments.append(department)
                watch.halted = self._halts(key)
            elif key not in self.watches:
                self._arm(key, fact, target, department, self.plan)

    def _raise(self, fact: Said) -> None:
        for watch in self.open.values():
            if watch.levels[-1][1] != (level := self._level(watch.target)):
                watch.levels.append((fact, level))

    def _level(self, target: Target) -> int:
        # A new cycle's higher level is for the department that failed; a major incident raises every ladder.
        return self.raised if target.name == "visit" else max(self.level, self.raised)

    def _visit(self, fact: Said) -> None:
        window, calendar = (fact.body["opens_at"], fact.body["due_at"]), fact.body.get("calendar")
        target = Target("visit", *window, fact.body["attempt"], calendar)
        plan = fact.body.get("plan", self.plan)
        self._arm((fact.cycle, "visit", target.revision), fact, target, fact.body["desk"], plan)

    def _halt(self, fact: Said) -> None:
        """Nothing is cancelled by this alone: the next cycle's plan does, or nobody needs to know any more."""
        if fact.row.mark == "closed":
            self.closed = fact
        else:
            self.reopened = fact
        for key, watch in self.open.items():
            watch.halted = self._halts(key)

    def _halts(self, key: Key) -> Said | None:
        is_past = self.reopened is not None and key[0] < self.reopened.cycle and key[1] not in ACROSS_CYCLES
        return self.closed or (self.reopened if is_past else None)

    def _arm(self, key: Key, fact: Said, target: Target, department: str, plan: str | None) -> None:
        earlier = (self.watches.get((key[0], key[1], revision)) for revision in range(1, key[2]))
        levels, before = [(fact, self._level(target))], tuple(watch for watch in earlier if watch)
        watch = Watch(key[0], target, fact, judged(fact), [department], [plan], levels, before)
        watch.halted = self._halts(key)
        self.watches[key] = self.open[key] = watch

    def _end(self, key: Key, watch: Watch, fact: Said, how: str) -> None:
        watch.end, watch.how, watch.at = fact, how, judged(fact)
        del self.open[key]
