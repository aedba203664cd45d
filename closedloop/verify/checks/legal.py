"""Legal: facts follow each other as their services' tables allow, causes come first, and what has ended stays ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from closedloop.verify.checks import between
from closedloop.verify.derive.history import Case
from closedloop.verify.derive.rungs import levels, lost_race, may_follow, promises
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.derive.watching import Watch, key_of
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import ACROSS_CYCLES, SAID_BY
from closedloop.verify.tables.facts import ANY, BY_THE_END, ENDS_A_CYCLE, FACTS, NEW, OLD_CAUSE, RACE, steps

_FROM_OUTSIDE_OR_TIME = "/#"
"""What stands in a cause that is no fact: `<source>/<id>`, `timer/<due>`, `topic#partition-offset`."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Each complaint's facts, one service at a time, then across services along their causes."""
    found = Finding(checked=len(evidence.cases))
    for case, pack in evidence.with_packs():
        _places(case, found)
        for service in dict.fromkeys(SAID_BY.values()):
            _service(case, service, found)
        _incident(case, found)
        _targets(case, pack, terms, found)
        _causes(case, found)
        _after_the_end(case, terms, found)
    _known_causes(evidence, found)
    _cycles(evidence, found)
    between.in_order(evidence.log.to_others, found)
    return found


def _places(case: Case, found: Finding) -> None:
    if len({fact.partition for fact in case.records}) > 1:
        found.fail(case.id, "two_partitions")
    for fact in case.facts:
        if fact.key != case.id or fact.subject != case.id:
            found.fail(case.id, "wrong_key", kind=fact.kind, key=fact.key)
        if fact.service != SAID_BY[fact.kind]:
            found.fail(case.id, "wrong_voice", kind=fact.kind, service=fact.service)
        if case.received and fact.body.get("policy", case.policy) != case.policy:
            found.fail(case.id, "other_policy", kind=fact.kind, policy=fact.body["policy"], pinned=case.policy)


def _service(case: Case, service: str, found: Finding) -> None:
    facts = [fact for fact in case.facts if fact.service == service]
    for before, fact in pairwise(facts):
        if fact.sequence <= before.sequence:
            found.fail(case.id, "sequence_falls", kind=fact.kind, sequence=fact.sequence, before=before.sequence)
    # A refusal changes nothing, and may speak of the cycle that the refused one meant.
    telling = [fact for fact in facts if not fact.row.idle]
    for before, fact in pairwise(fact for fact in telling if fact.body.get("target") not in ACROSS_CYCLES):
        if fact.cycle < before.cycle:
            found.fail(case.id, "cycle_falls", kind=fact.kind, cycle=fact.cycle, before=before.cycle)
    if any(row.steps and SAID_BY[kind] == service for kind, row in FACTS.items()):
        _walk(case, service, telling, found)


def _walk(case: Case, service: str, facts: Iterable[Said], found: Finding) -> None:
    state, cycle = NEW, 1
    for fact in facts:
        begins = fact.cycle > cycle and not fact.row.begins_a_cycle
        if fact.cycle > cycle + 1 or (begins and state != ENDS_A_CYCLE.get(service)):
            found.fail(case.id, "cycle_too_soon", kind=fact.kind, cycle=fact.cycle, before=cycle)
        state = NEW if begins else state
        state = _step(case, fact.row.steps if SAID_BY[fact.kind] == service else "", state, fact, found)
        cycle = max(cycle, fact.cycle)


def _incident(case: Case, found: Finding) -> None:
    state = NEW
    for fact in case.facts:
        if fact.row.incident:
            state = _step(case, fact.row.incident, state, fact, found)


def _step(case: Case, row: str, state: str, fact: Said, found: Finding) -> str:
    """The next state; after an illegal fact it is what the fact leads to elsewhere, so that one fault is told once."""
    leads = steps(row)
    if state not in leads:
        found.fail(case.id, "illegal", kind=fact.kind, state=state, cycle=fact.cycle)
    return leads.get(state) or next(iter(leads.values()), state)


def _targets(case: Case, pack: Pack | None, terms: Terms, found: Finding) -> None:
    for fact in case.facts:
        if fact.row.clock:
            watch, due = case.watches.get(key_of(fact)), fact.body.get("target_due_at", fact.body.get("before"))
            if watch is None or watch.armed.position > fact.position:
                found.fail(case.id, "no_target", kind=fact.kind, target=fact.body["target"])
            elif watch.target.due != due:
                found.fail(case.id, "other_date", kind=fact.kind, due_at=due)
    for watch in case.watches.values():
        _target(case, watch, found)
        told = 0
        for rung in {rung.body["rung"]: rung for rung in watch.rungs}.values():
            _rung(case, watch, rung, told, pack, terms, found)
            _rings_on(case, watch, rung, terms, found)
            told = rung.body["rung"]


