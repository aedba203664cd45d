"""Each row and cell of the checker's tables is dropped in turn: the healthy history or a fault must notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from closedloop.verify import Clock, Log, Terms
from closedloop.verify.derive.history import cases
from closedloop.verify.derive.terms import Evidence
from closedloop.verify.evidence.records import Said
from closedloop.verify.judge import CHECKS
from closedloop.verify.tables import contract, endings, facts
from closedloop.verify.tables.endings import ENDINGS
from closedloop.verify.tables.facts import FACTS, Row, steps
from tests import forgotten
from tests.unit.verify.faults import FAULTS, Fault
from tests.unit.verify.lives import lives, spoiled
from tests.unit.verify.tales import healthy
from tests.unit.verify.topics import NOW, at

Found = frozenset[tuple[str, str, str]]
"""Invariant and id of each failure, and why."""

LOOKED_AT: dict[str, tuple[str, ...]] = {
    "steps": ("legal",),
    "incident": ("legal",),
    "clock_steps": ("legal",),
    "late": ("legal",),
    "once": ("once",),
    "once_when": ("once",),
    "outside": ("once",),
    "beside": ("once",),
    "arrives": ("arrival",),
    "sets": ("dates",),
    "clears": ("dates",),
    "counts": ("dates",),
    "plan": ("dates",),
    "limits": ("dates",),
    "says": ("verdicts",),
    "tells": ("told",),
    "who": ("dates", "verdicts"),
}
"""Which invariants read a column; all may read one that is not named here."""


EVERY = tuple(name for name in CHECKS if name != "silent")
SPOILED = 3
"""How many facts of a kind are spoiled."""


READS_WHAT_HOLDS = ("ApprovalGranted", "ApprovalRefused", "WorkPaused", "WorkResumed", "IncidentDeclared")
"""Facts whose checks read what others set and cleared."""

SHOWN_BY_NO_LIFE = {"DeadlineMoved clock_steps told_of_less"}
"""What is allowed although no life was found in which it happens."""


class Cell(NamedTuple):
    """One thing that is dropped from a row, and the row without it."""

    kind: str
    column: str
    dropped: str
    rest: Row

    def __str__(self) -> str:
        return f"{self.kind} {self.column} {self.dropped}".strip()


def cells(kind: str) -> Iterator[Cell]:
    row = FACTS[kind]
    yield Cell(kind, "", "", Row())
    for column, value in row._asdict().items():
        if value != Row._field_defaults[column]:
            for dropped, rest in without_one(column, value):
                yield Cell(kind, column, dropped, row._replace(**{column: rest}))


def without_one(column: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A column without one of its steps, names or messages; or without all it says."""
    if column in ("steps", "incident", "clock_steps"):
        leads = steps(value)
        for state in leads:
            yield state, " ".join(f"{before}>{after}" for before, after in leads.items() if before != state)
    elif column == "tells":
        for n, tell in enumerate(value):
            yield f"{tell.to} {tell.why}", (*value[:n], *value[n + 1 :])
            if tell.when:
                yield f"{tell.why} when {tell.when}", (*value[:n], tell._replace(when=""), *value[n + 1 :])
    elif column in ("sets", "clears", "plan", "limits", "says", "who") and value:
        for word in value.split():
            rest = " ".join(other for other in value.split() if other != word)
            yield word, rest
    else:
        yield "", Row._field_defaults[column]


Lie = tuple[Log, Terms, frozenset[str]]
"""What lies on the topics, on what terms it is judged, and the complaints that are looked at."""


@cache
def having(kind: str) -> tuple[Lie, ...]:
    """The lives with a fact of this kind, from the services and from the healthy history."""
    log, terms, _ = lie(None)
    told = {fact.subject for fact in log.facts if fact.kind == kind}
    left = [life for life in lives() if any(fact.kind == kind for fact in life[0].facts)]
    return (*((*life, subjects(life[0])) for life in left), *((log, terms, frozenset({id})) for id in sorted(told)))


