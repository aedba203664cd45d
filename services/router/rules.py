"""What router decides: the department and its dates, and whether a reply is legal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from schemas.edges import Reply
from schemas.facts import (
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    CustomerContacted,
    Fact,
    ProgressReported,
    ReplyRefused,
    Target,
    Work,
    WorkAccepted,
)
from schemas.policy import Length, PolicyPack
from services.router.model import Case
from services.shared.counting import until
from services.shared.machine import Input
from services.shared.trust import FUTURE, judged

OF_THE_WHOLE_CASE = ("answer",)
"""Targets that go on while the centre looks for another department: time already used is not given back."""

FROM_ROUTING = ("accept",)
"""Targets whose time counts from the routing; all others count from the receipt, or from the reopening."""

WORK: dict[str, type[Work]] = {
    "accepted": WorkAccepted,
    "contacted": CustomerContacted,
    "progress": ProgressReported,
    "answered": ComplaintAnswered,
    "returned": ComplaintReturned,
}


def route_on_received(case: Case, given: Input[ComplaintReceived], policy: PolicyPack) -> Iterator[Fact]:
    """The first route that fits decides; where none does, the centre gets it with a target of its own."""
    route = policy.route(case.matter.category, case.matter.area)
    if route is None:
        reason = f"no route for category {case.matter.category!r}, area {case.matter.area!r}"
        yield ComplaintUnroutable(
            complaint_id=given.subject,
            at=given.at,
            department=policy.centre,
            reason=reason[:200],
            targets=(_assign_target(case, given.at, policy),),
            policy=case.policy,
        )
    else:
        yield _routed(case, given, policy, route.department, route.plan, "policy", "first route that fits")


def route_on_reopened(case: Case, given: Input[ComplaintReopened], policy: PolicyPack) -> Iterator[Fact]:
    """The next cycle goes to the department that answered, with new dates, its ladder starting one level up."""
    plan = case.plan.name or policy.plan_of(case.plan.department)
    yield _routed(case, given, policy, case.plan.department, plan, "policy", f"reopened: {given.body.reason}"[:200])


def judge_on_reply(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """A legal reply becomes the fact it reports; an illegal one becomes a refusal that says why."""
    refusal = next((found for found in (rule(case, given, policy) for rule in LEGALITY) if found), None)
    if refusal is not None:
        reason, detail = refusal
        yield ReplyRefused(
            complaint_id=given.subject,
            at=given.at,
            cycle=case.loop.cycle,
            department=given.member,
            reply=given.body.reply,
            reply_id=given.id[:200],
            reason=reason,
            detail=detail,
        )
    elif given.body.reply == "assigned":
        department = given.body.assign_to or ""
        plan = case.plan.name or policy.plan_of(department)
        yield _routed(
            case, given, policy, department, plan, "centre", given.body.note[:200] or "assigned by the centre"
        )
    else:
        yield _work(case, given, policy)


def _work(case: Case, given: Input[Reply], policy: PolicyPack) -> Fact:
    reply, (judged_at, trusted) = given.body, judged(given.body.stated_at, given.at, policy)
    fields: dict[str, object] = {
        "complaint_id": given.subject,
        "at": given.at,
        "cycle": case.loop.cycle,
        "department": given.member,
        "handler": reply.handler,
        "judged_at": judged_at,
        "stated_at": reply.stated_at,
        "trusted": trusted,
        "note": reply.note,
    }
    if reply.reply == "returned":
        kept = tuple(t for t in case.plan.targets if t.name in OF_THE_WHOLE_CASE)
        fields |= {"owner": policy.centre, "targets": (*kept, _assign_target(case, given.at, policy))}
    if reply.reply == "answered":
        fields |= {"plan": case.plan.name, "policy": case.policy}
    return WORK[reply.reply].model_validate(fields)


def _routed(
    case: Case, given: Input[Fact] | Input[Reply], policy: PolicyPack, department: str, plan: str, by: str, reason: str
) -> ComplaintRouted:
    return ComplaintRouted.model_validate(
        {
            "complaint_id": given.subject,
            "at": given.at,
            "cycle": case.loop.cycle,
            "department": department,
            "plan": plan,
            "level": case.loop.level,
            "reason": reason,
            "by": by,
            "targets": tuple(_targets(case, given.at, policy, plan, department)),
            "policy": case.policy,
        }
    )


def _targets(case: Case, at: datetime, policy: PolicyPack, plan: str, department: str) -> Iterator[Target]:
    counts_from = case.loop.reopened_at or case.matter.received_at
    for name, length in policy.plans[plan].targets.items():
        starts_at = at if name in FROM_ROUTING else counts_from
        if length != "stated":
            yield _promised(case, name, starts_at, policy, length, department)
        elif case.matter.due_at is not None and case.loop.cycle == 1:
            yield _target(case, name, starts_at, case.matter.due_at)


def _assign_target(case: Case, at: datetime, policy: PolicyPack) -> Target:
    return _promised(case, "assign", at, policy, policy.assign_within, policy.centre)


def _promised(
    case: Case, name: str, starts_at: datetime, policy: PolicyPack, length: Length, department: str
) -> Target:
    due_at = until(policy, length, department, starts_at)
    return _target(case, name, starts_at, due_at, policy.calendar_of(department, length))


def _target(case: Case, name: str, starts_at: datetime, due_at: datetime, calendar: str | None = None) -> Target:
    """A target keeps its revision while its date stays: then its clock goes on as if nothing had happened."""
    same_cycle = case.plan.cycle == case.loop.cycle
    for known in case.plan.targets if same_cycle else ():
        if (known.name, known.starts_at, known.due_at, known.calendar) == (name, starts_at, due_at, calendar):
            return known
    revision = case.plan.revisions.get(name, 0) + 1
    return Target(name=name, starts_at=starts_at, due_at=due_at, revision=revision, calendar=calendar)


# --- legality: the first rule that objects gives the reason ---------------------------------------------------------

Refusal = tuple[str, str] | None


def _speaks_for_itself(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    if given.body.department in (None, given.member):
        return None
    return "not_your_topic", f"this topic is {given.member}'s, the reply claims to be {given.body.department}'s"


def _is_open(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    return ("ended", "the complaint is closed") if case.loop.ended else None


def _is_of_this_cycle(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    if given.body.cycle == case.loop.cycle:
        return None
    code = "past_cycle" if given.body.cycle < case.loop.cycle else "unknown_cycle"
    return code, f"the reply is for cycle {given.body.cycle}, the complaint is in cycle {case.loop.cycle}"


def _may_assign(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    if given.body.reply != "assigned":
        return None
    if given.member != policy.centre:
        return "only_the_centre", f"only {policy.centre} assigns"
    department = policy.departments.get(given.body.assign_to or "")
    if department is None or department.kind != "department":
        return "unknown_department", f"{given.body.assign_to!r} is not a department of policy {policy.name}"
    return None


def _owns_it(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    if given.body.reply == "assigned":
        return None
    if case.plan.department != given.member:
        return "not_the_owner", f"the complaint is with {case.plan.department}"
    if given.member == policy.centre:
        return "to_be_assigned", "the centre has to assign it to a department first"
    return None


def _is_unanswered(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    return ("already_answered", "the answer is being checked with the customer") if case.plan.answered else None


def _has_a_reason(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    missing = given.body.reply == "returned" and not given.body.note
    return ("reason_missing", "a return needs its reason in `note`") if missing else None


def _states_a_possible_time(case: Case, given: Input[Reply], policy: PolicyPack) -> Refusal:
    stated = given.body.stated_at
    if stated is not None and stated > given.at + FUTURE:
        return "in_the_future", f"stated at {stated.isoformat()}, but it arrived at {given.at.isoformat()}"
    if stated is not None and stated < case.matter.received_at:
        return "before_receipt", f"stated at {stated.isoformat()}, received at {case.matter.received_at.isoformat()}"
    return None


LEGALITY: Iterable[Callable[[Case, Input[Reply], PolicyPack], Refusal]] = (
    _speaks_for_itself,
    _is_open,
    _is_of_this_cycle,
    _is_unanswered,
    _may_assign,
    _owns_it,
    _has_a_reason,
    _states_a_possible_time,
)
