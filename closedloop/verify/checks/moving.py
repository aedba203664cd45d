"""Moving: a complaint that has not ended waits for something, and for nothing that should long have come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.rungs import following
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.policy import Pack
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import PARKS
from closedloop.verify.tables.endings import ENDINGS


@dataclass(frozen=True, slots=True)
class Wait:
    """What a complaint waits for: since when it is owed (real), and from when it is due (virtual, else at once)."""

    what: str
    since: int
    due: int | None = None


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Every date that is open is younger than the bound, what has not ended has one, and nothing is parked."""
    found = Finding(checked=len(evidence.cases))
    for case, pack in evidence.with_packs():
        if case.closed is None and case.received is not None:
            _case(case, pack, terms, found)
    _parked(evidence, terms, found)
    return found


def _case(case: Case, pack: Pack | None, terms: Terms, found: Finding) -> None:
    if pack is None:
        found.fail(case.id, "no_pack", policy=case.policy)
        return
    if _has_no_date(case, pack):
        found.fail(case.id, "no_date", plan=case.plan(case.cycle))
    for wait in waits(case, pack):
        ready = wait.since if wait.due is None else max(wait.since, terms.clock.real(wait.due))
        late = terms.real_now() - ready
        if late > terms.bound:
            due = terms.clock.virtual(ready)
            found.fail(case.id, "stuck", what=wait.what, due_at=due, seconds=round(late / 1000, 1))


def _parked(evidence: Evidence, terms: Terms, found: Finding) -> None:
    """A service that stumbled over a complaint lets it lie until it is mended: then it speaks of it again."""
    for letter in evidence.log.letters:
        case, since = evidence.cases.get(letter.complaint or ""), letter.record.timestamp_ms
        if letter.reason not in PARKS or case is None or terms.real_now() - since <= terms.bound:
            continue
        if not any(fact.service == letter.service and fact.appended > since for fact in case.facts):
            parked_at = terms.clock.virtual(since)
            found.fail(case.id, "parked", service=letter.service, reason=letter.reason, due_at=parked_at)


def _has_no_date(case: Case, pack: Pack) -> bool:
    """Whether the plan promises dates, but none was ever set in this cycle."""
    place = f"/plans/{case.plan(case.cycle)}/targets/"
    is_dated = any(known.startswith(place) for known in pack.lengths)
    return is_dated and not any(cycle == case.cycle for cycle, _, _ in case.watches)


def waits(case: Case, pack: Pack) -> Iterator[Wait]:
    """All that an open complaint waits for, from the last that happened."""
    begun = case.last(case.cycle, "reopened") or case.received
    answered = case.last(case.cycle, "answered")
    if not any(fact.cycle == case.cycle for fact in case.given) and begun is not None:
        yield Wait("routing", begun.appended)
    elif answered is not None:
        yield from _follow_up(case, answered, pack)
    yield from _rungs(case, pack)


def _follow_up(case: Case, answered: Said, pack: Pack) -> Iterator[Wait]:
    last = case.last(case.cycle, "scheduled", "visit requested", "attempted")
    if last is not None and last.row.mark == "scheduled":
        yield Wait("visit order", last.appended, last.body["opens_at"])
    elif last is None or last.row.mark == "attempted":
        last = last or answered
        if not case.lacks_its_report or not _would_close(case, last, pack):
            reported = case.of("reported")[-1:]
            yield Wait("follow-up", max(fact.appended for fact in (last, *reported)))


def _would_close(case: Case, last: Said, pack: Pack) -> bool:
    """Whether nothing but an incident's report is missing for the end."""
    attempts = pack.attempts(case.plan(case.cycle))
    if last.row.mark == "answered" or not attempts:
        return not attempts
    ends = [ending for ending in ENDINGS.values() if ending.outcome == last.body["outcome"]]
    return any(not ending.every or last.body["attempt"] >= attempts for ending in ends)


def _rungs(case: Case, pack: Pack) -> Iterator[Wait]:
    for watch in case.watches.values():
        if watch.end is None and watch.halted is None:
            told = max((rung.body["rung"] for rung in watch.rungs), default=0)
            rung = following(pack, watch, told, watch.plans[-1])
            if rung is not None:
                since = max([watch.armed.appended, *(r.appended for r in watch.rungs)])
                yield Wait(f"{rung.kind} {watch.target.name} {rung.number}", since, rung.due)
