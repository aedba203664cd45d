"""How a complaint stands by what router has said of it so far, and what the fact that comes next finds there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.watching import does, judged
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.days import end
from closedloop.verify.pack.lengths import Length, Pause, Target, behind
from closedloop.verify.pack.policy import Pack
from closedloop.verify.tables.contract import ACROSS_CYCLES, MET_BY, targets
from closedloop.verify.tables.facts import Row, called

Targets = dict[str, Target]
"""The targets of a plan by name."""

FROM_THE_ROUTING = targets("counts_from", "the routing")
"""Targets whose time counts from the routing; all others count from the receipt, or from the reopening."""

OF_A_PLAN = "/plans/{plan}/targets/{target}"
PLACES: Mapping[str, str | None] = {
    "callback": None,
    "assign": "/assign_within",
    "arbitrate": "/assign_within",
    "update": "/incidents/update",
    "report": "/incidents/report_within",
    "final": "/plans/{plan}/holding/final_within",
    "resume": "/plans/{plan}/pauses/{reason}/at_most",
    "approve extension": "/plans/{plan}/extension/approved_within",
    "approve pause": "/plans/{plan}/pauses/{subject}/approved_within",
}
"""The places of a pack that give what no plan names as a target its length; None: a reply names the date."""


class Standing:
    """Follows router's facts, one after another; all that it holds was true before the fact that comes next."""

    def __init__(self, case: Case, pack: Pack) -> None:
        self.case, self.pack = case, pack
        self.owner, self.manager, self.cycle = "", "", 1
        self.plan: str | None = None
        self.targets: Targets = {}
        self.revisions: dict[str, int] = {}
        self.aside: Targets = {}
        """What a return took off the plan, as it stood then: the next department takes it up."""
        self.done: set[str] = set()
        """What has been met in this cycle, in time or not."""
        self.holds: dict[str, Said] = {}
        """What holds, and the fact since which it does: waits, asked, consented, answered, incident, reported."""
        self.times: dict[str, int] = {}

    @property
    def kept_at_the_end(self) -> set[str]:
        """The targets that do not lapse with the end: what was done, and what the end itself does."""
        return self.done | {name for name, kinds in MET_BY.items() if called("closed") in kinds}

    # --- one fact further ---------------------------------------------------------------------------------------------

    def hear(self, fact: Said) -> None:
        """This fact was said: whatever it should have said, what it did say holds from here on."""
        row = fact.row
        if row.owner:
            self.aside = self._dropped(fact) if row.lays_aside else {}
            self._hand_over(fact, row)
        self._meet(fact)
        if row.counts:
            what = row.counts.format_map(fact.body)
            self.times[what] = self.times.get(what, 0) + 1
        # Consent holds for the very next fact only.
        for name in (*row.clears.split(), "consented"):
            self.holds.pop(name, None)
        self.holds |= dict.fromkeys(row.sets.split(), fact)
        self.manager = fact.body.get("manager", self.manager)

    def _hand_over(self, fact: Said, row: Row) -> None:
        if fact.cycle != self.cycle:
            self.done, self.times = set(), {}
        self.owner, self.cycle = fact.body[row.owner], fact.cycle
        if not row.lays_aside:
            self.plan = fact.body.get("plan")

    def _dropped(self, fact: Said) -> Targets:
        kept = {target.name for target in fact.body["targets"]}
        return {name: t for name, t in Turn(self, fact).going_on(judged(fact)).items() if name not in kept}

    def _meet(self, fact: Said) -> None:
        """What gets another date is not done, whatever was done before."""
        self.done |= {name for name in (*MET_BY, *fact.body.get("meets", ())) if does(fact, name, self.owner)}
        if "targets" in fact.body:
            self.targets = {target.name: target for target in fact.body["targets"]}
            self.done -= {name for name, t in self.targets.items() if t.revision > self.revisions.get(name, 0)}
            self.revisions |= {name: target.revision for name, target in self.targets.items()}

    # --- dates --------------------------------------------------------------------------------------------------------

    def known(self, name: str, cycle: int) -> Target | None:
        """A target that goes on in this cycle."""
        return self.targets.get(name) if cycle == self.cycle or name in ACROSS_CYCLES else None

    def waits_at(self, at: int) -> bool:
        """Whether the work waits at a moment; at its cap a pause ends by itself."""
        return "waits" in self.holds and at < self.holds["waits"].body["until"]

    def after_pauses(self, first: Target, pauses: tuple[Pause, ...], department: str) -> Target:
        """A promise with the pauses that its target has had."""
        found = first
        for pause in pauses:
            found = self.later(found, found.due, pause, department)
        return found

    def waiting(self, target: Target, pause: Pause) -> Target:
        """A target that waits from now on."""
        return self.later(target, target.due, pause, self.owner)._replace(before_pause=target.due)

    def later(self, target: Target, due: int, pause: Pause, department: str) -> Target:
        """A target with one more pause: what would have counted meanwhile, since it began, counts behind its date.

        A date that the pack gave in days is counted anew, and ends on its day where the pack says.
        """
        length, waited = self.pack.lengths.get(target.rule or ""), (*target.pauses, pause)
        if length and (length.days or length.parts):
            days = self.pack.days_of(target.department or department)
            if end(days, length, target.starts, target.pauses).due == due:
                return self.pack.dated(target, target.department or department, length, waited)
        due = behind(self.pack.counting(target.calendar), due, due, target.starts, pause)
        return target._replace(due=due, pauses=waited, counted_to=None)


