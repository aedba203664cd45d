"""Verdicts: each clock ends as what happened to its target says: met, missed, moved or cancelled, and told once."""

from __future__ import annotations

from closedloop.verify.checks.details import says
from closedloop.verify.derive.history import Case
from closedloop.verify.derive.rungs import owed
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.derive.watching import Watch
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.endings import CLOCK_ENDS

_MAY_STILL_COME = (
    *("late_untold", "rung_untold", "false_breach", "still_told"),
    *("met_untold", "missed_untold", "moved_untold", "cancelled_untold"),
)
"""What is missing may be on its way while what it follows from is young."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """In time: no breach stands. Late: one stands. Each that has ended is told so, as it ended; no other is.

    Once a complaint has ended, all its clocks have.
    """
    found = Finding()
    for case, pack in evidence.with_packs():
        for watch in case.watches.values():
            if watch.end or watch.verdicts:
                _watch(case, watch, pack, terms, found)
            elif case.closed is not None:
                _left_open(case, case.closed, watch, terms, found)
    return found


def _watch(case: Case, watch: Watch, pack: Pack | None, terms: Terms, found: Finding) -> None:
    wrong = sorted(_still_told(watch))
    fault = _fault(watch) or ("rung_untold" if pack and _untold(watch, pack) else "still_told" if wrong else None)
    waits_for = watch.end if fault in _MAY_STILL_COME else None
    if fault is None:
        found.checked += 1
        _details(case, watch, pack, found)
    elif found.judge(True, waits_for is None or terms.is_settled(waits_for.appended)):
        named = {"target": watch.target.name, "cycle": watch.cycle, "due_at": watch.target.due}
        told = ", ".join(fact.kind for fact in watch.verdicts)
        at = watch.at if watch.end else watch.target.due
        rung = min((_untold(watch, pack) if pack else set()) or wrong, default=0)
        found.fail(case.id, fault, **named, done_at=at, how=watch.how, told=told, rung=rung)


def _left_open(case: Case, closed: Said, watch: Watch, terms: Terms, found: Finding) -> None:
    """Once its complaint has ended no clock runs: each was met, missed, moved or cancelled."""
    if found.judge(True, terms.is_settled(max(closed.appended, watch.armed.appended))):
        found.fail(case.id, "left_open", target=watch.target.name, cycle=watch.cycle, due_at=watch.target.due)


def _fault(watch: Watch) -> str | None:
    """What is wrong with what was told of a clock, as the code of a failure."""
    if watch.how is None:
        return "met_by_nobody"
    told = {fact.row.mark for fact in watch.ends}
    if watch.is_late and watch.has("breach retracted"):
        return "taken_back"
    if watch.is_late and "met" in told:
        return "late_told_met"
    if watch.is_late and not watch.is_told_breached:
        return "late_untold"
    if not watch.is_late and watch.is_told_breached:
        return "false_breach"
    right = CLOCK_ENDS[watch.how, watch.is_late]
    if not told:
        return right.untold
    return None if told == {right.mark} else "other_verdict"


def _untold(watch: Watch, pack: Pack) -> set[int]:
    """The rungs that were due before a target ended late, and that nobody was told."""
    if not watch.is_late:
        return set()
    due = {rung.number for rung in owed(pack, watch, watch.at)}
    return due - {rung.body["rung"] for rung in watch.rungs}


def _still_told(watch: Watch) -> set[int]:
    """The rungs that fell due only after the end, were told nevertheless, and stand."""
    wrong = {rung.body["rung"] for rung in watch.rungs if not watch.is_right(rung)}
    return wrong - set(watch.taken_back)


def _details(case: Case, watch: Watch, pack: Pack | None, found: Finding) -> None:
    for fact in watch.verdicts:
        done_at = fact.body.get("met_at", fact.body.get("ended_at", watch.at))
        if done_at != watch.at:
            found.fail(case.id, "other_time", kind=fact.kind, target=watch.target.name, done_at=done_at)
        for name, told, right in says(fact, watch, pack):
            if told != right:
                named = {"target": watch.target.name, "cycle": watch.cycle, "kind": fact.kind, "what": name}
                found.fail(case.id, "other_details", **named, told=told, right=right)
