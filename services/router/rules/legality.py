"""Which replies are legal: the first rule that objects gives the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from schemas.edges import Reply
from schemas.policy import ExtensionRule, Plan, PolicyPack, span_of
from schemas.refusals import Reason, because
from schemas.sizes import too_large
from services.router.model import Case
from services.router.rules import dates
from services.router.rules.replies import since_when, waits
from services.shared.countable import uncountable
from services.shared.counting import counting
from services.shared.machine import Input
from services.shared.trust import FUTURE, judged

Objection = Reason | None
"""Why a reply does not count."""

RULINGS = ("assigned", "approved", "refused")
"""Replies that only the centre may send."""

ABOUT_THE_WHOLE = ("incident",)
"""Replies that whoever owns it may send, and the centre besides."""

MOST_PAUSES = 200
"""How many pauses the dates of one plan may have had together: every order tells them all."""

AFTER_THE_ANSWER = ("report", "incident")
"""Replies that may still come while the answer is being checked."""


def objection(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Why a reply does not count; None where it does."""
    found = (rule(case, given, policy) for rule in (*LEGALITY, *OF_REPLY.get(given.body.reply, ())))
    return next((objection for objection in found if objection), None)


def _speaks_for_itself(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if given.body.department in (None, given.member):
        return None
    return because("not_your_topic.department", topic=given.member, department=given.body.department)


def _is_allowed_to(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The centre decides what is the centre's; the rest is its owner's. Who follows an incident may tell news of it."""
    is_centre = given.member == policy.centre
    if given.body.reply in RULINGS:
        return None if is_centre else because("only_the_centre", centre=policy.centre, reply=given.body.reply)
    if given.body.reply in ABOUT_THE_WHOLE and is_centre:
        return None
    if given.body.reply == "progress" and given.member == case.plan.manager:
        return None
    if case.plan.department != given.member:
        return because("not_the_owner", owner=case.plan.department)
    return because("to_be_assigned") if is_centre else None


def _is_open(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if case.loop.ended:
        return _how_it_ended(case, given)
    if _ends_with_its_answer(case, policy):
        return because("ended.answer")
    return None


def _how_it_ended(case: Case, given: Input[Reply]) -> Reason:
    """Who replied before the end, and was read after it, hears that too."""
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


def _is_of_this_cycle(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if given.body.cycle == case.loop.cycle:
        return None
    cycles = {"cycle": given.body.cycle, "current": case.loop.cycle}
    if given.body.cycle < case.loop.cycle:
        return because("past_cycle.reply", **cycles)
    return because("unknown_cycle.reply", **cycles)


def _is_unanswered(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if not case.plan.answered or given.body.reply in AFTER_THE_ANSWER:
        return None
    return because("already_answered")


def _states_a_possible_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    stated = given.body.stated_at
    if stated is not None and stated > given.at + FUTURE:
        return because("in_the_future", stated_at=stated, arrived_at=given.at)
    if stated is not None and stated < case.matter.received_at:
        return because("before_receipt", stated_at=stated, received_at=case.matter.received_at)
    return None


def _can_be_told(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return too_large(given.body)


def _names_a_department(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    department = policy.departments.get(given.body.assign_to or "")
    if department is None or department.kind != "department":
        return because("unknown_department", department=given.body.assign_to or "", policy=policy.name)
    if given.body.plan is not None and given.body.plan not in policy.plans:
        return because("unknown_plan", plan=given.body.plan, policy=policy.name)
    return None


def _has_a_reason(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if given.body.note.strip() else because("reason_missing", reply=given.body.reply)


def _has_an_answer(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if given.body.note.strip() else because("answer_missing")


def _is_not_ruled(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    bounces = case.plan.times.get("returned", 0)
    if policy.arbitrated_after is None or bounces < policy.arbitrated_after:
        return None
    return because("arbitrated", times=bounces, centre=policy.centre)


def _says_until_when(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    until = given.body.until
    if until is None:
        return because("until_missing", reply=given.body.reply)
    if until <= given.at:
        return because("not_ahead", until=until)
    return uncountable(policy, "until", until, given.at)


def _ends_ahead(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    until = given.body.until
    return because("not_ahead", until=until) if until is not None and until <= given.at else None


def _is_not_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    wait = case.plan.wait
    if wait is None or wait.until <= given.at:
        return None
    return because("waiting", until=wait.until)


def _is_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    wait, (at, _) = case.plan.wait, judged(given.body.stated_at, given.at, policy)
    if wait is not None and at < wait.until:
        return None
    return because("not_waiting.over", at=wait.until) if wait else because("not_waiting")


def _may_wait(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
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


def _has_not_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return because("already_asked", centre=policy.centre) if case.plan.asked else None


def _was_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if case.plan.asked else because("nothing_asked")


def _comes_before_the_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Consent counts before the date it moves has passed."""
    asked, (at, _) = case.plan.asked, judged(given.body.stated_at, given.at, policy)
    if asked is None or asked.what != "extension":
        return None
    date = next((t.due_at for t in case.plan.targets if t.name == asked.subject), at)
    return None if at < date else because("too_late.passed", at=date)


def _may_move(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    name, plan = given.body.target, _plan(case, policy)
    rule = plan.extension if plan else None
    if rule is None or name not in rule.targets:
        return because("not_extendable", target=name)
    if case.plan.times.get("extension", 0) >= rule.times:
        return because("too_often.extension", times=rule.times)
    target = next((t for t in case.plan.targets if t.name == name and name not in case.plan.done), None)
    return None if target else because("no_such_target", target=name)


def _asks_in_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Before the date, and by as much as the policy wants in the time that counts."""
    rule, (at, _) = _extension(case, policy), judged(given.body.stated_at, given.at, policy)
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    counts = counting(policy, policy.calendar_of(case.plan.department, rule.before))
    if at < date and counts.between(at, date) >= max(span_of(rule.before), timedelta(0)):
        return None
    return because("too_late.notice", at=date)


def _asks_for_a_legal_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    rule, until = _extension(case, policy), given.body.until or given.at
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    if until <= date:
        return because("not_later", at=date)
    limit = dates.limit(case, policy, given.body.target, rule.at_most)
    if limit is None or until <= limit:
        return None
    return because("beyond_the_limit", at=limit)


def _may_hold(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    plan = _plan(case, policy)
    if plan is None or plan.holding is None:
        return because("no_holding_reply")
    return because("already_held") if case.plan.times.get("held") else None


def _may_be_incident(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if policy.incidents else because("no_incidents", policy=policy.name)


def _is_to_be_reported(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if case.plan.manager is None:
        return because("no_incident")
    if case.plan.reported:
        return because("already_reported")
    return None if given.body.report else because("report_missing")


def _plan(case: Case, policy: PolicyPack) -> Plan | None:
    return policy.plans.get(case.plan.name or "")


def _extension(case: Case, policy: PolicyPack) -> ExtensionRule:
    rule = policy.plans[case.plan.name or ""].extension
    assert rule is not None, "_may_move comes first"
    return rule


Rule = Callable[[Case, Input[Reply], PolicyPack], Objection]

LEGALITY: Iterable[Rule] = (
    _speaks_for_itself,
    _is_allowed_to,
    _is_open,
    _is_of_this_cycle,
    _is_unanswered,
    _states_a_possible_time,
    _can_be_told,
)
"""What every reply has to keep: whose the complaint is comes before how it stands."""

OF_REPLY: dict[str, tuple[Rule, ...]] = {
    "assigned": (_names_a_department,),
    "answered": (_has_an_answer,),
    "returned": (_has_a_reason, _is_not_ruled),
    "promised": (_says_until_when,),
    "holding": (_has_a_reason, _may_hold),
    "waiting": (_ends_ahead, _is_not_waiting, _has_not_asked, _may_wait),
    "resumed": (_is_waiting,),
    "extension": (
        _has_a_reason,
        _says_until_when,
        _is_not_waiting,
        _has_not_asked,
        _may_move,
        _asks_in_time,
        _asks_for_a_legal_date,
    ),
    "approved": (_was_asked, _comes_before_the_date),
    "refused": (_was_asked, _has_a_reason),
    "incident": (_may_be_incident,),
    "report": (_is_to_be_reported,),
}
"""What one kind of reply has to keep besides."""
