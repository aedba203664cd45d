"""Verdicts: a target that was met counts as met or as breached, as the time of what met it says, never as both."""

from __future__ import annotations

from closedloop.verify.history import Case, Watch
from closedloop.verify.verdict import Evidence, Finding, Terms


def check(evidence: Evidence, terms: Terms) -> Finding:
    """In time: told as met, no breach stands. Late: a breach stands. Not met at all: nobody says so."""
    found = Finding()
    for case in evidence.cases.values():
        for watch in case.watches.values():
            if watch.is_met and watch.end and not terms.is_settled(watch.end.appended):
                found.unsettled += 1
            elif watch.is_met or watch.verdicts:
                found.checked += 1
                _watch(case, watch, found)
    return found


def _watch(case: Case, watch: Watch, found: Finding) -> None:
    named = {"target": watch.target.name, "cycle": watch.cycle, "due_at": watch.target.due}
    met, retracted = watch.has("DeadlineMet"), watch.has("BreachRetracted")
    if watch.met_at is None:
        found.fail(case.id, "met_by_nobody", **named)
    elif watch.is_late and (met or retracted):
        found.fail(case.id, "late_told_met", **named, done_at=watch.met_at)
    elif watch.is_late and not watch.is_told_breached:
        found.fail(case.id, "late_untold", **named, done_at=watch.met_at)
    elif not watch.is_late and watch.is_told_breached:
        found.fail(case.id, "false_breach", **named, done_at=watch.met_at)
    elif not watch.is_late and not met:
        found.fail(case.id, "met_untold", **named, done_at=watch.met_at)
    else:
        _details(case, watch, found)


def _details(case: Case, watch: Watch, found: Finding) -> None:
    for fact in watch.verdicts:
        if fact.body["met_at"] != watch.met_at:
            found.fail(case.id, "other_time", kind=fact.kind, target=watch.target.name, done_at=fact.body["met_at"])
        untold = set(fact.body.get("rungs", ())) - {rung.body["rung"] for rung in watch.rungs}
        if untold:
            found.fail(case.id, "retracts_untold", target=watch.target.name, rung=min(untold))
