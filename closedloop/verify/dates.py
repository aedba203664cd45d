"""Dates: every deadline is the one that the complaint's policy promises, counted from the moment it names."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.verify.contract import PLANS
from closedloop.verify.history import Case
from closedloop.verify.policy import Length, Pack
from closedloop.verify.records import Said, Target
from closedloop.verify.verdict import Evidence, Finding, Terms


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Each plan holds all that its policy promises, each target its date, and a date that stays its revision."""
    found = Finding()
    for case in evidence.cases.values():
        pack, before = evidence.log.packs.get(case.policy), None
        for fact in case.facts if pack else ():
            if pack and fact.kind in PLANS:
                _plan(case, fact, pack, found)
                _carried(case, fact, before, found)
                before = fact
    return found


def _plan(case: Case, fact: Said, pack: Pack, found: Finding) -> None:
    for target in fact.body["targets"]:
        found.checked += 1
        promised = _promised(case, fact, target, pack)
        if promised and promised != (target.starts, target.due, target.calendar):
            named = {"target": target.name, "cycle": fact.cycle}
            found.fail(case.id, "other_promise", **named, due_at=target.due, promised_at=promised[1])
    for name in _owed(case, fact, pack) - {target.name for target in fact.body["targets"]}:
        found.fail(case.id, "left_out", target=name, cycle=fact.cycle, kind=fact.kind)


def _owed(case: Case, fact: Said, pack: Pack) -> set[str]:
    """What the plan must hold: all of the policy's targets, or the assignment while nobody has it."""
    if fact.kind != "ComplaintRouted":
        return {"assign"}
    plan = pack.plans.get(fact.body["plan"])
    brought = case.received is not None and "due_at" in case.received.body and fact.cycle == 1
    return {name for name, span in plan.targets.items() if span is not None or brought} if plan else set()


def _promised(case: Case, fact: Said, target: Target, pack: Pack) -> tuple[int, int, str | None] | None:
    """When a target starts and is due by the policy, and what counts; None where the policy leaves that open."""
    starts = _starts(case, fact, target)
    plan = pack.plans.get(case.plan_at(fact) or "")
    if target.name == "assign":
        return _lasting(starts, pack.assign_within, pack.centre, pack)
    if plan is None or target.name not in plan.targets:
        return None
    length = plan.targets[target.name]
    if length is not None:
        return _lasting(starts, length, _whose(case, fact), pack)
    due = case.received.body.get("due_at") if case.received else None
    return None if due is None else (starts, due, None)


def _lasting(starts: int, length: Length, department: str, pack: Pack) -> tuple[int, int, str | None]:
    calendar = pack.calendar_of(department, length)
    return starts, pack.counting(calendar).add(starts, length.span), calendar


def _whose(case: Case, fact: Said) -> str:
    """The department whose working time counts: a date that outlives its department was promised by that one."""
    routed = [f for f in case.of("ComplaintRouted") if f.position <= fact.position]
    return str(routed[-1].body["department"]) if routed else str(fact.body["department"])


def _starts(case: Case, fact: Said, target: Target) -> int:
    """`accept` and `assign` count from the fact that sets them, all others from the receipt or the reopening."""
    if target.name in ("accept", "assign"):
        return int(fact.body["at"])
    reopened = case.of("ComplaintReopened", fact.cycle)
    if reopened:
        return int(reopened[0].body["at"])
    return int(case.received.body["received_at"]) if case.received else target.starts


def _carried(case: Case, fact: Said, before: Said | None, found: Finding) -> None:
    """Within a cycle the answer's date outlives its department, and no date gets a new revision without moving."""
    if before is None or before.cycle != fact.cycle:
        return
    old: Mapping[str, Target] = {target.name: target for target in before.body["targets"]}
    new: Mapping[str, Target] = {target.name: target for target in fact.body["targets"]}
    if "answer" in old and "answer" not in new:
        found.fail(case.id, "left_out", target="answer", cycle=fact.cycle, kind=fact.kind)
    for name in old.keys() & new.keys():
        stays = (old[name].starts, old[name].due) == (new[name].starts, new[name].due)
        if stays and old[name].revision != new[name].revision:
            found.fail(case.id, "not_moved", target=name, revision=new[name].revision, cycle=fact.cycle)
