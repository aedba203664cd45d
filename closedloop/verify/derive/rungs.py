"""The rungs of one watched target: what its ladders promise, and which of them are told."""

from __future__ import annotations

from collections.abc import Iterator

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


def levels(pack: Pack, watch: Watch, told: Said, terms: Terms) -> set[int]:
    """At which levels a rung may have been told; while it became a major incident, at both."""
    number, department = told.body["rung"], told.body["department"]
    raised = list(_raised(watch, told, terms))
    found = (pack.rung(watch.target, number, plan, level, department) for plan in watch.plans for level in raised)
    return {rung.level for rung in found if rung is not None}


def _ladders(watch: Watch) -> list[str | None]:
    return list(reversed(dict.fromkeys(reversed(watch.plans))))


def _raised(watch: Watch, told: Said, terms: Terms) -> Iterator[int]:
    for n, (since, level) in enumerate(watch.levels):
        after = watch.levels[n + 1][0].appended if n + 1 < len(watch.levels) else None
        if since.position < told.position and (after is None or told.appended - after <= terms.bound):
            yield level


def _is_old(watch: Watch, rung: Rung) -> bool:
    is_told = rung.kind == called("warned") and rung.number in watch.told_before
    return is_told and rung.due <= watch.since
