"""Timely: nothing happens before its time, by the broker's own clock and by the policy's own dates."""

from __future__ import annotations

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.rungs import promises
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.derive.watching import Watch
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding


def check(evidence: Evidence, terms: Terms) -> Finding:
    """No rung is appended before it is due, no visit requested before it opens, and both dates are the policy's."""
    found = Finding()
    for case, pack in evidence.with_packs():
        for watch in case.watches.values():
            for rung in watch.rungs:
                _rung(case, watch, rung, pack, terms, found)
        for visit in case.of("visit requested"):
            _visit(case, visit, terms, found)
        _openings(case, pack, terms, found)
    return found


def _rung(case: Case, watch: Watch, rung: Said, pack: Pack | None, terms: Terms, found: Finding) -> None:
    due, number = rung.body["due_at"], rung.body["rung"]
    department = rung.body["department"]
    dates = {promised.due for promised in promises(pack, watch, number, department)} if pack else {due}
    named = {"target": watch.target.name, "rung": number}
    found.checked += 1
    if due not in dates or due != rung.body["at"]:
        found.fail(case.id, "wrong_date", **named, due_at=due)
    _appended(case.id, rung, min((due, *dates)), terms, found, **named)


def _visit(case: Case, visit: Said, terms: Terms, found: Finding) -> None:
    number, opens = visit.body["attempt"], visit.body["opens_at"]
    scheduled = [s for s in case.of("scheduled", visit.cycle) if s.body["attempt"] == number]
    found.checked += 1
    if scheduled and scheduled[0].body["opens_at"] != opens:
        found.fail(case.id, "not_as_scheduled", attempt=number, due_at=opens)
    opens = max(opens, *(s.body["opens_at"] for s in scheduled)) if scheduled else opens
    _appended(case.id, visit, opens, terms, found, target="visit", rung=number)


def _openings(case: Case, pack: Pack | None, terms: Terms, found: Finding) -> None:
    """A visit opens no sooner after the answer, or after the last attempt, than the plan says."""
    for visit in case.of("scheduled"):
        asked, before = f"/plans/{case.plan(visit.cycle)}/visit", _before(case, visit)
        after = pack.lengths.get(f"{asked}/opens_after") if pack else None
        if pack is None or after is None or before is None:
            continue
        found.checked += 1
        if visit.body["opens_at"] < (opens := pack.lasting(pack.at(f"{asked}/desk"), before, after)):
            found.fail(case.id, "opens_early", attempt=visit.body["attempt"], due_at=opens)


def _before(case: Case, visit: Said) -> int | None:
    if attempts := case.before("attempted", visit):
        return int(attempts[-1].body["at"])
    answers = case.of("answered", visit.cycle)
    return min(answers[0].body["at"], answers[0].body["judged_at"]) if answers else None


def _appended(id: str, fact: Said, due: int, terms: Terms, found: Finding, **named: object) -> None:
    appended = terms.clock.virtual(fact.appended)
    if appended < due - terms.tolerance * terms.clock.rate:
        found.fail(id, "early", **named, kind=fact.kind, due_at=due, appended_at=appended)
