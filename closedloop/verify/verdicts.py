"""Verdicts: a target that was met counts as met or as breached, as the time of what met it says, never as both."""

from __future__ import annotations

from closedloop.verify.history import Case, Watch
from closedloop.verify.verdict import Evidence, Finding, Terms

_MAY_STILL_COME = ("late_untold", "false_breach", "met_untold")
"""What is missing may be on its way while the answer is young."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """In time: told as met, no breach stands. Late: a breach stands. Not met at all: nobody says so."""
    found = Finding()
    for case in evidence.cases.values():
        for watch in case.watches.values():
            if watch.is_met or watch.verdicts:
                _watch(case, watch, terms, found)
    return found


def _watch(case: Case, watch: Watch, terms: Terms, found: Finding) -> None:
    fault = _fault(watch)
    if fault in _MAY_STILL_COME and watch.end and not terms.is_settled(watch.end.appended):
        found.unsettled += 1
        return
    found.checked += 1
    if fault is not None:
        named = {"target": watch.target.name, "cycle": watch.cycle, "due_at": watch.target.due}
        found.fail(case.id, fault, **named, done_at=watch.met_at or watch.target.due)
    else:
        _details(case, watch, found)


def _fault(watch: Watch) -> str | None:
    """What is wrong with a verdict, as the code of a failure."""
    if not watch.is_met:
        return "met_by_nobody"
    if watch.is_late and watch.verdicts:
        return "late_told_met"
    if watch.is_late:
        return None if watch.is_told_breached else "late_untold"
    if watch.is_told_breached:
        return "false_breach"
    return None if watch.has("DeadlineMet") else "met_untold"


def _details(case: Case, watch: Watch, found: Finding) -> None:
    for fact in watch.verdicts:
        if fact.body["met_at"] != watch.met_at:
            found.fail(case.id, "other_time", kind=fact.kind, target=watch.target.name, done_at=fact.body["met_at"])
        untold = set(fact.body.get("rungs", ())) - {rung.body["rung"] for rung in watch.rungs}
        if untold:
            found.fail(case.id, "retracts_untold", target=watch.target.name, rung=min(untold))