class Turn:
    """The fact that comes next, held against what was true before it and what the policy says.

    `claim` is the date that the reply behind the fact brought along; None where it brought none, or is lost.
    """

    def __init__(self, before: Standing, fact: Said, claim: int | None = None) -> None:
        self.before, self.fact, self.claim = before, fact, claim
        self.case, self.pack, self.body = before.case, before.pack, fact.body
        self.at, self.judged, self.until = int(fact.body["at"]), judged(fact), int(fact.body.get("until") or 0)
        self.what, self.subject = fact.body.get("what", "pause"), fact.body.get("subject", fact.body.get("reason"))
        """Which consent it asks for, or is about: for a pause, or for a later date."""
        self.is_a_request = fact.row.mark == "asked"

    # --- what the policy says -----------------------------------------------------------------------------------------

    @property
    def plan(self) -> str:
        """The place of the plan by which the complaint goes on."""
        return f"/plans/{self.body.get('plan', self.before.plan)}"

    def place(self, name: str) -> str | None:
        """The place in the pack that gives a target of this name its length after this fact; None: none does."""
        known = f"{name} {self.body.get('what')}" if name == "approve" else name
        place = PLACES.get(known, OF_A_PLAN)
        return place and place.format_map({"plan": self.before.plan, **self.body, "target": name})

    def lasting(self, name: str, starts: int, department: str) -> Target | None:
        """A target that lasts as long as the policy says; None where it does not say."""
        place = self.place(name) or ""
        length = self.pack.lengths.get(place)
        return self.pack.dated(Target(name, starts, 0, 0, rule=place), department, length) if length else None

    def promise(self, plan: str | None, department: str, name: str) -> Target | None:
        """What a plan promises; None where it leaves that to an upstream system which did not say."""
        place, received = f"/plans/{plan}/targets/{name}", self.case.received
        if self.pack.at(place) is None or received is None:
            return None
        starts = self.begun
        if name in FROM_THE_ROUTING and self.fact.row.owner:
            starts = self.at
        elif name in ACROSS_CYCLES:
            starts = received.body["received_at"]
        if length := self.pack.lengths.get(place):
            return self.pack.dated(Target(name, starts, 0, 0, rule=place), department, length)
        due = received.body.get("due_at") if self.fact.cycle == 1 else None
        return None if due is None else Target(name, starts, due, 0)

    @property
    def begun(self) -> int:
        """From when the time of the fact's cycle counts."""
        reopened = self.case.of("reopened", self.fact.cycle)
        if reopened:
            return int(reopened[0].body["at"])
        return int(self.case.received.body["received_at"] if self.case.received else self.at)

    # --- what it finds ------------------------------------------------------------------------------------------------

    @property
    def is_of_an_incident(self) -> bool:
        """Whether a major incident stands without its report."""
        return "incident" in self.before.holds and "reported" not in self.before.holds

    @property
    def rule(self) -> str:
        """The place of what lets the work wait, or lets that be asked for; empty where the plan does not."""
        place = f"{self.plan}/pauses/{self.subject}" if self.what == "pause" else f"{self.plan}/extension"
        if self.what == "pause":
            is_known = not self.is_a_request or self.pack.at(f"{place}/approved_within")
        else:
            is_known = self.subject in self.pack.at(f"{place}/targets", ["answer"])
        return place if is_known and self.pack.at(place) else ""

    def allows(self, name: str, default: Any = None) -> Any:
        """What that rule says under this name."""
        return self.pack.at(f"{self.rule}/{name}", default)

    def length(self, name: str) -> Length | None:
        """A length that it names."""
        return self.pack.lengths.get(f"{self.rule}/{name}")

    @property
    def is_by_consent(self) -> bool:
        """Whether it lets the work wait, or a date move, by consent alone."""
        return bool(self.rule) and self.allows("approved_within") is not None

    def may_wait(self) -> list[str]:
        """The targets that wait for a reason: those of its rule that nothing has met and whose date is ahead."""
        names = self.allows("targets", ())
        open_ones = ((n, t) for n, t in self.before.targets.items() if n not in self.before.done)
        return [name for name, target in open_ones if name in names and target.due > self.judged]

    @property
    def waits_from(self) -> int:
        """From when the work waits that a reply says to wait: no wait of what is open begins before the last ended."""
        open_ones = (target for name, target in self.before.targets.items() if name not in self.before.done)
        ends = [pause.ends for target in open_ones for pause in target.pauses]
        return max([self.judged, *(end for end in ends if end <= self.at)])

    def does(self, name: str) -> bool:
        """Whether it does what targets of this name ask for."""
        return does(self.fact, name, self.before.owner)

    def going_on(self, at: int) -> Targets:
        """The plan as it goes on at a moment: a pause that would last longer ends now; what is met keeps its date."""
        known = self.before.targets
        if not self.before.waits_at(at):
            return dict(known)
        return {n: t if n in self.before.done or self.does(n) else self._cut(t, at) for n, t in known.items()}

    def _cut(self, target: Target, at: int) -> Target:
        if not target.pauses or target.pauses[-1].ends <= at:
            return target
        *others, last = target.pauses
        before = target.due if target.before_pause is None else target.before_pause
        pause = last._replace(ends=max(at, last.starts))
        stood = target._replace(pauses=tuple(others))
        return self.before.later(stood, before, pause, self.before.owner)._replace(before_pause=before)
