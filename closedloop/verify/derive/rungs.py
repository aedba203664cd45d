"""The rungs of one watched target: what its ladders promise, and which of them are told."""

from __future__ import annotations

from collections.abc import Iterator

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Terms
from closedloop.verify.derive.watching import Watch
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.ladders import Rung
from closedloop.verify.pack.policy import Pack
from closedloop.verify.tables.facts import called


def promises(pack: Pack, watch: Watch, number: int, department: str) -> list[Rung]:
    """What a rung may be: one answer per ladder, the newest last, where a new plan took an old one's date over."""
    rungs = [pack.rung(watch.target, number, plan, 0, department) for plan in _ladders(watch)]
    return [rung for rung in rungs if rung is not None]


def following(pack: Pack, watch: Watch, told: int, plan: str | None) -> Rung | None:
    """The rung that is told after this one: a warning that was told before a date moved is not told again."""
    number = told + 1
    while (rung := pack.rung(watch.target, number, plan, watch.levels[-1][1], watch.department)) is not None:
        if not _is_old(watch, rung):
            return rung
        number += 1
    return None


def owed(pack: Pack, watch: Watch, until: int) -> Iterator[Rung]:
    """The rungs that are due by a moment, in order."""
    told = 0
    while (rung := following(pack, watch, told, watch.plans[-1])) is not None and rung.due <= until:
        yield rung
        told = rung.number


def may_follow(pack: Pack, watch: Watch, told: int) -> set[int]:
    """The numbers that may stand after a rung, by any ladder that the target has had."""
    rungs = (following(pack, watch, told, plan) for plan in _ladders(watch))
    return {rung.number for rung in rungs if rung is not None}


def levels(case: Case, pack: Pack, watch: Watch, told: Said, terms: Terms) -> set[int]:
    """At which levels a rung may have been told; while it became a major incident, at both."""
    number, department = told.body["rung"], told.body["department"]
    raised = list(_raised(case, watch, told, terms))
    found = (pack.rung(watch.target, number, plan, level, department) for plan in watch.plans for level in raised)
    return {rung.level for rung in found if rung is not None}


def _ladders(watch: Watch) -> list[str | None]:
    return list(reversed(dict.fromkeys(reversed(watch.plans))))


def lost_race(case: Case, rung: Said, to: Said, terms: Terms) -> bool:
    """Whether a rung should have known of a fact: it was due long after it, or its service had heard of it.

    When the rung was appended says nothing: what was decided in time is said late where the broker was away.
    """
    late = terms.clock.real(rung.body["due_at"]) - to.appended
    return late > terms.bound or (late > terms.tolerance and had_heard(case, rung, to))


def had_heard(case: Case, fact: Said, of: Said) -> bool:
    """Whether its service had said, before it, what follows from a fact at that position or beyond."""
    later = {other.id for other in case.facts if other.position >= of.position}
    said_before = (f for f in case.facts if f.service == fact.service and f.sequence < fact.sequence)
    return any(before.cause in later for before in said_before)


def _raised(case: Case, watch: Watch, told: Said, terms: Terms) -> Iterator[int]:
    for n, (since, level) in enumerate(watch.levels):
        after = watch.levels[n + 1][0] if n + 1 < len(watch.levels) else None
        if since.position < told.position and (after is None or not lost_race(case, told, after, terms)):
            yield level


def _is_old(watch: Watch, rung: Rung) -> bool:
    is_told = rung.kind == called("warned") and rung.number in watch.told_before
    return is_told and rung.due <= watch.since
