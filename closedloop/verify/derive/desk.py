"""What follows for one complaint from what router has said of it so far, and the arithmetic of its dates."""

from __future__ import annotations

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.watching import does, judged
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.lengths import Length, Pause, Target
from closedloop.verify.pack.policy import Pack, Plan
from closedloop.verify.tables.contract import ACROSS_CYCLES, MET_BY, targets
from closedloop.verify.tables.facts import Row, called

Targets = dict[str, Target]
"""The targets of a plan by name."""

FROM_THE_ROUTING = targets("counts_from", "the routing")
"""Targets whose time counts from the routing; all others count from the receipt, or from the reopening."""


class Desk:
    """Follows router's facts, one after another; all that it holds was true before the fact that comes next."""

    def __init__(self, case: Case, pack: Pack) -> None:
        self.case, self.pack = case, pack
        self.owner, self.manager, self.cycle = "", "", 1
        self.plan_name: str | None = None
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
    def plan(self) -> Plan | None:
        """The plan that holds."""
        return self.pack.plan(self.plan_name)

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
            self.plan_name = fact.body.get("plan")

    def _dropped(self, fact: Said) -> Targets:
        kept = {target.name for target in fact.body["targets"]}
        return {name: t for name, t in self.going_on(fact, judged(fact)).items() if name not in kept}

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

    def begun(self, fact: Said) -> int:
        """From when the time of a fact's cycle counts."""
        reopened = self.case.of("reopened", fact.cycle)
        if reopened:
            return int(reopened[0].body["at"])
        return int(self.case.received.body["received_at"] if self.case.received else fact.body["at"])

    def promise(self, fact: Said, plan: str | None, department: str, name: str) -> Target | None:
        """What the policy promises; None where it leaves that to an upstream system which did not say."""
        chosen, received = self.pack.plan(plan), self.case.received
        if chosen is None or name not in chosen.targets or received is None:
            return None
        starts = self.begun(fact)
        if name in FROM_THE_ROUTING and fact.row.owner:
            starts = fact.body["at"]
        elif name in ACROSS_CYCLES:
            starts = received.body["received_at"]
        length = chosen.targets[name]
        if length is not None:
            return self.lasting(name, starts, length, department)
        due = received.body.get("due_at") if fact.cycle == 1 else None
        return None if due is None else Target(name, starts, due, 0)

    def lasting(self, name: str, starts: int, length: Length, department: str) -> Target:
        """A target that lasts so long for a department."""
        calendar = self.pack.calendar_of(department, length)
        return Target(name, starts, self.pack.lasting(department, starts, length), 0, calendar)

    def after_pauses(self, first: Target, pauses: tuple[Pause, ...]) -> Target:
        """A promise with the pauses that its target has had."""
        due = first.due
        for pause in pauses:
            due = self.later(first, due, pause)
        return first._replace(due=due, pauses=pauses)

    def later(self, target: Target, due: int, pause: Pause) -> int:
        """What would have counted during a pause, since the target began, counts behind the date it has until then."""
        counts, begins = self.pack.counting(target.calendar), max(pause.starts, target.starts)
        return due if pause.starts >= due else counts.add(due, counts.between(begins, max(begins, pause.ends)))

    def may_wait(self, reason: str, since: int) -> list[str]:
        """The targets that wait for a reason: those of its rule that nothing has met and whose date is ahead."""
        rule = self.plan.pauses.get(reason) if self.plan else None
        names = rule.targets if rule else frozenset()
        return [n for n, t in self.targets.items() if n in names and n not in self.done and t.due > since]

    def waits_from(self, fact: Said) -> int:
        """From when the work waits that a reply says to wait: no wait of what is open begins before the last ended."""
        ends = (pause.ends for name, target in self.targets.items() if name not in self.done for pause in target.pauses)
        return max([judged(fact), *(end for end in ends if end <= fact.body["at"])])

    def waits_at(self, at: int) -> bool:
        """Whether the work waits at a moment; at its cap a pause ends by itself."""
        return "waits" in self.holds and at < self.holds["waits"].body["until"]

    def going_on(self, fact: Said, at: int) -> Targets:
        """The plan as it goes on at a moment: a pause that would last longer ends now; what is met keeps its date."""
        if not self.waits_at(at):
            return dict(self.targets)
        return {
            n: t if n in self.done or does(fact, n, self.owner) else self._cut(t, at) for n, t in self.targets.items()
        }

    def _cut(self, target: Target, at: int) -> Target:
        if not target.pauses or target.pauses[-1].ends <= at:
            return target
        *others, last = target.pauses
        before = target.due if target.before_pause is None else target.before_pause
        pause = last._replace(ends=max(at, last.starts))
        return target._replace(due=self.later(target, before, pause), pauses=(*others, pause), before_pause=before)


def waiting(desk: Desk, target: Target, fact: Said) -> Target:
    """A target that waits from now on."""
    pause = Pause(judged(fact), fact.body["until"], fact.body["reason"])
    due = desk.later(target, target.due, pause)
    return target._replace(due=due, pauses=(*target.pauses, pause), before_pause=target.due)
