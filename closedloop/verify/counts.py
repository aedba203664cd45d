"""What the facts alone say of each department: how many complaints, how many in time, how many ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from closedloop.verify.derive.history import Case, cases
from closedloop.verify.derive.watching import Watch
from closedloop.verify.evidence.log import Log
from closedloop.verify.evidence.records import Said
from closedloop.verify.tables.contract import REPLIES, VISITS

NOBODY = "-"
"""Stands for the department of what never had one."""


@dataclass(slots=True)
class Counts:
    """One department's figures; `deadlines` = `met` + `breached` + `open`, all of one kind of target."""

    received: int = 0
    deadlines: int = 0
    met: int = 0
    breached: int = 0
    open: int = 0
    escalated: int = 0
    reopened: int = 0
    closed: int = 0
    dead_lettered: int = 0

    def as_json(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def counts(log: Log, target: str = "answer") -> dict[str, Counts]:
    """The figures of every department that owned a complaint or whose message became a dead letter.

    A deadline belongs to whoever owned the complaint when it ended; one that a new plan replaced counts only if its
    breach was told. `received` counts at the first owner, `closed` at the last, `reopened` at the one before.
    """
    found: dict[str, Counts] = {}
    for case in cases(log.facts).values():
        _case(case, target, found)
    for origin in {letter.origin for letter in log.letters if letter.origin}:
        member = origin[0].rpartition(".")[2] if origin[0].startswith((REPLIES, VISITS)) else NOBODY
        _of(found, member).dead_lettered += 1
    return dict(sorted(found.items()))


def _of(found: dict[str, Counts], department: str) -> Counts:
    return found.setdefault(department, Counts())


def _case(case: Case, target: str, found: dict[str, Counts]) -> None:
    owners = case.given
    if case.received is not None:
        _of(found, _owner(owners[:1])).received += 1
    if case.closed is not None:
        _of(found, _owner(owners)).closed += 1
    for reopened in case.of("reopened"):
        _of(found, _owner(f for f in owners if f.cycle < reopened.cycle)).reopened += 1
    for department in {rung.body["department"] for rung in _standing(case)}:
        _of(found, department).escalated += 1
    for watch in case.watches.values():
        if watch.target.name == target:
            _deadline(watch, _of(found, watch.department))


def _owner(plans: Iterable[Said]) -> str:
    last = list(plans)[-1:]
    return last[0].body[last[0].row.owner] if last else NOBODY


def _standing(case: Case) -> list[Said]:
    """Escalations that were not taken back."""
    rungs = [(watch, rung) for watch in case.watches.values() for rung in watch.rungs]
    return [r for watch, r in rungs if r.row.mark == "escalated" and r.body["rung"] not in watch.taken_back]


def _deadline(watch: Watch, found: Counts) -> None:
    if watch.is_told_breached:
        found.breached += 1
    elif watch.has("met"):
        found.met += 1
    elif watch.end is None or watch.is_met:
        found.open += 1
    else:
        return
    found.deadlines += 1
