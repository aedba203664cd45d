"""The facts that follow from a legal reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

from schemas.edges import Reply
from schemas.facts import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    CallbackPromised,
    ComplaintAnswered,
    ComplaintReturned,
    ComplaintRouted,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    IncidentRecord,
    IncidentReported,
    Pause,
    Target,
    Work,
    WorkPaused,
    WorkResumed,
)
from schemas.pointers import ASSIGN, REPORT, UPDATE, of_consent, of_final
from schemas.policy import PolicyPack
from schemas.targets import kind_of, met_by
from services.router.model import Case
from services.router.rules import dates
from services.shared.machine.documents import Input
from services.shared.timing.counting import until
from services.shared.timing.trust import judged

Effect = Callable[[Case, Input[Reply], PolicyPack], Iterator[Fact]]


def _work(case: Case, given: Input[Reply], pack: PolicyPack, kind: type[Work], **more: object) -> Work:
    judged_at, trusted = judged(given.body.stated_at, given.at, pack, case.matter.received_at)
    fields: dict[str, Any] = {
        "complaint_id": given.subject,
        "at": given.at,
        "cycle": case.loop.cycle,
        "department": given.member,
        "handler": given.body.handler,
        "judged_at": judged_at,
        "stated_at": given.body.stated_at,
        "trusted": trusted,
        "note": given.body.note,
    }
    return kind.model_validate(fields | more)


def _not_before(fact: Work, moment: datetime) -> Work:
    """The work, counting no earlier than then: it does not count from when it states, where that lies before."""
    return fact if fact.judged_at >= moment else fact.model_copy(update={"judged_at": moment, "trusted": False})


def work_done(kind: type[Work]) -> Effect:
    """The work that a reply reports; what the policy wants again and again begins anew with it."""

    def effect(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
        fact = _work(case, given, policy, kind)
        yield _planning(fact, case, dates.again(case, fact, policy))

    return effect


def _planning(fact: Work, case: Case, targets: dates.Targets) -> Work:
    """The work with the plan from here on, where that is another."""
    return fact if targets == case.plan.targets else fact.model_copy(update={"targets": targets})


def promise(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """A call is promised; a second promise takes the place of the first."""
    fact = _work(case, given, policy, CallbackPromised)
    callback = dates.target(case, "callback", fact.judged_at, given.body.until or given.at)
    rest = dates.but(dates.again(case, fact, policy), "callback")
    yield fact.model_copy(update={"targets": (*rest, callback)})


def hold(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The customer is told why it takes longer, and the final answer gets a date."""
    rule = policy.plans[case.plan.name or ""].holding
    assert rule is not None
    fact = _work(case, given, policy, HoldingReplySent, meets=rule.meets)
    within = of_final(case.plan.name)
    final = dates.promised(case, "final", dates.begun(case), policy, within, case.plan.department)
    rest = dates.but(dates.again(case, fact, policy), "final")
    yield fact.model_copy(update={"targets": (*rest, final)})


