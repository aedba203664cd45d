"""The dates of a plan: promised by the policy, and moved by pauses, consent and another plan; each from all facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from schemas.facts import Pause, Target, Work
from schemas.pointers import UPDATE, of_cap, of_target
from schemas.policy import Days, EarlierOf, Every, ExtensionRule, LaterOf, PolicyPack, once
from schemas.targets import FIRST_RECEIPT, ROUTING, Outlived, kind_of, met_by
from services.router.model import Case
from services.shared.timing.counting import End, after_pause, counting, ending, further, until

Targets = tuple[Target, ...]


def planned(case: Case, at: datetime, policy: PolicyPack, plan: str, department: str) -> Targets:
    """The whole plan of a department that gets the complaint; used time and pauses still count."""
    known = {t.name: t for t in (*_set_aside(case, policy), *standing(case, at, policy))}
    names = policy.plans[plan].targets
    found = [_of_plan(case, at, policy, (plan, department), name, known) for name in names]
    found += [t for t in known.values() if t.name not in names and _outlives(t.name, "plan") and goes_on(case, t.name)]
    is_led = case.plan.manager is not None and not case.plan.reported
    if is_led and policy.incidents is not None and not any(t and t.name == "update" for t in found):
        found.append(promised(case, "update", at, policy, UPDATE, department))
    return tuple(target for target in found if target is not None)


def kept(case: Case, at: datetime, policy: PolicyPack) -> Targets:
    """Targets that outlive a department, and targets that were met: the next department is not asked for them."""
    return tuple(t for t in standing(case, at, policy) if _outlives(t.name, "department") or t.name in case.plan.done)


def _set_aside(case: Case, policy: PolicyPack) -> Iterator[Target]:
    """The targets that the return took off the plan, as they stood then, to begin anew; the return ended any wait."""
    aside = case.plan.aside
    if aside is None:
        return
    for old in aside.targets:
        waited = old.pauses and old.pauses[-1].ends_at > aside.at
        stood = _cut(case, old, aside.at, policy) if waited else old
        yield stood.model_copy(update={"revision": _next_revision(case, old.name)})


def but(targets: Iterable[Target], *names: str) -> Targets:
    """These targets without some."""
    return tuple(t for t in targets if t.name not in names)


def standing(case: Case, at: datetime, policy: PolicyPack, met: Collection[str] = ()) -> Targets:
    """The plan as it stands; what waited goes on from this moment, unless it is met by now."""
    wait, done, targets = case.plan.wait, {*case.plan.done, *met}, case.plan.targets
    if wait is None or at >= wait.until:
        return targets
    waited = {t.name for t in targets if t.pauses and t.pauses[-1].ends_at > at} - done
    return tuple(_cut(case, t, at, policy) if t.name in waited else t for t in targets)


def may_wait_from(case: Case, judged_at: datetime, given_at: datetime) -> datetime:
    """When a pause begins to count: as judged, but not before the previous pause of an open target has ended."""
    ends = (pause.ends_at for t in case.plan.targets if t.name not in case.plan.done for pause in t.pauses)
    return max([judged_at, *(end for end in ends if end <= given_at)])


def waiting(case: Case, policy: PolicyPack, names: tuple[str, ...], pause: Pause) -> Targets:
    """The plan with these targets waiting, and with the end of the wait as a target of its own."""
    targets = [_moved(case, t, policy, pause) if t.name in names else t for t in case.plan.targets]
    rule = of_cap(case.plan.name, pause.reason)
    end = target(case, "resume", pause.starts_at, pause.ends_at, rule=rule)
    return (*but(targets, "approve", "resume"), end)


def decided(case: Case) -> Targets:
    """The plan once the centre has decided what it was asked."""
    return but(case.plan.targets, "approve")


def moved(case: Case, name: str, due_at: datetime) -> Targets:
    """The plan with one target's date moved by consent."""
    rest, is_open = decided(case), name not in case.plan.done
    named = {"due_at": due_at, "before_pause": None, "counted_to": None}
    return tuple(_revised(case, t, **named) if t.name == name and is_open else t for t in rest)