def _target(case: Case, watch: Watch, found: Finding) -> None:
    state = NEW
    for fact in sorted((*watch.rungs, *watch.verdicts), key=lambda fact: fact.sequence):
        state = _step(case, fact.row.clock_steps, state, fact, found)


def _rung(case: Case, watch: Watch, rung: Said, told: int, pack: Pack | None, terms: Terms, found: Finding) -> None:
    """A rung stands after the one before it, says what the ladder says, at its level, of who has to act."""
    body, named = rung.body, {"target": watch.target.name, "rung": rung.body["rung"]}
    told_to = [name for name in (body.get("person"), *body.get("copies", ())) if name]
    for person in {name for name in told_to if told_to.count(name) > 1}:
        found.fail(case.id, "told_besides", **named, person=person)
    if body["department"] not in watch.departments:
        found.fail(case.id, "not_theirs", **named, department=body["department"], expected=watch.department)
    if pack is None:
        return
    next_ones = may_follow(pack, watch, told)
    if next_ones and body["rung"] not in next_ones:
        found.fail(case.id, "rung_skipped", **named, expected=min(next_ones))
    promised = promises(pack, watch, body["rung"], body["department"])
    if rung.kind not in {promise.kind for promise in promised}:
        found.fail(case.id, "wrong_rung", **named, kind=rung.kind)
    elif body["level"] not in (right := levels(case, pack, watch, rung, terms)):
        found.fail(case.id, "wrong_level", **named, level=body["level"], expected=max(right, default=0))
    elif all(promise.is_top for promise in promised) and not body.get("top", False):
        found.fail(case.id, "not_the_top", **named)


def _rings_on(case: Case, watch: Watch, rung: Said, terms: Terms, found: Finding) -> None:
    """A timer may win the race against what ends its target, but not by more than the bound.

    Who had heard of the end, or of what stands after it, has lost the race, however few seconds lie between.
    """
    ended = watch.end or watch.halted
    if ended is None or rung.position < ended.position:
        return
    if lost_race(case, rung, ended, terms):
        late = terms.clock.real(rung.body["due_at"]) - ended.appended
        found.fail(case.id, "rings_on", target=watch.target.name, rung=rung.body["rung"], seconds=round(late / 1000, 1))


def _causes(case: Case, found: Finding) -> None:
    known: set[str] = set()
    for fact in case.facts:
        if _is_fact(fact.cause) and fact.cause not in known:
            found.fail(case.id, "no_cause", kind=fact.kind, cause=fact.cause)
        known.add(fact.id)


def _after_the_end(case: Case, terms: Terms, found: Finding) -> None:
    """Once closed, only verdicts on what was before, refusals, what won a race, and that it lapses are heard."""
    if case.closed is None:
        return
    known = {fact.id for fact in case.facts if fact.position <= case.closed.position}
    lapsed = max((fact.position for fact in case.facts if fact.row.late == BY_THE_END), default=None)
    for fact in case.facts:
        if fact.position <= case.closed.position or fact.row.late == ANY:
            continue
        if _may_race(case.closed, fact, lapsed, terms) or _follows(case.closed, fact, known):
            known.add(fact.id)
        else:
            found.fail(case.id, "after_the_end", kind=fact.kind)


def _may_race(closed: Said, fact: Said, lapsed: tuple[int, int] | None, terms: Terms) -> bool:
    """Whether router may have said it before it heard of the end: what lapses afterwards proves that."""
    if fact.row.late != RACE:
        return False
    soon = fact.appended - closed.appended <= terms.bound
    return soon or (lapsed is not None and fact.position < lapsed)


def _follows(closed: Said, fact: Said, known: set[str]) -> bool:
    """Whether it follows from what was said before the end, or from the end itself."""
    if fact.row.late == BY_THE_END:
        return fact.cause == closed.id
    return fact.row.late == OLD_CAUSE and (fact.cause in known or not _is_fact(fact.cause))


def _known_causes(evidence: Evidence, found: Finding) -> None:
    """What a department or an upstream system is told follows from a fact that everybody can read."""
    facts: Mapping[str, set[str]] = {id: {fact.id for fact in case.facts} for id, case in evidence.cases.items()}
    for message in evidence.log.messages:
        if _is_fact(message.cause) and message.cause not in facts.get(message.subject, ()):
            found.fail(message.subject, "no_cause", kind=message.kind, cause=message.cause)


def _cycles(evidence: Evidence, found: Finding) -> None:
    """What was meant for another cycle has no effect in this one, but to be refused."""
    for fact in evidence.log.facts:
        # A new cycle begins with a report of the one before.
        cycles = {edge.cycle + fact.row.begins_a_cycle for edge in evidence.behind(fact)}
        if cycles and fact.cycle not in cycles and not fact.row.idle:
            found.fail(fact.subject, "other_cycle", kind=fact.kind, cycle=fact.cycle, meant=max(cycles))


def _is_fact(cause: str) -> bool:
    return not any(mark in cause for mark in _FROM_OUTSIDE_OR_TIME)
