"""What a plan must be after each fact: every date derived again from the policy and from all that happened before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from closedloop.verify.derive.desk import FROM_THE_ROUTING, Desk, Targets, waiting
from closedloop.verify.derive.provenance import mover, place
from closedloop.verify.derive.watching import does, judged
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.lengths import Length, Target
from closedloop.verify.tables.contract import targets

HOLDS_UNDER_ANY_PLAN = targets("outlives", "plan")
OUTLIVES_ITS_DEPARTMENT = targets("outlives", "department")
OVER_WITH_THE_ANSWER = targets("ends_with_the_answer", True)

ANEW = -1
"""Stands for the revision of a target that begins anew, even where its date is the same by chance."""


def expected(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """The plan after this fact, with the revision that each target must have.

    A target keeps its revision while all of it stays; else it gets the next. `claim` is the date that the reply behind
    the fact brought along; None where it brought none, or can be read no more.
    """
    rule = fact.row.plan
    found = RULES[rule](desk, fact, claim) if rule else desk.targets
    return {target.name: _numbered(desk, target, fact) for target in found.values()}


def is_same(one: Target, other: Target) -> bool:
    """Whether two targets differ in their revision and its reasons at most."""
    return one._replace(**_OF_A_REVISION) == other._replace(**_OF_A_REVISION)


_OF_A_REVISION: Mapping[str, Any] = {"revision": 0, "before_pause": None, "rule": None, "moved_by": None}


def _numbered(desk: Desk, target: Target, fact: Said) -> Target:
    known = desk.known(target.name, fact.cycle)
    if known is not None and is_same(known, target) and target.revision != ANEW:
        return known
    return target._replace(
        revision=desk.revisions.get(target.name, 0) + 1,
        rule=target.rule or place(desk, fact, target.name),
        moved_by=mover(desk, fact, target.name),
    )


def unroutable(desk: Desk, fact: Said, claim: int | None) -> Targets:
    return _named(desk.lasting("assign", fact.body["at"], desk.pack.assign_within, desk.pack.centre))


def routed(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """All that the department's plan promises, and what was promised once for whatever plan."""
    plan, at = desk.pack.plan(fact.body["plan"]), fact.body["at"]
    known = desk.aside if fact.cycle == desk.cycle else {}
    known = known | {name: t for name, t in desk.going_on(fact, at).items() if desk.known(name, fact.cycle)}
    names = plan.targets if plan else {}
    found = _named(*(_of_plan(desk, fact, name, known.get(name)) for name in names))
    found |= {name: t for name, t in known.items() if name in HOLDS_UNDER_ANY_PLAN and name not in names}
    if "incident" in desk.holds and "reported" not in desk.holds and desk.pack.incidents and "update" not in found:
        found |= _named(desk.lasting("update", at, desk.pack.incidents.update, fact.body["department"]))
    return found


def _of_plan(desk: Desk, fact: Said, name: str, before: Target | None) -> Target | None:
    """What was met keeps its date, what the same plan moved stays moved, the rest is dated anew with its pauses."""
    plan = fact.body["plan"]
    first = desk.promise(fact, plan, fact.body["department"], name)
    if before is None or name in FROM_THE_ROUTING:
        return first
    stays = plan == desk.plan_name and (first is None or first.calendar == before.calendar)
    if name in desk.done or stays:
        return before
    return None if first is None else desk.after_pauses(first, before.pauses)