@cache
def spoiled_ones(kind: str) -> tuple[Lie, ...]:
    """The same lives, but one thing is wrong about such a fact; of facts that tell the same people a few."""
    alike = Counter[frozenset[str]]()
    found: list[Lie] = []
    for log, terms, about in having(kind):
        for fact in (fact for fact in log.facts if fact.kind == kind and fact.subject in about):
            told = {m.body.get("why", "") for m in log.messages if m.cause in (fact.id, fact.cause)}
            ended = any(other.row.mark == "closed" for other in log.facts if other.subject in about)
            alike[like := frozenset({*told, str(ended), str(fact.body.get("what"))})] += 1
            if alike[like] <= SPOILED:
                found += ((lost, terms, about) for lost in spoiled(log, fact))
    return tuple(found)


@cache
def faults(only: tuple[str, ...]) -> tuple[Lie, ...]:
    return tuple(lie(fault) for fault in FAULTS if fault.breaks in only)


@cache
def lie(fault: Fault | None) -> Lie:
    """A fault spoils few complaints of the healthy history."""
    topics = healthy()
    if fault is not None:
        fault.spoil(topics)
    log, terms = Log.of(topics.records), Terms(Clock(), at(NOW), accepted=fault.accepted if fault else None)
    if fault is None:
        return log, terms, subjects(log)
    before, after = (Counter(map(as_said, of.facts + of.messages)) for of in (lie(None)[0], log))
    changed = {subject for subject, *_ in (before - after) + (after - before)}
    return log, terms, frozenset(changed) or subjects(log)


def subjects(log: Log) -> frozenset[str]:
    return frozenset(cases(log.facts))


def as_said(message: Said) -> tuple[Any, ...]:
    return message.subject, message.id, message.digest, message.position, message.appended, message.cause, message.key


def failures(lie: Lie, only: tuple[str, ...]) -> Found:
    log, terms, about = lie
    evidence = Evidence(log, {id: case for id, case in cases(log.facts).items() if id in about})
    try:
        return frozenset((name, f.id, f.why()) for name in only for f in CHECKS[name](evidence, terms).failures)
    except (LookupError, TypeError, ValueError) as raised:
        return frozenset({("", "", repr(raised))})


RIGHT: dict[tuple[int, tuple[str, ...]], Found] = {}


def is_noticed(cell: Cell) -> bool:
    only = LOOKED_AT.get(cell.column, EVERY)
    sources: tuple[Callable[[], tuple[Lie, ...]], ...] = (
        lambda: having(cell.kind),
        lambda: spoiled_ones(cell.kind),
        lambda: tuple(one for kind in READS_WHAT_HOLDS if cell.column == "clears" for one in spoiled_ones(kind)),
        lambda: faults(only),
    )
    return any(_differs(cell, one, only) for source in sources for one in source())


def _differs(cell: Cell, one: Lie, only: tuple[str, ...]) -> bool:
    if (right := RIGHT.get((id(one), only))) is None:
        right = RIGHT[id(one), only] = failures(one, only)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(facts.FACTS, cell.kind, cell.rest)
        return failures(one, only) != right


def test_what_the_services_leave_is_right_before_it_is_spoiled() -> None:
    assert not [found for log, terms in lives() if (found := failures((log, terms, subjects(log)), EVERY))]


@pytest.mark.parametrize("kind", FACTS)
def test_the_loss_of_any_cell_is_noticed(kind: str) -> None:
    unnoticed = {str(cell) for cell in cells(kind) if not is_noticed(cell)}
    says = "the checker's row says `{}`, and nothing notices when it is gone: take it out, or write a fault that does"
    forgotten.nothing(forgotten.beyond(unnoticed, SHOWN_BY_NO_LIFE, says))


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_loss_of_any_ending_is_noticed(ending: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(endings.ENDINGS, ending)
        assert failures(lie(None), ("endings",))


MET = [(target, kind) for target, kinds in contract.MET_BY.items() for kind in kinds]
"""What the published contract says that meets each target."""


@pytest.mark.parametrize(("target", "kind"), MET)
def test_the_loss_of_what_meets_a_target_is_noticed(target: str, kind: str) -> None:
    rest = tuple(other for other in contract.MET_BY[target] if other != kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(contract.MET_BY, target, rest)
        assert any(failures(one, ("verdicts", "dates")) for one in having(kind))
