"""The dates of a plan: promised by the policy, and moved by pauses, consent and another plan; each from all facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from schemas.facts import Pause, Target, Work
from schemas.policy import Every, Length, PolicyPack, once
from schemas.targets import FIRST_RECEIPT, ROUTING, Outlived, kind_of, met_by
from services.router.model import Case
from services.router.rules.pointers import UPDATE, of_plan
from services.shared.timing.clock import ceil_ms
from services.shared.timing.counting import counting, until

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
    rule = of_plan(case.plan.name, "pauses", pause.reason, "at_most")
    end = target(case, "resume", pause.starts_at, pause.ends_at, rule=rule)
    return (*but(targets, "approve", "resume"), end)


def decided(case: Case) -> Targets:
    """The plan once the centre has decided what it was asked."""
    return but(case.plan.targets, "approve")


def moved(case: Case, name: str, due_at: datetime) -> Targets:
    """The plan with one target's date moved by consent."""
    rest, is_open = decided(case), name not in case.plan.done
    return tuple(_revised(case, t, due_at=due_at, before_pause=None) if t.name == name and is_open else t for t in rest)


def asking(case: Case, at: datetime, policy: PolicyPack, rule: str, no_later: datetime | None) -> Targets:
    """The plan with what the centre has to decide, at the latest when the date in question falls due."""
    within = policy.at(rule)
    end = until(policy, within, policy.centre, at)
    due_at = end if no_later is None else min(end, no_later)
    calendar = policy.calendar_of(policy.centre, within) if due_at == end else None
    approve = target(case, "approve", at, due_at, calendar, department=policy.centre, rule=rule)
    return (*decided(case), approve)


def asked_at(case: Case) -> datetime:
    """From when the centre could decide on what it was asked."""
    return next(t.starts_at for t in case.plan.targets if t.name == "approve")


def again(case: Case, fact: Work, policy: PolicyPack) -> Targets:
    """The plan in which each `every` target that this work meets begins anew."""
    plan = policy.plans.get(case.plan.name or "")
    every = [name for name, t in plan.targets.items() if isinstance(t, Every)] if plan else []
    rules = {name: of_plan(case.plan.name, "targets", name) for name in every}
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
    length = once(policy.at(rule))
    due_at = until(policy, length, department, starts_at)
    return target(case, name, starts_at, due_at, policy.calendar_of(department, length), rule=rule)


def begun(case: Case) -> datetime:
    """From when the time of this cycle counts."""
    return case.loop.reopened_at or case.matter.received_at


def limit(case: Case, policy: PolicyPack, name: str, at_most: Length) -> datetime | None:
    """How far a date may move: so much beyond where the policy put it; None where the policy promises none."""
    plan, department = case.plan.name or "", case.plan.department
    first = _promise(case, begun(case), policy, plan, department, name)
    return None if first is None else until(policy, at_most, department, _after_pauses(case, first, policy).due_at)


def target(
    case: Case,
    name: str,
    starts_at: datetime,
    due_at: datetime,
    calendar: str | None = None,
    pauses: tuple[Pause, ...] = (),
    department: str | None = None,
    rule: str | None = None,
) -> Target:
    """A target keeps its revision while its date stays: then its clock goes on as if nothing had happened."""
    for known in case.plan.targets if goes_on(case, name) else ():
        same = (known.name, known.starts_at, known.due_at, known.calendar, known.pauses, known.department)
        if same == (name, starts_at, due_at, calendar, pauses, department):
            return known
    return Target(
        name=name,
        starts_at=starts_at,
        due_at=due_at,
        revision=_next_revision(case, name),
        calendar=calendar,
        department=department,
        pauses=pauses,
        rule=rule,
    )


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
    return None if first is None else _after_pauses(case, first, policy, before.pauses)


def goes_on(case: Case, name: str) -> bool:
    """Whether what the plan holds under this name is a target of this cycle."""
    return case.plan.cycle == case.loop.cycle or _outlives(name, "cycle")


def _outlives(name: str, what: Outlived) -> bool:
    return what in kind_of(name).outlives


def _promise(case: Case, at: datetime, policy: PolicyPack, plan: str, department: str, name: str) -> Target | None:
    """The date by the policy; None if the upstream system was to name it and did not."""
    rule = of_plan(plan, "targets", name)
    starts_at = {ROUTING: at, FIRST_RECEIPT: case.matter.received_at}.get(kind_of(name).counts_from) or begun(case)
    if policy.at(rule) != "stated":
        return promised(case, name, starts_at, policy, rule, department)
    due_at = case.matter.due_at if case.loop.cycle == 1 else None
    return None if due_at is None else target(case, name, starts_at, due_at, rule=rule)


def _after_pauses(case: Case, first: Target, policy: PolicyPack, pauses: tuple[Pause, ...] | None = None) -> Target:
    """A promise with the pauses that its target has had."""
    if pauses is None:
        pauses = next((t.pauses for t in case.plan.targets if t.name == first.name), ())
    due_at = first.due_at
    for pause in pauses:
        due_at = _later(first, due_at, pause, policy)
    if not pauses:
        return first
    return target(case, first.name, first.starts_at, due_at, first.calendar, pauses, rule=first.rule)


def _moved(case: Case, waits: Target, policy: PolicyPack, pause: Pause) -> Target:
    due_at = _later(waits, waits.due_at, pause, policy)
    return _revised(case, waits, due_at=due_at, pauses=(*waits.pauses, pause), before_pause=waits.due_at)


def _cut(case: Case, waits: Target, at: datetime, policy: PolicyPack) -> Target:
    """A target whose pause ends now, before its cap; a pause of no length is dropped."""
    *others, last = waits.pauses
    pause = Pause(starts_at=last.starts_at, ends_at=max(at, last.starts_at), reason=last.reason)
    before = waits.before_pause or waits.due_at
    due_at = _later(waits, before, pause, policy)
    return _revised(case, waits, due_at=due_at, pauses=(*others, pause), before_pause=before)


def _later(waits: Target, due_at: datetime, pause: Pause, policy: PolicyPack) -> datetime:
    """A date after a pause: what would have counted meanwhile, since its target began, counts behind it."""
    if pause.starts_at >= due_at:
        return due_at
    counts, begins_at = counting(policy, waits.calendar), max(pause.starts_at, waits.starts_at)
    return ceil_ms(counts.add(due_at, counts.between(begins_at, max(begins_at, pause.ends_at))))


def _revised(case: Case, old: Target, **changes: object) -> Target:
    new = old.model_copy(update=changes)
    if (new.due_at, new.pauses) == (old.due_at, old.pauses):
        return old
    return new.model_copy(update={"revision": _next_revision(case, old.name)})


def _next_revision(case: Case, name: str) -> int:
    return case.plan.revisions.get(name, 0) + 1