def worked(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """What the policy wants again and again begins anew when it is met."""
    plan, incidents = desk.plan, desk.pack.incidents
    again: dict[str, Length | None] = {name: plan.targets[name] for name in plan.again} if plan else {}
    if incidents:
        again["update"] = incidents.update
    due = {name: length for name, length in again.items() if name in desk.targets and does(fact, name, desk.owner)}
    anew = (_anew(desk, desk.targets[name], judged(fact), length) for name, length in due.items() if length)
    return desk.targets | _named(*anew)


def _anew(desk: Desk, met: Target, at: int, length: Length) -> Target:
    """The next begins no sooner than the one before, and waits as long as that one waits."""
    starts = max(at, met.starts)
    new = desk.lasting(met.name, starts, length, desk.owner)._replace(revision=ANEW)
    if not met.pauses or met.pauses[-1].ends <= starts:
        return new
    pause = met.pauses[-1]._replace(starts=starts)
    return new._replace(due=desk.later(new, new.due, pause), pauses=(pause,), before_pause=new.due)


def promised(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """A call is due when the reply promises it; where that reply can be read no more, the fact is believed."""
    told = next((target.due for target in fact.body.get("targets", ()) if target.name == "callback"), None)
    due = claim or told or judged(fact)
    return worked(desk, fact, claim) | _named(Target("callback", judged(fact), due, 0))


def held(desk: Desk, fact: Said, claim: int | None) -> Targets:
    rule = desk.plan.holding if desk.plan else None
    if rule is None:
        return worked(desk, fact, claim)
    return worked(desk, fact, claim) | _named(desk.lasting("final", desk.begun(fact), rule.final_within, desk.owner))


def paused(desk: Desk, fact: Said, claim: int | None) -> Targets:
    since = judged(fact)
    now_waiting = {name: waiting(desk, desk.targets[name], fact) for name in desk.may_wait(fact.body["reason"], since)}
    return _but(desk.targets, "approve") | now_waiting | _named(Target("resume", since, fact.body["until"], 0))


def resumed(desk: Desk, fact: Said, claim: int | None) -> Targets:
    return _but(desk.going_on(fact, judged(fact)), "resume")


def asked(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """The centre has its time to decide; about a date it has to before that has passed."""
    subject, is_pause = fact.body["subject"], fact.body["what"] == "pause"
    rule = desk.plan and (desk.plan.pauses.get(subject) if is_pause else desk.plan.extension)
    if not rule or rule.approved_within is None:
        return desk.targets
    since = desk.waits_from(fact) if is_pause else judged(fact)
    approve = desk.lasting("approve", since, rule.approved_within, desk.pack.centre)
    if not is_pause and subject in desk.targets and (no_later := desk.targets[subject].due) < approve.due:
        approve = approve._replace(due=no_later, calendar=None)
    return desk.targets | _named(approve._replace(department=desk.pack.centre))


def granted(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """Consent moves a date that nothing has met; a pause begins with the fact that follows."""
    rest, subject = _but(desk.targets, "approve"), fact.body["subject"]
    if fact.body["what"] == "pause":
        return rest
    if subject in rest and subject not in desk.done:
        rest[subject] = rest[subject]._replace(due=fact.body["until"], before_pause=None)
    return rest


def refused(desk: Desk, fact: Said, claim: int | None) -> Targets:
    return _but(desk.targets, "approve")


def declared(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """News until the answer, from then on the report; said again, an incident moves nothing."""
    rule = desk.pack.incidents
    if "incident" in desk.holds or rule is None:
        return desk.targets
    name, length = ("report", rule.report_within) if "answered" in desk.holds else ("update", rule.update)
    return desk.targets | _named(desk.lasting(name, fact.body["at"], length, desk.owner))


def returned(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """A pause ends when the return counts, what was met stays; the centre's own time begins when it hears of it."""
    goes_on = {*OUTLIVES_ITS_DEPARTMENT, *desk.done}
    kept = {name: t for name, t in desk.going_on(fact, judged(fact)).items() if name in goes_on}
    name = "arbitrate" if desk.times.get("returned", 0) + 1 == desk.pack.arbitrated_after else "assign"
    return kept | _named(desk.lasting(name, fact.body["at"], desk.pack.assign_within, desk.pack.centre))


def answered(desk: Desk, fact: Said, claim: int | None) -> Targets:
    rest, rule = _but(desk.going_on(fact, judged(fact)), *OVER_WITH_THE_ANSWER), desk.pack.incidents
    if "incident" in desk.holds and "reported" not in desk.holds and rule:
        rest |= _named(desk.lasting("report", judged(fact), rule.report_within, desk.owner))
    return rest


def lapsed(desk: Desk, fact: Said, claim: int | None) -> Targets:
    """Once the complaint has ended, what is open is not asked for any more; what it takes to end was done."""
    return {name: target for name, target in desk.targets.items() if name in desk.kept_at_the_end}


def _named(*targets: Target | None) -> Targets:
    return {target.name: target for target in targets if target is not None}


def _but(targets: Targets, *names: str) -> Targets:
    return {name: target for name, target in targets.items() if name not in names}


RULES: Mapping[str, Callable[[Desk, Said, int | None], Targets]] = {
    rule.__name__: rule
    for rule in (
        *(unroutable, routed, worked, promised, held, paused, resumed, asked),
        *(granted, refused, declared, returned, answered, lapsed),
    )
}
"""How a plan may change, by the name in a fact's row."""
