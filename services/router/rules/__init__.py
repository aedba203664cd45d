"""The decisions of router: the department and its dates, and the consequences of each legal reply."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.edges import Reply
from schemas.facts import (
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    IncidentDeclared,
    IncidentRecord,
    PlanLapsed,
    ReplyRefused,
)
from schemas.patterns import fits
from schemas.pointers import ASSIGN
from schemas.policy import IncidentRule, PolicyPack
from schemas.targets import names
from services.router.model import Case
from services.router.rules import dates
from services.router.rules.effects import incident_targets, routed
from services.router.rules.moves import accounted
from services.router.rules.replies import effect, objection
from services.shared.machine.documents import Input


def route_on_received(case: Case, given: Input[ComplaintReceived], policy: PolicyPack) -> Iterator[Fact]:
    """The first route that fits decides; where none does, the centre gets it with a target of its own."""
    matter = case.matter
    route = policy.route(matter.category, matter.area, matter.tier)
    first = (
        routed(case, given, policy, route.department, route.plan, "first route that fits")
        if route
        else _unroutable(case, given, policy)
    )
    yield first
    rule = (
        next((rule for rule in policy.incidents.rules if _is_incident(rule, case)), None) if policy.incidents else None
    )
    if rule is not None:
        yield _declared(case, given, policy, first, rule)


def route_on_reopened(case: Case, given: Input[ComplaintReopened], policy: PolicyPack) -> Iterator[Fact]:
    """The next cycle goes to the department that answered, with new dates, its ladder starting one level up."""
    plan = case.plan.name or policy.plan_of(case.plan.department)
    yield accounted(case, routed(case, given, policy, case.plan.department, plan, f"reopened: {given.body.reason}"))


def lapse_on_closed(case: Case, given: Input[ComplaintClosed], policy: PolicyPack) -> Iterator[Fact]:
    """Targets that were set while the complaint was being closed lapse: the end stands, and nothing can follow it."""
    over = {*case.plan.done, *names(met_by=ComplaintClosed)}
    lapsed = tuple(target.name for target in case.plan.targets if target.name not in over)
    if lapsed:
        yield PlanLapsed(
            complaint_id=given.subject,
            at=given.at,
            cycle=case.loop.cycle,
            reason="ended",
            lapsed=lapsed,
            targets=dates.but(case.plan.targets, *lapsed),
        )


def judge_on_reply(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """A legal reply becomes the facts it reports; an illegal one becomes a refusal that says why."""
    refusal = objection(case, given, policy)
    if refusal is None:
        yield from (accounted(case, fact) for fact in effect(case, given, policy))
        return
    yield ReplyRefused(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.loop.cycle,
        department=given.member,
        reply=given.body.reply,
        reply_id=given.body.id or given.id[:200],
        reason=refusal.code,
        detail=refusal.said("en"),
        words=refusal,
    )


def _unroutable(case: Case, given: Input[ComplaintReceived], policy: PolicyPack) -> ComplaintUnroutable:
    reason = f"no route for category {case.matter.category or '-'}, area {case.matter.area or '-'}"
    assign = dates.promised(case, "assign", given.at, policy, ASSIGN, policy.centre)
    return ComplaintUnroutable(
        complaint_id=given.subject,
        at=given.at,
        department=policy.centre,
        reason=reason[:200],
        targets=(assign,),
        policy=case.policy,
    )


def _is_incident(rule: IncidentRule, case: Case) -> bool:
    matter = case.matter
    patterns = ((rule.category, matter.category), (rule.area, matter.area), (rule.tier, matter.tier))
    return (
        all(fits(asked, known) for asked, known in patterns)
        and rule.has_word(f"{matter.subject}\n{matter.text}")
        and (matter.safety or not rule.safety)
        and (matter.affected or 0) >= rule.affected
    )


def _declared(
    case: Case,
    given: Input[ComplaintReceived],
    policy: PolicyPack,
    first: ComplaintRouted | ComplaintUnroutable,
    rule: IncidentRule,
) -> IncidentDeclared:
    assert policy.incidents is not None
    matter = case.matter
    return IncidentDeclared(
        complaint_id=given.subject,
        at=given.at,
        department=first.department,
        judged_at=given.at,
        by="policy",
        reason=rule.name,
        level=policy.incidents.level,
        manager=policy.incidents.manager or policy.centre,
        record=IncidentRecord(occurred_at=matter.received_at, place=matter.area, symptom=matter.subject),
        policy=case.policy,
        language=matter.language,
        targets=incident_targets(case, given.at, policy, first.targets, first.department),
    )