def asking(case: Case, at: datetime, policy: PolicyPack, rule: str, no_later: datetime | None) -> Targets:
    """The plan with what the centre has to decide, at the latest when the date in question falls due."""
    within = policy.at(rule)
    end = ending(policy, within, policy.centre, at)
    if no_later is not None and no_later < end.due_at:
        end = End(no_later, no_later, None)
    return (*decided(case), dated(case, "approve", at, end, department=policy.centre, rule=rule))


def asked_at(case: Case) -> datetime:
    """From when the centre could decide on what it was asked."""
    return next(t.starts_at for t in case.plan.targets if t.name == "approve")


def again(case: Case, fact: Work, policy: PolicyPack) -> Targets:
    """The plan in which each `every` target that this work meets begins anew."""
    plan = policy.plans.get(case.plan.name or "")
    every = [name for name, t in plan.targets.items() if isinstance(t, Every)] if plan else []
    rules = {name: of_target(case.plan.name, name) for name in every}
    rules |= {"update": UPDATE} if policy.incidents else {}
    due = rules.keys() & met_by(fact, case.plan.department)
    targets = case.plan.targets
    return tuple(_anew(case, t, fact.judged_at, policy, rules[t.name]) if t.name in due else t for t in targets)


def _anew(case: Case, met: Target, at: datetime, policy: PolicyPack, rule: str) -> Target:
    """The next of a target that is wanted again: it begins no sooner than the one before, and waits if that waits."""
    starts_at = max(at, met.starts_at)
    new = promised(case, met.name, starts_at, policy, rule, case.plan.department)
    if met.pauses and met.pauses[-1].ends_at > starts_at:
        new = _moved(case, new, policy, met.pauses[-1].model_copy(update={"starts_at": starts_at}))
    return new.model_copy(update={"revision": _next_revision(case, met.name)})


def promised(case: Case, name: str, starts_at: datetime, policy: PolicyPack, rule: str, department: str) -> Target:
    """A target that lasts as long as a rule of the pack says, for whoever has to meet it."""
    return dated(case, name, starts_at, ending(policy, once(policy.at(rule)), department, starts_at), rule=rule)


def begun(case: Case) -> datetime:
    """From when the time of this cycle counts."""
    return case.loop.reopened_at or case.matter.received_at


def limit(case: Case, policy: PolicyPack, name: str, rule: ExtensionRule, asked_at: datetime) -> datetime | None:
    """How far a date may move, from the request or from where the policy counted it; None where it promises none."""
    plan, department = case.plan.name or "", case.plan.department
    if rule.counted_from == "request":
        return until(policy, rule.at_most, department, asked_at)
    first = _promise(case, begun(case), policy, plan, department, name)
    if first is None:
        return None
    counted = _after_pauses(case, first, policy, department)
    return further(policy, rule.at_most, department, counted.counted_to or counted.due_at).due_at


def target(
    case: Case, name: str, starts_at: datetime, due_at: datetime, department: str | None = None, rule: str | None = None
) -> Target:
    """A target whose date somebody named, and that counts all of the time."""
    return dated(case, name, starts_at, End(due_at, due_at, None), department=department, rule=rule)


def dated(
    case: Case,
    name: str,
    starts_at: datetime,
    end: End,
    pauses: tuple[Pause, ...] = (),
    department: str | None = None,
    rule: str | None = None,
) -> Target:
    """A target keeps its revision while its date stays: then its clock goes on as if nothing had happened."""
    for known in case.plan.targets if goes_on(case, name) else ():
        same = (known.name, known.starts_at, known.due_at, known.calendar, known.pauses, known.department)
        if same == (name, starts_at, end.due_at, end.calendar, pauses, department):
            return known
    return Target(
        name=name,
        starts_at=starts_at,
        revision=_next_revision(case, name),
        department=department,
        pauses=pauses,
        rule=rule,
        **_fields(end),
    )


def _fields(end: End) -> dict[str, Any]:
    """What a target keeps of where its time ends."""
    counted_to = None if end.counted_to == end.due_at else end.counted_to
    return {"due_at": end.due_at, "calendar": end.calendar, "counted_to": counted_to}


