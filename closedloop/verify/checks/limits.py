"""What a policy allows besides its plan, and how far: pauses, later dates by consent, holding replies, incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from closedloop.verify.derive.desk import Desk
from closedloop.verify.derive.watching import judged
from closedloop.verify.evidence.records import Said, Target
from closedloop.verify.pack.policy import Extension, Waiting
from closedloop.verify.tables.contract import WORK

Faults = Iterator[tuple[str, Mapping[str, Any]]]
"""The codes of failures, and what they name."""


def faults(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """How a fact breaks the policy's limits; `claim` is the date that the reply behind it brought along."""
    if fact.kind in WORK and fact.body["department"] not in _entitled(desk, fact):
        yield "not_the_owner", {"department": fact.body["department"], "expected": " or ".join(_entitled(desk, fact))}
    if look := _LOOKS.get(fact.kind):
        yield from look(desk, fact, claim)


def _entitled(desk: Desk, fact: Said) -> tuple[str, ...]:
    """Who may do that: who owns it; the centre what is the centre's; of an incident who follows it tells news."""
    centre = desk.pack.centre
    if fact.kind in ("ApprovalGranted", "ApprovalRefused"):
        return (centre,)
    if fact.kind == "IncidentDeclared":
        return (desk.owner, centre)
    owner = () if desk.owner == centre else (desk.owner,)
    return (*owner, desk.manager) if fact.kind == "ProgressReported" and desk.manager else owner


def _routed(desk: Desk, fact: Said, claim: int | None) -> Faults:
    if fact.body["department"] not in desk.pack.departments:
        yield "not_allowed", {"what": f"department {fact.body['department']}"}
    if fact.body["plan"] not in desk.pack.plans:
        yield "not_allowed", {"what": f"plan {fact.body['plan']}"}


def _called(desk: Desk, fact: Said, claim: int | None) -> Faults:
    due = next((target.due for target in fact.body.get("targets", ()) if target.name == "callback"), None)
    if due is not None and due <= fact.body["at"]:
        yield "not_ahead", {"until_at": due}


def _paused(desk: Desk, fact: Said, claim: int | None) -> Faults:
    reason, since = fact.body["reason"], judged(fact)
    rule = desk.plan.pauses.get(reason) if desk.plan else None
    if rule is None:
        yield "not_allowed", {"what": f"pause {reason}"}
        return
    if sorted(fact.body["paused"]) != sorted(desk.may_wait(reason, since)):
        yield "pauses_others", {"what": ", ".join(fact.body["paused"]), "expected": _listed(desk, reason, since)}
    if since < desk.waits_from(fact):
        yield "waits_twice", {"since_at": since, "until_at": desk.waits_from(fact)}
    if desk.waits_at(fact.body["at"]):
        yield "while_waiting", {}
    yield from _too_often(desk, f"paused for {reason}", rule.times)
    yield from _with_consent(desk, fact, rule, claim)


def _with_consent(desk: Desk, fact: Said, rule: Waiting, claim: int | None) -> Faults:
    """A pause lasts to its cap, or less where less was asked for; where it needs consent, as long as was consented."""
    until = fact.body["until"]
    consent = desk.consented if desk.consented and desk.consented.cause == fact.cause else None
    if rule.approved_within is None:
        yield from _until(desk, fact, rule, claim)
    elif consent is None or (consent.body["subject"], consent.body["until"]) != (fact.body["reason"], until):
        yield "no_consent", {"what": f"pause {fact.body['reason']}"}


def _until(desk: Desk, fact: Said, rule: Waiting, claim: int | None) -> Faults:
    since = desk.waits_from(fact)
    if fact.body["until"] <= since:
        yield "not_ahead", {"until_at": fact.body["until"]}
    cap = desk.pack.lasting(desk.owner, since, rule.at_most)
    right = cap if claim is None else min(cap, claim)
    if fact.body["until"] > cap:
        yield "too_far", {"until_at": fact.body["until"], "limit_at": cap}
    elif claim is not None and fact.body["until"] != right:
        yield "not_as_asked", {"until_at": fact.body["until"], "asked_at": right}


def _resumed(desk: Desk, fact: Said, claim: int | None) -> Faults:
    if desk.waits is None or not desk.waits_at(judged(fact)):
        yield "nothing_waits", {}


