"""Dates: every deadline is the one that its policy promises, moved by what may move it and by nothing else."""

from __future__ import annotations

from closedloop.verify.checks import limits
from closedloop.verify.derive.history import Case
from closedloop.verify.derive.planning import expected, is_same
from closedloop.verify.derive.standing import Standing, Turn
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.pack.clock import to_text
from closedloop.verify.pack.lengths import Target
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import SAID_BY


def check(evidence: Evidence, terms: Terms) -> Finding:
    """After each fact the plan is what it must be, each target with its date, its pauses and its revision."""
    found = Finding()
    for case, pack in evidence.with_packs():
        if pack is not None:
            _case(case, pack, evidence, found)
    return found


def _case(case: Case, pack: Pack, evidence: Evidence, found: Finding) -> None:
    standing = Standing(case, pack)
    for fact in case.facts:
        if SAID_BY[fact.kind] != "router" or fact.row.idle:
            continue
        # Of two contents under one id nobody can say here which one held.
        (claim, *others) = {edge.until for edge in evidence.behind(fact)} or {None}
        turn = Turn(standing, fact, None if others else claim)
        for code, named in limits.faults(turn):
            found.fail(case.id, code, kind=fact.kind, cycle=fact.cycle, **named)
        _plan(case.id, turn, found)
        standing.hear(fact)


def _plan(id: str, on: Turn, found: Finding) -> None:
    """The plan that a fact carries, or that it leaves as it was."""
    fact, right, known = on.fact, expected(on), on.before.targets
    told = {target.name: target for target in fact.body["targets"]} if "targets" in fact.body else known
    found.checked += len(fact.body.get("targets", ()))
    for name in right.keys() - told.keys():
        found.fail(id, "left_out", target=name, cycle=fact.cycle, kind=fact.kind)
    for name in told.keys() - right.keys():
        found.fail(id, "unpromised", target=name, cycle=fact.cycle, kind=fact.kind)
    for name in told.keys() & right.keys():
        _target(id, on, told[name], right[name], found)


def _target(id: str, on: Turn, told: Target, right: Target, found: Finding) -> None:
    named = {"target": told.name, "cycle": on.fact.cycle, "kind": on.fact.kind}
    if _date(told) != _date(right):
        found.fail(id, "other_promise", **named, due_at=told.due, promised_at=right.due)
    elif (told.pauses, told.before_pause) != (right.pauses, right.before_pause):
        found.fail(id, "other_pauses", **named, told=_pauses(told), right=_pauses(right))
    elif told.department != right.department:
        found.fail(id, "of_another", **named, department=told.department, expected=right.department)
    elif told.revision != right.revision:
        known = on.before.known(told.name, on.fact.cycle)
        stays = known is not None and is_same(known, right)
        found.fail(id, "not_moved" if stays else "not_counted", **named, revision=told.revision, right=right.revision)
    elif told.rule != right.rule and told.rule:
        found.fail(id, "other_rule", **named, told=told.rule, right=right.rule or "-")
    elif told.moved_by != right.moved_by and (told.rule or told.moved_by):
        # Older versions said neither.
        found.fail(id, "other_mover", **named, told=told.moved_by or "-", right=right.moved_by or "-")


def _date(target: Target) -> tuple[int | str | None, ...]:
    return target.starts, target.due, target.calendar, target.counted_to


def _pauses(target: Target) -> str:
    moved = [] if target.before_pause is None else [f"moved {to_text(target.before_pause)}"]
    return ", ".join([*(f"{to_text(p.starts)}/{to_text(p.ends)} {p.reason}" for p in target.pauses), *moved]) or "-"