def _of_plan(
    case: Case, at: datetime, policy: PolicyPack, to: tuple[str, str], name: str, known: dict[str, Target]
) -> Target | None:
    """One target of the plan: what is met stays met, what the same plan moved stays moved, the rest is dated anew."""
    plan, department = to
    before = known.get(name)
    first = _promise(case, at, policy, plan, department, name)
    if before is None or kind_of(name).counts_from == ROUTING or not goes_on(case, name):
        return first
    if name in case.plan.done:
        return before
    if plan == case.plan.name and (first is None or first.calendar == before.calendar):
        return before
    return None if first is None else _after_pauses(case, first, policy, department, before.pauses)


def goes_on(case: Case, name: str) -> bool:
    """Whether what the plan holds under this name is a target of this cycle."""
    return case.plan.cycle == case.loop.cycle or _outlives(name, "cycle")


def _outlives(name: str, what: Outlived) -> bool:
    return what in kind_of(name).outlives


def _promise(case: Case, at: datetime, policy: PolicyPack, plan: str, department: str, name: str) -> Target | None:
    """The date by the policy; None if the upstream system was to name it and did not."""
    rule = of_target(plan, name)
    starts_at = {ROUTING: at, FIRST_RECEIPT: case.matter.received_at}.get(kind_of(name).counts_from) or begun(case)
    if policy.at(rule) != "stated":
        return promised(case, name, starts_at, policy, rule, department)
    due_at = case.matter.due_at if case.loop.cycle == 1 else None
    return None if due_at is None else target(case, name, starts_at, due_at, rule=rule)


def _after_pauses(
    case: Case, first: Target, policy: PolicyPack, department: str, pauses: tuple[Pause, ...] | None = None
) -> Target:
    """A promise with the pauses that its target has had."""
    if pauses is None:
        pauses = next((t.pauses for t in case.plan.targets if t.name == first.name), ())
    if not pauses:
        return first
    end = End(first.due_at, first.counted_to or first.due_at, first.calendar)
    for n, pause in enumerate(pauses):
        end = _later(first, end, pauses[:n], pause, policy, department)
    return dated(case, first.name, first.starts_at, end, pauses, rule=first.rule)


def _moved(case: Case, waits: Target, policy: PolicyPack, pause: Pause) -> Target:
    """A target that waits."""
    end = _later(waits, _end(waits, waits.due_at), waits.pauses, pause, policy, case.plan.department)
    return _revised(case, waits, **_fields(end), pauses=(*waits.pauses, pause), before_pause=waits.due_at)


def _cut(case: Case, waits: Target, at: datetime, policy: PolicyPack) -> Target:
    """A target whose pause ends now, before its cap; a pause of no length is dropped."""
    *others, last = waits.pauses
    pause = Pause(starts_at=last.starts_at, ends_at=max(at, last.starts_at), reason=last.reason)
    before = waits.before_pause or waits.due_at
    end = _later(waits, _end(waits, before), tuple(others), pause, policy, case.plan.department)
    return _revised(case, waits, **_fields(end), pauses=(*others, pause), before_pause=before)


def _end(known: Target, due_at: datetime) -> End:
    return End(due_at, due_at, known.calendar)


def _later(
    waits: Target, end: End, others: tuple[Pause, ...], pause: Pause, policy: PolicyPack, department: str
) -> End:
    """Where a target ends after one more pause: what would have counted meanwhile counts behind it.

    A date that the pack gave in days is counted anew, so that it ends where on its day the pack says. A date that
    somebody named is moved by as much.
    """
    length = once(policy.at(waits.rule)) if waits.rule is not None else None
    if isinstance(length, Days | EarlierOf | LaterOf):
        who = waits.department or department
        if ending(policy, length, who, waits.starts_at, others).due_at == end.due_at:
            return ending(policy, length, who, waits.starts_at, (*others, pause))
    due_at = after_pause(counting(policy, waits.calendar), waits.starts_at, end.due_at, pause)
    return End(due_at, due_at, waits.calendar)


def _revised(case: Case, old: Target, **changes: Any) -> Target:
    new = old.model_copy(update=changes)
    if (new.due_at, new.pauses) == (old.due_at, old.pauses):
        return old
    return new.model_copy(update={"revision": _next_revision(case, old.name)})


def _next_revision(case: Case, name: str) -> int:
    return case.plan.revisions.get(name, 0) + 1