def _requested(desk: Desk, fact: Said, claim: int | None) -> Faults:
    if fact.body["approver"] != desk.pack.centre:
        yield "not_the_centre", {"department": fact.body["approver"], "centre": desk.pack.centre}
    if desk.waits_at(fact.body["at"]):
        yield "while_waiting", {}
    subject, is_pause = fact.body["subject"], fact.body["what"] == "pause"
    rule = desk.plan and (desk.plan.pauses.get(subject) if is_pause else desk.plan.extension)
    if isinstance(rule, Waiting) and rule.approved_within:
        yield from _too_often(desk, f"paused for {subject}", rule.times)
        yield from _until(desk, fact, rule, claim)
    elif isinstance(rule, Extension) and subject in rule.targets:
        target = None if subject in desk.done else desk.targets.get(subject)
        yield from _too_often(desk, "extended", rule.times)
        yield from _extended(desk, fact, rule, target, claim) if target else [("nothing_to_move", {"target": subject})]
    else:
        yield "not_allowed", {"what": f"{fact.body['what']} {subject}"}


def _extended(desk: Desk, fact: Said, rule: Extension, target: Target, claim: int | None) -> Faults:
    """Asked before the date by the policy's notice, for a later one within the limit."""
    at, until = judged(fact), fact.body["until"]
    counts = desk.pack.counting(desk.pack.calendar_of(desk.owner, rule.before))
    if at >= target.due or counts.between(at, target.due) < rule.before.span:
        yield "asked_late", {"target": target.name, "due_at": target.due, "asked_at": at}
    first = desk.promise(fact, desk.plan_name, desk.owner, target.name)
    limit = first and desk.pack.lasting(desk.owner, desk.after_pauses(first, target.pauses).due, rule.at_most)
    if until <= target.due or (limit is not None and until > limit):
        yield "too_far", {"until_at": until, "limit_at": target.due if limit is None else limit}
    if claim is not None and until != claim:
        yield "not_as_asked", {"until_at": until, "asked_at": claim}


def _decided(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The centre decides on what was asked; its consent counts before the date that it moves has passed."""
    asked, fields = desk.asked, [name for name in ("what", "subject", "until") if name in fact.body]
    if asked is None or any(asked.body[name] != fact.body[name] for name in fields):
        yield "not_asked", {"what": f"{fact.body['what']} {fact.body['subject']}"}
        return
    target = desk.targets.get(fact.body["subject"])
    is_extension = fact.kind == "ApprovalGranted" and fact.body["what"] == "extension"
    if is_extension and target and judged(fact) >= target.due:
        yield "granted_late", {"target": target.name, "due_at": target.due, "granted_at": judged(fact)}


def _held(desk: Desk, fact: Said, claim: int | None) -> Faults:
    rule = desk.plan.holding if desk.plan else None
    if rule is None:
        yield "not_allowed", {"what": "holding reply"}
    elif sorted(fact.body["meets"]) != sorted(rule.meets):
        yield "meets_others", {"what": ", ".join(fact.body["meets"]), "expected": ", ".join(sorted(rule.meets))}


def _declared(desk: Desk, fact: Said, claim: int | None) -> Faults:
    rule = desk.pack.incidents
    if rule is None:
        yield "not_allowed", {"what": "major incident"}
    elif (fact.body["level"], fact.body["manager"]) != (rule.level, rule.manager):
        told, right = (f"level {n}, {who}" for n, who in (_led(fact), (rule.level, rule.manager)))
        yield "led_otherwise", {"what": told, "expected": right}


def _returned(desk: Desk, fact: Said, claim: int | None) -> Faults:
    binding = desk.pack.arbitrated_after
    if binding is not None and desk.times.get("returned", 0) >= binding:
        yield "arbitrated", {"times": desk.times["returned"]}


def _lapses(desk: Desk, fact: Said, claim: int | None) -> Faults:
    closed = desk.case.closed
    if closed is None or closed.position > fact.position:
        yield "lapsed_alive", {}
    open_ones = ", ".join(sorted(desk.targets.keys() - desk.kept_at_the_end))
    if (told := ", ".join(sorted(fact.body["lapsed"]))) != open_ones:
        yield "lapsed_others", {"what": told, "expected": open_ones or "-"}


def _too_often(desk: Desk, what: str, times: int) -> Faults:
    if desk.times.get(what, 0) >= times:
        yield "too_often", {"what": what, "times": times}


def _listed(desk: Desk, reason: str, since: int) -> str:
    return ", ".join(desk.may_wait(reason, since)) or "-"


def _led(fact: Said) -> tuple[int, str]:
    return fact.body["level"], fact.body["manager"]


_LOOKS: Mapping[str, Callable[[Desk, Said, int | None], Faults]] = {
    "ComplaintRouted": _routed,
    "CallbackPromised": _called,
    "WorkPaused": _paused,
    "WorkResumed": _resumed,
    "ApprovalRequested": _requested,
    "ApprovalGranted": _decided,
    "ApprovalRefused": _decided,
    "HoldingReplySent": _held,
    "IncidentDeclared": _declared,
    "ComplaintReturned": _returned,
    "PlanLapsed": _lapses,
}
