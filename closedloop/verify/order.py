"""I5: facts follow each other as their services' tables allow, causes come first, and what has ended stays ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from closedloop.verify.automata import ENDS_A_CYCLE, NEW, SERVICES, TARGET, Automaton
from closedloop.verify.contract import REFUSALS, RUNGS, SAID_BY
from closedloop.verify.early import promises
from closedloop.verify.history import Case, Watch, key_of
from closedloop.verify.policy import Pack
from closedloop.verify.records import Said
from closedloop.verify.verdict import Evidence, Finding, Terms

_VERDICTS = ("DeadlineMet", "BreachRetracted")
_FROM_OUTSIDE_OR_TIME = "/#"
"""What stands in a cause that is no fact: `<source>/<id>`, `timer/<due>`, `topic#partition-offset`."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Each complaint's facts, one service at a time, then across services along their causes."""
    found = Finding(checked=len(evidence.cases))
    for case in evidence.cases.values():
        _places(case, found)
        for service in dict.fromkeys(SAID_BY.values()):
            _service(case, service, found)
        _targets(case, evidence.log.packs.get(case.policy), terms, found)
        _causes(case, found)
        _after_the_end(case, found)
    _known_causes(evidence, found)
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
    telling = [fact for fact in facts if fact.kind not in REFUSALS]
    for before, fact in pairwise(telling):
        if fact.cycle < before.cycle:
            found.fail(case.id, "cycle_falls", kind=fact.kind, cycle=fact.cycle, before=before.cycle)
    if service in SERVICES:
        _walk(case, service, telling, found)


def _walk(case: Case, service: str, facts: Iterable[Said], found: Finding) -> None:
    state, cycle = NEW, 1
    for fact in facts:
        begins = fact.cycle > cycle and fact.kind != "ComplaintReopened"
        if fact.cycle > cycle + 1 or (begins and state != ENDS_A_CYCLE.get(service)):
            found.fail(case.id, "cycle_too_soon", kind=fact.kind, cycle=fact.cycle, before=cycle)
        state = NEW if begins else state
        state = _step(case, SERVICES[service], state, fact, found)
        cycle = max(cycle, fact.cycle)


def _step(case: Case, table: Automaton, state: str, fact: Said, found: Finding) -> str:
    """The next state; after an illegal fact it is what the fact leads to elsewhere, so that one fault is told once."""
    if fact.kind not in table[state]:
        found.fail(case.id, "illegal", kind=fact.kind, state=state, cycle=fact.cycle)
    elsewhere = (row[fact.kind] for row in table.values() if fact.kind in row)
    return table[state].get(fact.kind) or next(elsewhere, state)


def _targets(case: Case, pack: Pack | None, terms: Terms, found: Finding) -> None:
    for fact in case.facts:
        if fact.kind in (*RUNGS, *_VERDICTS):
            watch = case.watches.get(key_of(fact))
            if watch is None or watch.armed.position > fact.position:
                found.fail(case.id, "no_target", kind=fact.kind, target=fact.body["target"])
            elif watch.target.due != fact.body["target_due_at"]:
                found.fail(case.id, "other_date", kind=fact.kind, due_at=fact.body["target_due_at"])
    for watch in case.watches.values():
        _target(case, watch, found)
        for number, rung in enumerate({rung.body["rung"]: rung for rung in watch.rungs}.values(), start=1):
            _rung(case, watch, rung, number, pack, found)
            _rings_on(case, watch, rung, terms, found)


def _target(case: Case, watch: Watch, found: Finding) -> None:
    state = NEW
    for fact in sorted((*watch.rungs, *watch.verdicts), key=lambda fact: fact.sequence):
        state = _step(case, TARGET, state, fact, found)


def _rung(case: Case, watch: Watch, rung: Said, number: int, pack: Pack | None, found: Finding) -> None:
    body, named = rung.body, {"target": watch.target.name, "rung": rung.body["rung"]}
    if body["rung"] != number:
        found.fail(case.id, "rung_skipped", **named, expected=number)
    promised = promises(pack, watch, number, body["department"]) if pack else []
    # A new cycle's higher level is for the department that failed; the visit desk may begin below it.
    levels = {promise.level for promise in promised} if watch.target.name != "visit" else {None}
    if pack and rung.kind not in {promise.kind for promise in promised}:
        found.fail(case.id, "wrong_rung", **named, kind=rung.kind)
    elif promised and not {None, body["level"]} & levels:
        found.fail(case.id, "wrong_level", **named, level=body["level"], expected=promised[-1].level)


def _rings_on(case: Case, watch: Watch, rung: Said, terms: Terms, found: Finding) -> None:
    """A timer may win the race against what ends its target, but not by more than the bound."""
    if watch.end is None:
        return
    ended = watch.end.appended
    late = terms.clock.real(rung.body["due_at"]) - ended
    if rung.position > watch.end.position and late > terms.bound:
        found.fail(case.id, "rings_on", target=watch.target.name, rung=rung.body["rung"], seconds=round(late / 1000, 1))


def _causes(case: Case, found: Finding) -> None:
    known: set[str] = set()
    for fact in case.facts:
        if _is_fact(fact.cause) and fact.cause not in known:
            found.fail(case.id, "no_cause", kind=fact.kind, cause=fact.cause)
        known.add(fact.id)


def _after_the_end(case: Case, found: Finding) -> None:
    """Once closed, only verdicts on what was before, refusals and a timer that won its race are heard."""
    if case.closed is None:
        return
    before = {fact.id for fact in case.facts if fact.position < case.closed.position}
    for fact in case.facts:
        if fact.position <= case.closed.position or fact.kind in (*REFUSALS, *RUNGS):
            continue
        if fact.kind not in _VERDICTS or (_is_fact(fact.cause) and fact.cause not in before):
            found.fail(case.id, "after_the_end", kind=fact.kind)


def _known_causes(evidence: Evidence, found: Finding) -> None:
    """What a department or an upstream system is told follows from a fact that everybody can read."""
    facts: Mapping[str, set[str]] = {id: {fact.id for fact in case.facts} for id, case in evidence.cases.items()}
    for message in evidence.log.messages:
        if _is_fact(message.cause) and message.cause not in facts.get(message.subject, ()):
            found.fail(message.subject, "no_cause", kind=message.kind, cause=message.cause)


def _is_fact(cause: str) -> bool:
    return not any(mark in cause for mark in _FROM_OUTSIDE_OR_TIME)
