"""Which replies are legal: the first rule that objects gives the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from schemas.edges import Reply
from schemas.policy import ExtensionRule, Plan, PolicyPack, span_of
from schemas.sizes import too_large
from services.router.model import Case
from services.router.rules import dates
from services.router.rules.replies import since_when, waits
from services.shared.countable import uncountable
from services.shared.counting import counting
from services.shared.machine import Input
from services.shared.trust import FUTURE, judged

Objection = tuple[str, str] | None
"""A stable code, and the explanation for whoever replied."""

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
    return "not_your_topic", f"this topic is {given.member}'s, the reply claims to be {given.body.department}'s"


def _is_allowed_to(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """The centre decides what is the centre's; the rest is its owner's. Who follows an incident may tell news of it."""
    is_centre = given.member == policy.centre
    if given.body.reply in RULINGS:
        return None if is_centre else ("only_the_centre", f"only {policy.centre} says {given.body.reply}")
    if given.body.reply in ABOUT_THE_WHOLE and is_centre:
        return None
    if given.body.reply == "progress" and given.member == case.plan.manager:
        return None
    if case.plan.department != given.member:
        return "not_the_owner", f"the complaint is with {case.plan.department}"
    return ("to_be_assigned", "the centre has to assign it to a department first") if is_centre else None


def _is_open(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if case.loop.ended:
        return "ended", _how_it_ended(case, given)
    if _ends_with_its_answer(case, policy):
        return "ended", "the answer ended it: nobody visits under this plan"
    return None


def _how_it_ended(case: Case, given: Input[Reply]) -> str:
    """Who replied before the end, and was read after it, hears that too."""
    at = case.loop.ended_at
    if at is None:
        return "the complaint is closed"
    closed = f"the complaint was closed at {at.isoformat()}"
    if given.at > at:
        return closed
    return f"{closed}, before this reply of {given.at.isoformat()} could be read"


def _ends_with_its_answer(case: Case, policy: PolicyPack) -> bool:
    """Whether nothing is to come: it is answered, nobody visits, and no report is missing."""
    plan, is_reported = _plan(case, policy), case.plan.reported or case.plan.manager is None
    return case.plan.answered and plan is not None and plan.visit is None and is_reported


def _is_of_this_cycle(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if given.body.cycle == case.loop.cycle:
        return None
    code = "past_cycle" if given.body.cycle < case.loop.cycle else "unknown_cycle"
    return code, f"the reply is for cycle {given.body.cycle}, the complaint is in cycle {case.loop.cycle}"


def _is_unanswered(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if not case.plan.answered or given.body.reply in AFTER_THE_ANSWER:
        return None
    return "already_answered", "the answer is being checked with the customer"


def _states_a_possible_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    stated = given.body.stated_at
    if stated is not None and stated > given.at + FUTURE:
        return "in_the_future", f"stated at {stated.isoformat()}, but it arrived at {given.at.isoformat()}"
    if stated is not None and stated < case.matter.received_at:
        return "before_receipt", f"stated at {stated.isoformat()}, received at {case.matter.received_at.isoformat()}"
    return None


def _can_be_told(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    size = too_large(given.body)
    return ("too_large", f"{size}") if size else None


def _names_a_department(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    department = policy.departments.get(given.body.assign_to or "")
    if department is None or department.kind != "department":
        return "unknown_department", f"{given.body.assign_to!r} is not a department of policy {policy.name}"
    if given.body.plan is not None and given.body.plan not in policy.plans:
        return "unknown_plan", f"{given.body.plan!r} is not a plan of policy {policy.name}"
    return None


def _has_a_reason(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if given.body.note.strip() else ("reason_missing", f"{given.body.reply} needs its reason in `note`")


def _has_an_answer(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if given.body.note.strip() else ("answer_missing", "answered needs the answer itself in `note`")


def _is_not_ruled(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    bounces = case.plan.times.get("returned", 0)
    if policy.arbitrated_after is None or bounces < policy.arbitrated_after:
        return None
    return "arbitrated", f"after {bounces} returns {policy.centre} has decided whose it is: that binds"


def _says_until_when(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    until = given.body.until
    if until is None:
        return "until_missing", f"{given.body.reply} needs its date in `until`"
    if until <= given.at:
        return "not_ahead", f"{until.isoformat()} is not ahead"
    why = uncountable(policy, until, given.at)
    return ("not_countable", f"{until.isoformat()}: {why}") if why else None


def _ends_ahead(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    until = given.body.until
    return ("not_ahead", f"{until.isoformat()} is not ahead") if until is not None and until <= given.at else None


def _is_not_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    wait = case.plan.wait
    if wait is None or wait.until <= given.at:
        return None
    return "waiting", f"the work waits until {wait.until.isoformat()}: it has to be resumed first"


def _is_waiting(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    wait, (at, _) = case.plan.wait, judged(given.body.stated_at, given.at, policy)
    if wait is not None and at < wait.until:
        return None
    return "not_waiting", f"it resumed by itself at {wait.until.isoformat()}" if wait else "nothing waits"


def _may_wait(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    reason, plan = given.body.reason or "", _plan(case, policy)
    rule = plan.pauses.get(reason) if plan else None
    if plan is None or rule is None:
        return "no_such_pause", f"{given.body.reason!r} is not one of {sorted(plan.pauses) if plan else []}"
    if case.plan.times.get(f"pause/{reason}", 0) >= rule.times:
        return "too_often", f"for {reason} it may wait {rule.times} times in a cycle"
    if sum(len(target.pauses) for target in case.plan.targets) >= MOST_PAUSES:
        return "too_often", "its dates have waited as often as a work order can tell"
    at = since_when(case, given, policy)
    return None if waits(case, policy, reason, at) else ("nothing_waits", f"no open date of it may wait for {reason}")


def _has_not_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return ("already_asked", f"{policy.centre} has not decided yet") if case.plan.asked else None


def _was_asked(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if case.plan.asked else ("nothing_asked", "nobody asked for consent, or it has been decided")


def _comes_before_the_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Consent counts before the date it moves has passed."""
    asked, (at, _) = case.plan.asked, judged(given.body.stated_at, given.at, policy)
    if asked is None or asked.what != "extension":
        return None
    date = next((t.due_at for t in case.plan.targets if t.name == asked.subject), at)
    return None if at < date else ("too_late", f"the date to be moved has passed: {date.isoformat()}")


