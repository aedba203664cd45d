"""The invariants and their checks: records in, verdict out, without touching the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from closedloop.verify import (
    arrival,
    conservation,
    dates,
    early,
    endings,
    lineage,
    once,
    order,
    queues,
    silence,
    stuck,
    told,
    verdicts,
)
from closedloop.verify.history import cases
from closedloop.verify.log import Log
from closedloop.verify.verdict import Evidence, Finding, Row, Terms, Verdict

CHECKS: Mapping[str, Callable[[Evidence, Terms], Finding]] = {
    "I1": lineage.check,
    "I2": once.check,
    "I3": stuck.check,
    "I4": early.check,
    "I5": order.check,
    "verdicts": verdicts.check,
    "I7": endings.check,
    "I8": conservation.check,
    "dates": dates.check,
    "arrival": arrival.check,
    "told": told.check,
    "orders": queues.check,
    "I9": silence.check,
}

ON_REQUEST = {"I9"}
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