def wait(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The work waits, or the centre is asked whether it may."""
    reason = given.body.reason or ""
    rule = policy.plans[case.plan.name or ""].pauses[reason]
    since = since_when(case, given, policy)
    cap = until(policy, rule.at_most, case.plan.department, since)
    end = min(cap, given.body.until or cap)
    if rule.approved_within is None:
        yield _paused(case, given, policy, reason, since, end)
        return
    within = of_consent(case.plan.name, reason)
    targets = dates.asking(case, since, policy, within, None)
    asked = {"what": "pause", "subject": reason, "until": end, "approver": policy.centre, "targets": targets}
    yield _work(case, given, policy, ApprovalRequested, **asked)


def _paused(
    case: Case, given: Input[Reply], policy: PolicyPack, reason: str, since: datetime, end: datetime
) -> WorkPaused:
    names = tuple(t.name for t in waits(case, policy, reason, since))
    pause = Pause(starts_at=since, ends_at=end, reason=reason)
    targets = dates.waiting(case, policy, names, pause)
    more = {"department": case.plan.department, "reason": reason, "until": end, "paused": names, "targets": targets}
    if given.member != case.plan.department:
        more |= {"handler": None, "note": ""}
    return WorkPaused.model_validate(_not_before(_work(case, given, policy, Work), since).model_dump() | more)


def since_when(case: Case, given: Input[Reply], policy: PolicyPack) -> datetime:
    """From when the work waits that this reply says to wait."""
    judged_at, _ = judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    return dates.may_wait_from(case, judged_at, given.at)


def waits(case: Case, policy: PolicyPack, reason: str, at: datetime) -> list[Target]:
    """The targets that would wait: the policy lets them, nothing has met them, and their date has not passed."""
    plan = policy.plans.get(case.plan.name or "")
    rule = plan.pauses.get(reason) if plan else None
    names = rule.targets if rule else ()
    return [t for t in case.plan.targets if t.name in names and t.name not in case.plan.done and t.due_at > at]


def resume(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The work goes on."""
    assert case.plan.wait is not None
    fact = _work(case, given, policy, WorkResumed, reason=case.plan.wait.reason)
    yield fact.model_copy(update={"targets": dates.but(dates.standing(case, fact.judged_at, policy), "resume")})


def ask(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The centre is asked for a later date."""
    at, _ = judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    date = next(t.due_at for t in case.plan.targets if t.name == given.body.target)
    targets = dates.asking(case, at, policy, of_consent(case.plan.name), date)
    asked = {"what": "extension", "subject": given.body.target, "until": given.body.until, "approver": policy.centre}
    yield _work(case, given, policy, ApprovalRequested, **asked, targets=targets)


def approve(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The centre consents: the date moves, or the work waits."""
    asked = case.plan.asked
    assert asked is not None
    is_pause = asked.what == "pause"
    targets = dates.decided(case) if is_pause else dates.moved(case, asked.subject, asked.until)
    about = {"what": asked.what, "subject": asked.subject, "until": asked.until, "targets": targets}
    granted = _not_before(_work(case, given, policy, ApprovalGranted, **about), dates.asked_at(case))
    yield granted
    since = dates.may_wait_from(case, granted.judged_at, given.at)
    if is_pause and asked.until > since and waits(case, policy, asked.subject, since):
        yield _paused(case, given, policy, asked.subject, since, asked.until)


def refuse(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The centre does not consent."""
    asked = case.plan.asked
    assert asked is not None
    about = {"what": asked.what, "subject": asked.subject, "targets": dates.decided(case)}
    refused = _work(case, given, policy, ApprovalRefused, **about)
    yield _not_before(refused, dates.asked_at(case))


def declare(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The complaint is a major incident."""
    assert policy.incidents is not None
    is_first = case.plan.manager is None
    plan, owner = case.plan.targets, case.plan.department
    declared = {
        "by": "centre" if given.member == policy.centre else "department",
        "reason": given.body.note[:200] or "declared by hand",
        "level": policy.incidents.level,
        "manager": policy.incidents.manager or policy.centre,
        "record": given.body.incident or IncidentRecord(),
        "policy": case.policy,
        "language": case.matter.language,
        "targets": incident_targets(case, given.at, policy, plan, owner) if is_first else None,
    }
    yield _work(case, given, policy, IncidentDeclared, **declared)


def incident_targets(
    case: Case, at: datetime, policy: PolicyPack, targets: dates.Targets, department: str
) -> dates.Targets:
    """A plan with what a major incident asks for besides: news until the answer, from then on the report."""
    name, rule = ("report", REPORT) if case.plan.answered else ("update", UPDATE)
    return (*targets, dates.promised(case, name, at, policy, rule, department))


def report(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The major incident is reported."""
    yield _work(case, given, policy, IncidentReported, report=given.body.report)


def answer(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The complaint is answered; of a major incident a report is due from now on."""
    known = {"plan": case.plan.name, "policy": case.policy, "language": case.matter.language}
    fact = _work(case, given, policy, ComplaintAnswered, **known)
    standing = dates.standing(case, fact.judged_at, policy, met_by(fact, case.plan.department))
    targets = tuple(t for t in standing if not kind_of(t.name).ends_with_the_answer)
    if case.plan.manager is not None and not case.plan.reported and policy.incidents is not None:
        targets += (dates.promised(case, "report", fact.judged_at, policy, REPORT, case.plan.department),)
    yield _planning(fact, case, targets)


def give_back(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The department returns the complaint to the centre."""
    is_disputed = case.plan.times.get("returned", 0) + 1 == policy.arbitrated_after
    name = "arbitrate" if is_disputed else "assign"
    # From the arrival: what counts for the department from when it states, the centre can only have heard since then.
    assign = dates.promised(case, name, given.at, policy, ASSIGN, policy.centre)
    at, _ = judged(given.body.stated_at, given.at, policy, case.matter.received_at)
    targets = (*dates.kept(case, at, policy), assign)
    yield _work(case, given, policy, ComplaintReturned, owner=policy.centre, targets=targets)


def assign(case: Case, given: Input[Reply], policy: PolicyPack) -> Iterator[Fact]:
    """The centre gives the complaint to a department."""
    department = given.body.assign_to or ""
    plan = given.body.plan or case.plan.name or policy.plan_of(department)
    reason = given.body.note or "assigned by the centre"
    yield routed(case, given, policy, department, plan, reason, by="centre")


def routed(
    case: Case,
    given: Input[Any],
    policy: PolicyPack,
    department: str,
    plan: str,
    reason: str,
    by: Literal["policy", "centre"] = "policy",
) -> ComplaintRouted:
    """A department gets the complaint, with the dates of its plan."""
    return ComplaintRouted(
        complaint_id=given.subject,
        at=given.at,
        cycle=case.loop.cycle,
        department=department,
        plan=plan,
        level=case.loop.level,
        reason=reason[:200],
        by=by,
        targets=dates.planned(case, given.at, policy, plan, department),
        policy=case.policy,
    )