def _may_move(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    name, plan = given.body.target, _plan(case, policy)
    rule = plan.extension if plan else None
    if rule is None or name not in rule.targets:
        return "not_extendable", f"the policy does not let {name} move"
    if case.plan.times.get("extension", 0) >= rule.times:
        return "too_often", f"a date may move {rule.times} times in a cycle"
    target = next((t for t in case.plan.targets if t.name == name and name not in case.plan.done), None)
    return None if target else ("no_such_target", f"no date of {name} is open")


def _asks_in_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    """Before the date, and by as much as the policy wants in the time that counts."""
    rule, (at, _) = _extension(case, policy), judged(given.body.stated_at, given.at, policy)
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    counts = counting(policy, policy.calendar_of(case.plan.department, rule.before))
    if at < date and counts.between(at, date) >= max(span_of(rule.before), timedelta(0)):
        return None
    return "too_late", f"it was due {date.isoformat()}: an extension has to be asked for before, by the policy's notice"


def _asks_for_a_legal_date(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    rule, until = _extension(case, policy), given.body.until or given.at
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    if until <= date:
        return "not_later", f"it is due {date.isoformat()} already"
    limit = dates.limit(case, policy, given.body.target, rule.at_most)
    if limit is None or until <= limit:
        return None
    return "beyond_the_limit", f"the policy's limit is {limit.isoformat()}"


def _may_hold(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    plan = _plan(case, policy)
    if plan is None or plan.holding is None:
        return "no_holding_reply", "the policy knows no holding reply for this plan"
    return ("already_held", "one holding reply is all") if case.plan.times.get("held") else None


def _may_be_incident(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    return None if policy.incidents else ("no_incidents", f"policy {policy.name} knows no major incidents")


def _is_to_be_reported(case: Case, given: Input[Reply], policy: PolicyPack) -> Objection:
    if case.plan.manager is None:
        return "no_incident", "it is no major incident"
    if case.plan.reported:
        return "already_reported", "the report is written"
    return None if given.body.report else ("report_missing", "a report needs impact, handling, cause and what follows")


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
