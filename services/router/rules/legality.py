"""The rules by which a reply is legal or not: each gives a reason where it objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from schemas.base import is_visible
from schemas.edges import Reply
from schemas.policy import ExtensionRule, Plan, PolicyPack
from schemas.refusals import Reason, because
from schemas.sizes import too_large
from services.router.model import Case
from services.router.rules import dates
from services.router.rules.effects import since_when, waits
from services.shared.machine.documents import Input
from services.shared.timing.countable import uncountable
from services.shared.timing.counting import backwards
from services.shared.timing.trust import FUTURE, judged

Objection = Reason | None
"""Why a reply does not count."""

MOST_PAUSES = 200
"""How many pauses the dates of one plan may have had together: every order tells them all."""

Rule = Callable[[Case, Input[Reply], PolicyPack], Objection]

Who = Literal["owner", "manager", "centre"]
"""The senders of a reply: the department that owns the complaint, the manager of its major incident, or the centre."""


def speaks_for_itself(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """It claims to be no other department than the one whose topic it came by."""
    if given.body.department in (None, given.member):
        return None
    return because("not_your_topic.department", topic=given.member, department=given.body.department)


def comes_from(who: tuple[Who, ...], case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Its sender may say that; while the centre owns the complaint, it has to assign it first."""
    is_centre = given.member == policy.centre
    if who == ("centre",):
        return None if is_centre else because("only_the_centre", centre=policy.centre, reply=given.body.reply)
    if ("centre" in who and is_centre) or ("manager" in who and given.member == case.plan.manager):
        return None
    if case.plan.department != given.member:
        return because("not_the_owner", owner=case.plan.department)
    return because("to_be_assigned") if is_centre else None


