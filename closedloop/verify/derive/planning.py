"""What a plan must be after each fact: every date derived again from the policy and from all that happened before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from closedloop.verify.derive.standing import FROM_THE_ROUTING, Targets, Turn
from closedloop.verify.pack.lengths import Pause, Target
from closedloop.verify.tables.contract import targets

HOLDS_UNDER_ANY_PLAN = targets("outlives", "plan")
OUTLIVES_ITS_DEPARTMENT = targets("outlives", "department")
OVER_WITH_THE_ANSWER = targets("ends_with_the_answer", True)
OVER_AT_ITS_DATE = targets("ends_at_its_date", True)

ANEW = -1
"""Stands for the revision of a target that begins anew, even where its date is the same by chance."""


def expected(on: Turn) -> Targets:
    """The plan after a fact, with the revision that each target must have, its place in the pack and what moved it.

    A target keeps its revision while all of it stays; else it gets the next.
    """
    found = dict(on.before.targets)
    for step in on.fact.row.plan.split():
        found = STEPS[step](on, found)
    return {name: _numbered(on, target) for name, target in found.items()}


def is_same(one: Target, other: Target) -> bool:
    """Whether two targets differ in their revision and its reasons at most."""
    return one._replace(**_OF_A_REVISION) == other._replace(**_OF_A_REVISION)


_OF_A_REVISION: Mapping[str, Any] = {"revision": 0, "before_pause": None, "rule": None, "moved_by": None}


def _numbered(on: Turn, target: Target) -> Target:
    name, known = target.name, on.before.known(target.name, on.fact.cycle)
    if known is not None and is_same(known, target) and target.revision != ANEW:
        return known
    # What was met begins anew, and so does each pause; any other date that stood was moved.
    moved = known and name not in on.before.done and not on.does(name) and name not in OVER_AT_ITS_DATE
    return target._replace(
        revision=on.before.revisions.get(name, 0) + 1,
        rule=target.rule or on.place(name),
        moved_by=on.fact.kind if moved else None,
    )


def afresh(on: Turn, found: Targets) -> Targets:
    return {}


def assign(on: Turn, found: Targets) -> Targets:
    """The centre's own time begins when it hears of it; what was returned too often it has to rule on."""
    returned = on.before.times.get("returned", 0) + 1 if on.fact.row.lays_aside else None
    name = "arbitrate" if returned and returned == on.pack.at("/arbitrated_after") else "assign"
    return found | _named(on.lasting(name, on.at, on.pack.centre))


def routed(on: Turn, found: Targets) -> Targets:
    """All that the department's plan promises, and what was promised once for whatever plan."""
    known = on.before.aside if on.fact.cycle == on.before.cycle else {}
    known = known | {name: t for name, t in on.going_on(on.at).items() if on.before.known(name, on.fact.cycle)}
    names = on.pack.at(f"{on.plan}/targets", {})
    found = _named(*(_of_plan(on, name, known.get(name)) for name in names))
    found |= {name: t for name, t in known.items() if name in HOLDS_UNDER_ANY_PLAN and name not in names}
    if on.is_of_an_incident and "update" not in found:
        found |= _named(on.lasting("update", on.at, on.body["department"]))
    return found


def _of_plan(on: Turn, name: str, before: Target | None) -> Target | None:
    """What was met keeps its date, what the same plan moved stays moved, the rest is dated anew with its pauses."""
    first = on.promise(on.body["plan"], on.body["department"], name)
    if before is None or name in FROM_THE_ROUTING:
        return first
    stays = on.body["plan"] == on.before.plan and (first is None or first.calendar == before.calendar)
    if name in on.before.done or stays:
        return before
    return None if first is None else on.before.after_pauses(first, before.pauses, on.body["department"])


def renew(on: Turn, found: Targets) -> Targets:
    """What the policy wants again and again begins anew when it is met."""
    promised = on.pack.at(f"{on.plan}/targets", {})
    again = [name for name, length in promised.items() if isinstance(length, dict) and "every" in length]
    met = [found[name] for name in {*again, "update"} & found.keys() if on.does(name)]
    return found | _named(*(_anew(on, target) for target in met))


