"""The invariants and their checks: records in, verdict out, without touching the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from closedloop.verify.checks import (
    accepted,
    arrival,
    dates,
    endings,
    kept,
    legal,
    moving,
    once,
    orders,
    silent,
    timely,
    told,
    verdicts,
)
from closedloop.verify.derive.history import cases
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.log import Log
from closedloop.verify.saying.verdict import Finding, Row, Verdict

CHECKS: Mapping[str, Callable[[Evidence, Terms], Finding]] = {
    "accepted": accepted.check,
    "once": once.check,
    "moving": moving.check,
    "timely": timely.check,
    "legal": legal.check,
    "verdicts": verdicts.check,
    "endings": endings.check,
    "kept": kept.check,
    "dates": dates.check,
    "arrival": arrival.check,
    "told": told.check,
    "orders": orders.check,
    "silent": silent.check,
}

ON_REQUEST = {"silent"}
"""Needs a mark from before the replay."""


def judge(
    log: Log, terms: Terms, *, only: Collection[str] | None = None, may_be_empty: Collection[str] = ()
) -> Verdict:
    """The verdict on these records; an invariant that found nothing to check is red unless it `may_be_empty`."""
    evidence = Evidence(log, cases(log.facts))
    asked = only or (set(CHECKS) - (ON_REQUEST if terms.since is None else set()))
    rows = [_row(name, CHECKS[name](evidence, terms), name in may_be_empty) for name in CHECKS if name in asked]
    return Verdict(tuple(rows), terms.now)


def _row(name: str, found: Finding, may_be_empty: bool) -> Row:
    distinct = {(f.id, f.code, tuple(f.details.items())): f for f in found.failures}
    return Row(name, found.checked, tuple(distinct.values()), found.unsettled, found.sums, may_be_empty)