def is_open(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The complaint is not over."""
    if case.loop.ended:
        return _how_it_ended(case, given)
    if _ends_with_its_answer(case, policy):
        return because("ended.answer")
    return None


def _how_it_ended(case: Case, given: Input[Reply]) -> Reason:
    """The refusal also tells a department that it replied before the end and was read after it."""
    at = case.loop.ended_at
    if at is None:
        return because("ended")
    if given.at > at:
        return because("ended.at", at=at)
    return because("ended.unread", at=at, replied_at=given.at)


def _ends_with_its_answer(case: Case, policy: PolicyPack) -> bool:
    """Whether nothing is to come: it is answered, nobody visits, and no report is missing."""
    plan, is_reported = _plan(case, policy), case.plan.reported or case.plan.manager is None
    return case.plan.answered and plan is not None and plan.visit is None and is_reported


def is_of_this_cycle(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """It is about the complaint's present cycle."""
    if given.body.cycle == case.loop.cycle:
        return None
    cycles = {"cycle": given.body.cycle, "current": case.loop.cycle}
    if given.body.cycle < case.loop.cycle:
        return because("past_cycle.reply", **cycles)
    return because("unknown_cycle.reply", **cycles)


def is_unanswered(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """No answer is being checked."""
    return because("already_answered") if case.plan.answered else None


def states_a_possible_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The time that it states lies between the receipt and the arrival."""
    stated = given.body.stated_at
    if stated is not None and stated > given.at + FUTURE:
        return because("in_the_future", stated_at=stated, arrived_at=given.at)
    if stated is not None and stated < case.matter.received_at:
        return because("before_receipt", stated_at=stated, received_at=case.matter.received_at)
    return None


def can_be_told(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Its texts fit into a work order."""
    return too_large(given.body)


def names_a_department(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`assign_to` is a department of the pack, and `plan` one of its plans."""
    department = policy.departments.get(given.body.assign_to or "")
    if department is None or department.kind != "department":
        return because("unknown_department", department=given.body.assign_to or "", policy=policy.name)
    if given.body.plan is not None and given.body.plan not in policy.plans:
        return because("unknown_plan", plan=given.body.plan, policy=policy.name)
    return None


def has_a_reason(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`note` says why."""
    return None if is_visible(given.body.note) else because("reason_missing", reply=given.body.reply)


def has_an_answer(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`note` is the answer."""
    return None if is_visible(given.body.note) else because("answer_missing")


def is_not_ruled(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The centre has not ruled yet whose the complaint is."""
    bounces = case.plan.times.get("returned", 0)
    if policy.arbitrated_after is None or bounces < policy.arbitrated_after:
        return None
    return because("arbitrated", times=bounces, centre=policy.centre)


def says_until_when(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`until` lies ahead, no further than the pack can count."""
    until = given.body.until
    if until is None:
        return because("until_missing", reply=given.body.reply)
    if until <= given.at:
        return because("not_ahead", until=until)
    return uncountable(policy, "until", until, given.at)


def ends_ahead(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`until` lies ahead, where it is given."""
    until = given.body.until
    return because("not_ahead", until=until) if until is not None and until <= given.at else None


def is_not_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The work does not wait."""
    wait = case.plan.wait
    if wait is None or wait.until <= given.at:
        return None
    return because("waiting", until=wait.until)


def is_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The work waits."""
    wait, (at, _) = case.plan.wait, judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    if wait is not None and at < wait.until:
        return None
    return because("not_waiting.over", at=wait.until) if wait else because("not_waiting")


def may_wait(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The plan lets an open date wait for this `reason` once more."""
    reason, plan = given.body.reason or "", _plan(case, policy)
    rule = plan.pauses.get(reason) if plan else None
    if plan is None or rule is None:
        return because("no_such_pause", reason=reason, known=", ".join(sorted(plan.pauses) if plan else ()) or "-")
    if case.plan.times.get(f"pause/{reason}", 0) >= rule.times:
        return because("too_often.pause", reason=reason, times=rule.times)
    if sum(len(target.pauses) for target in case.plan.targets) >= MOST_PAUSES:
        return because("too_often.told")
    at = since_when(case, given, policy)
    return None if waits(case, policy, reason, at) else because("nothing_waits", reason=reason)


def has_not_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The centre has nothing to decide."""
    return because("already_asked", centre=policy.centre) if case.plan.asked else None


def was_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The centre has something to decide."""
    return None if case.plan.asked else because("nothing_asked")


def comes_before_the_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Consent counts before the date it moves has passed."""
    asked, (at, _) = case.plan.asked, judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    if asked is None or asked.what != "extension":
        return None
    date = next((t.due_at for t in case.plan.targets if t.name == asked.subject), at)
    return None if at < date else because("too_late.passed", at=date)


def may_move(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The plan lets this date move once more, and it is open."""
    name, plan = given.body.target, _plan(case, policy)
    rule = plan.extension if plan else None
    if rule is None or name not in rule.targets:
        return because("not_extendable", target=name)
    if case.plan.times.get("extension", 0) >= rule.times:
        return because("too_often.extension", times=rule.times)
    target = next((t for t in case.plan.targets if t.name == name and name not in case.plan.done), None)
    return None if target else because("no_such_target", target=name)


def asks_in_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Before the date, and by as much as the policy wants in the time that counts."""
    rule, (at, _) = _extension(case, policy), judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    if at < date and at <= backwards(policy, rule.before, case.plan.department, date):
        return None
    return because("too_late.notice", at=date)


def asks_for_a_legal_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """`until` is later than the date and within the policy's limit."""
    rule, until = _extension(case, policy), given.body.until or given.at
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    if until <= date:
        return because("not_later", at=date)
    asked_at, _ = judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    limit = dates.limit(case, policy, given.body.target, rule, asked_at)
    if limit is None or until <= limit:
        return None
    return because("beyond_the_limit", at=limit)


def may_hold(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The plan knows a holding reply, and none was sent in this cycle."""
    plan = _plan(case, policy)
    if plan is None or plan.holding is None:
        return because("no_holding_reply")
    return because("already_held") if case.plan.times.get("held") else None


def may_be_incident(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The pack knows major incidents."""
    return None if policy.incidents else because("no_incidents", policy=policy.name)


def is_to_be_reported(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """A major incident has no report yet, and `report` is one."""
    if case.plan.manager is None:
        return because("no_incident")
    if case.plan.reported:
        return because("already_reported")
    return None if given.body.report else because("report_missing")


def _plan(case: Case, policy: PolicyPack) -> Plan | None:
    return policy.plans.get(case.plan.name or "")


def _extension(case: Case, policy: PolicyPack) -> ExtensionRule:
    rule = policy.plans[case.plan.name or ""].extension
    assert rule is not None, "may_move comes first"
    return rule


NEEDS: Mapping[Rule, str] = {
    has_a_reason: "note",
    has_an_answer: "note",
    says_until_when: "until",
    may_wait: "reason",
    is_to_be_reported: "report",
    names_a_department: "assign_to",
}
"""Which field a reply must have to keep a rule."""
