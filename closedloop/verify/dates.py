"""Dates: every deadline is the one that the complaint's policy promises, counted from the moment it names."""

from __future__ import annotations

from closedloop.verify.contract import PLANS
from closedloop.verify.history import Case
from closedloop.verify.policy import Pack
from closedloop.verify.records import Said, Target
from closedloop.verify.verdict import Evidence, Finding, Terms


def check(evidence: Evidence, terms: Terms) -> Finding:
    """`accept` and `assign` count from the fact that sets them, `answer` from the receipt or the reopening."""
    found = Finding()
    for case in evidence.cases.values():
        pack = evidence.log.packs.get(case.policy)
        for fact in case.facts if pack else ():
            for target in fact.body["targets"] if fact.kind in PLANS else ():
                found.checked += 1
                promised = _promised(case, fact, target, pack) if pack else None
                if promised and promised != (target.starts, target.due):
                    named = {"target": target.name, "cycle": fact.cycle}
                    found.fail(case.id, "other_promise", **named, due_at=target.due, promised_at=promised[1])
    return found


def _promised(case: Case, fact: Said, target: Target, pack: Pack) -> tuple[int, int] | None:
    """When a target starts and is due by the policy; None where the policy leaves that open."""
    starts = _starts(case, fact, target)
    plan = pack.plans.get(case.plan_at(fact) or "")
    if target.name == "assign":
        return starts, starts + pack.assign_within
    if plan is None or target.name not in plan.targets:
        return None
    span = plan.targets[target.name]
    due = case.received.body.get("due_at") if span is None and case.received else None
    if span is not None:
        return starts, starts + span
    return None if due is None else (starts, due)


def _starts(case: Case, fact: Said, target: Target) -> int:
    if target.name in ("accept", "assign"):
        return int(fact.body["at"])
    reopened = case.of("ComplaintReopened", fact.cycle)
    if reopened:
        return int(reopened[0].body["at"])
    return int(case.received.body["received_at"]) if case.received else target.starts
