"""Endings: every ending is one of the policy's and has what it requires; what is not solved begins again."""

from __future__ import annotations

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.rungs import had_heard
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.endings import ENDINGS, REOPENS


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Endings, visits that found the problem unsolved, and new cycles."""
    found = Finding()
    for case, pack in evidence.with_packs():
        for ending in case.of("closed"):
            found.checked += 1
            _ending(case, ending, pack, terms, found)
        for visit in case.of("attempted"):
            if visit.body["outcome"] == REOPENS:
                _unsolved(case, visit, terms, found)
        for reopened in case.of("reopened"):
            _reopened(case, reopened, found)
    return found


def _ending(case: Case, closed: Said, pack: Pack | None, terms: Terms, found: Finding) -> None:
    if pack is None:
        found.fail(case.id, "no_pack", policy=case.policy)
        return
    ending, attempts = closed.body["ending"], pack.attempts(case.plan(closed.cycle))
    if not case.before("answered", closed):
        found.fail(case.id, "not_answered", ending=ending)
    missing = _missing(ending, [v.body["outcome"] for v in case.before("attempted", closed)], attempts)
    if missing:
        found.fail(case.id, missing, ending=ending, attempts=attempts)
    if _is_unreported(case, closed, terms):
        found.fail(case.id, "unreported", ending=ending)


def _missing(ending: str, outcomes: list[str], attempts: int) -> str | None:
    """What an ending lacks, as the code of a failure."""
    if (rule := ENDINGS.get(ending)) is None:
        return "no_such_ending"
    if rule.outcome is None:
        holds = not attempts
    elif rule.every:
        holds = attempts > 0 and outcomes == [rule.outcome] * attempts
    else:
        holds = outcomes[-1:] == [rule.outcome]
    return None if holds else rule.lacks


def _is_unreported(case: Case, closed: Said, terms: Terms) -> bool:
    """A major incident does not end without its report; one that is declared as it ends has just missed it."""
    declared = any(
        closed.appended - f.appended > terms.bound or had_heard(case, closed, f) for f in case.of("declared")
    )
    return declared and not any(f.position < closed.position for f in case.of("reported"))


def _unsolved(case: Case, visit: Said, terms: Terms, found: Finding) -> None:
    is_missing = not case.of("reopened", visit.cycle + 1)
    if found.judge(is_missing, terms.is_settled(visit.appended)):
        found.fail(case.id, "not_reopened", attempt=visit.body["attempt"], cycle=visit.cycle)


def _reopened(case: Case, reopened: Said, found: Finding) -> None:
    """A new cycle follows a customer's no, one level above the cycle before it, and is worked on at that level."""
    last = case.last(reopened.cycle - 1, "attempted")
    if last is None or last.body["outcome"] != REOPENS:
        found.fail(case.id, "reopened_without_no", cycle=reopened.cycle)
    before = case.of("routed", reopened.cycle - 1)
    if before and reopened.body["level"] != before[-1].body["level"] + 1:
        found.fail(case.id, "no_level_up", cycle=reopened.cycle, level=reopened.body["level"])
    for routed in case.of("routed", reopened.cycle)[:1]:
        if routed.body["level"] != reopened.body["level"]:
            found.fail(case.id, "other_level", cycle=reopened.cycle, level=routed.body["level"])
