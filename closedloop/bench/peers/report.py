"""The figures of all peers side by side, as JSON or as tables, and the goals beside what is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from closedloop.bench.machine import Machine
from closedloop.bench.peers.jobs import JOBS
from closedloop.bench.peers.meter import TOGETHER
from closedloop.bench.peers.table import GOALS, OURS, Goal

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Report:
    """One run: what was found of each peer by job, and why a peer or a job is missing."""

    date: str
    machine: Machine
    sizes: str
    notes: tuple[str, ...]
    skipped: Mapping[str, str]
    figures: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> str:
        """Everything, indented."""
        goals = [{**asdict(goal), "figure": ".".join(goal.figure), "seen": seen} for goal, seen in self.goals()]
        whole = {**asdict(self), "goals": goals}
        return json.dumps(whole, indent=2, ensure_ascii=False)

    def goals(self) -> Iterator[tuple[Goal, float | None]]:
        """Each goal with how many times ours it is; None where one of both is missing."""
        for goal in GOALS:
            theirs, own = (at(self.figures.get(name), goal.figure) for name in (goal.peer, OURS))
            yield goal, round(theirs / own, 2) if theirs and own else None

    def as_markdown(self) -> str:
        """A page: the machine, what is missing, one column for each peer, then the goals."""
        m = self.machine
        where = f"{m.cores} cores ({m.cpu}), {m.memory_gib} GiB, {m.system}, Python {m.python}; {self.sizes} sizes."
        lines = [f"# Ours among its peers, {self.date}", "", where, ""]
        missing = [*self.notes, *(f"{name}: {reason}" for name, reason in self.skipped.items())]
        lines += [*(f"- {line}" for line in missing), ""] if missing else []
        lines += _table(["figure", *self.figures], self._rows())
        lines += ["", *_table(["wanted: times ours", "peer", "wanted", "seen"], self._goals())]
        return "\n".join(lines) + "\n"

    def _rows(self) -> Iterator[list[str]]:
        columns = [dict(leaves(found)) for found in self.figures.values()]
        for path in sorted({path for column in columns for path in column}, key=_order):
            yield [path, *(_cell(column.get(path)) for column in columns)]

    def _goals(self) -> Iterator[list[str]]:
        for goal, seen in self.goals():
            yield [".".join(goal.figure), goal.peer, f"≥ {goal.times:g}", _cell(seen)]


def at(found: Any, path: Sequence[str]) -> Any:
    """The figure at a path; None where there is none."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def leaves(found: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure under its path."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{under}{name}.")
        else:
            yield f"{under}{name}", value


def _order(path: str) -> tuple[int, str, bool, str]:
    """Job by job; within a group of figures their sum last."""
    job, _, rest = path.partition(".")
    group, _, name = rest.rpartition(".")
    return list(JOBS).index(job), group, name == TOGETHER, name


def _cell(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> list[str]:
    lines = [list(head), ["---", *("---:" for _ in head[1:])], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