def _anew(on: Turn, met: Target) -> Target | None:
    """The next begins no sooner than the one before, and waits as long as that one waits."""
    starts = max(on.judged, met.starts)
    new = on.lasting(met.name, starts, on.before.owner)
    if new and met.pauses and met.pauses[-1].ends > starts:
        new = on.before.waiting(new, met.pauses[-1]._replace(starts=starts))
    return new and new._replace(revision=ANEW)


def call(on: Turn, found: Targets) -> Targets:
    """A call is due when the reply promises it; where that reply can be read no more, the fact is believed."""
    told = next((target.due for target in on.body.get("targets", ()) if target.name == "callback"), None)
    return found | _named(Target("callback", on.judged, on.claim or told or on.judged, 0))


def final(on: Turn, found: Targets) -> Targets:
    return found | _named(on.lasting("final", on.begun, on.before.owner))


def wait(on: Turn, found: Targets) -> Targets:
    pause = Pause(on.judged, on.body["until"], on.body["reason"])
    waiting = (on.before.waiting(on.before.targets[name], pause) for name in on.may_wait())
    return found | _named(*waiting, Target("resume", pause.starts, pause.ends, 0))


def go_on(on: Turn, found: Targets) -> Targets:
    return _but(on.going_on(on.judged), "resume")


def ask(on: Turn, found: Targets) -> Targets:
    """The centre has its time to decide; about a date it has to before that has passed."""
    is_pause, subject = on.body["what"] == "pause", found.get(on.body["subject"])
    approve = on.lasting("approve", on.waits_from if is_pause else on.judged, on.pack.centre)
    if approve and not is_pause and subject and subject.due < approve.due:
        approve = approve._replace(due=subject.due, calendar=None, counted_to=None)
    return found | _named(approve and approve._replace(department=on.pack.centre))


def decided(on: Turn, found: Targets) -> Targets:
    return _but(found, "approve")


def move(on: Turn, found: Targets) -> Targets:
    """Consent moves a date that nothing has met; a pause begins with the fact that follows."""
    subject = found.get(on.body["subject"])
    if on.body["what"] == "pause" or subject is None or subject.name in on.before.done:
        return found
    return found | _named(subject._replace(due=on.body["until"], before_pause=None, counted_to=None))


def watch(on: Turn, found: Targets) -> Targets:
    """News until the answer, from then on the report; said again, an incident moves nothing."""
    if "incident" in on.before.holds:
        return found
    name = "report" if "answered" in on.before.holds else "update"
    return found | _named(on.lasting(name, on.at, on.before.owner))


def hand_back(on: Turn, found: Targets) -> Targets:
    """What was met stays, and what outlives its department."""
    return {name: t for name, t in found.items() if name in OUTLIVES_ITS_DEPARTMENT | on.before.done}


def answer(on: Turn, found: Targets) -> Targets:
    """An incident's report is due from now on."""
    report = on.lasting("report", on.judged, on.before.owner) if on.is_of_an_incident else None
    return _but(found, *OVER_WITH_THE_ANSWER) | _named(report)


def lapse(on: Turn, found: Targets) -> Targets:
    """Once the complaint has ended, what is open is not asked for any more; what it takes to end was done."""
    return {name: target for name, target in found.items() if name in on.before.kept_at_the_end}


def _named(*targets: Target | None) -> Targets:
    return {target.name: target for target in targets if target is not None}


def _but(targets: Targets, *names: str) -> Targets:
    return {name: target for name, target in targets.items() if name not in names}


STEPS: Mapping[str, Callable[[Turn, Targets], Targets]] = {
    step.__name__: step
    for step in (
        *(afresh, assign, routed, renew, call, final, wait, go_on),
        *(ask, decided, move, watch, hand_back, answer, lapse),
    )
}
"""How a plan may change, by the names in a fact's row."""
