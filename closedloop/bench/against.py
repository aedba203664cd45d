"""Two commits measured in turn on one machine: figures of one day do not compare with those of another machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from closedloop.stack.settings import DEFAULT_DATA, PROJECT

TREES = DEFAULT_DATA / "against"
COST = "cpu_ms_per_closed"
OUTSIDE = ("driver", "others")
"""Whose CPU time is no cost of ours: who drives the benchmark, and what else runs on the machine."""


class NotComparable(Exception):
    """There is nothing to compare with; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both commits, from as many pairs of runs."""

    name: str
    before: tuple[float, ...]
    now: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Now by before, pair by pair."""
        return tuple(now / before for before, now in zip(self.before, self.now, strict=True))

    def as_json(self) -> dict[str, Any]:
        """Medians, and the ratio with its least and greatest."""
        ratios = [round(ratio, 3) for ratio in self.ratios]
        middle = {"before": round(median(self.before), 3), "now": round(median(self.now), 3)}
        return {"figure": self.name, **middle, "ratio": round(median(self.ratios), 3), "ratios": ratios}


def measure(ref: str, names: Sequence[str], pairs: int, soak: bool, say: Callable[[str], None]) -> list[Row]:
    """Run these benchmarks of that commit and of the working tree in turn. Raises NotComparable."""
    tree = tree_of(ref)
    runs: dict[Path, list[Mapping[str, float]]] = {tree: [], PROJECT: []}
    for pair in range(pairs):
        # What warms up or slows down with time does so for both alike.
        for place in (tree, PROJECT) if pair % 2 == 0 else (PROJECT, tree):
            say(f"pair {pair + 1} of {pairs}: {ref if place == tree else 'the working tree'} …")
            runs[place].append(_figures(place, names, soak))
    return list(rows(runs[tree], runs[PROJECT]))


def tree_of(ref: str) -> Path:
    """The files of a commit in a directory of their own, with this tree's downloads. Raises NotComparable."""
    known = _git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if known.returncode:
        raise NotComparable(f"there is no commit {ref} here")
    tree = TREES / known.stdout.decode().strip()
    if not tree.exists():
        files = _git("archive", tree.name).stdout
        tree.mkdir(parents=True)
        subprocess.run(["tar", "-x", "-C", str(tree)], input=files, check=True)
        (tree / ".closedloop").mkdir()
        (tree / ".closedloop" / "cache").symlink_to(DEFAULT_DATA / "cache")
    return tree


def rows(before: Sequence[Mapping[str, float]], now: Sequence[Mapping[str, float]]) -> Iterator[Row]:
    """The figures that every run has and of which a ratio can be formed."""
    for name in now[0]:
        if all(run.get(name) for run in (*before, *now)):
            yield Row(name, tuple(run[name] for run in before), tuple(run[name] for run in now))


def flat(found: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, float]]:
    """Every number under its path; the cost of a complaint also in one sum."""
    for name, value in found.items():
        path = f"{under}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}.")
            if name == COST and value:
                yield f"{path}.together", sum(ms for who, ms in value.items() if who not in OUTSIDE)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield path, float(value)


def as_text(rows: Iterable[Row]) -> str:
    """One line for each figure."""
    lines = [f"{'figure':<60} {'before':>12} {'now':>12} {'ratio':>7}  least to greatest"]
    for row in rows:
        told = row.as_json()
        span = f"{min(told['ratios']):.3f} to {max(told['ratios']):.3f}"
        lines.append(f"{row.name:<60} {told['before']:>12,} {told['now']:>12,} {told['ratio']:>7.3f}  {span}")
    return "\n".join(lines)


def _figures(place: Path, names: Sequence[str], soak: bool) -> dict[str, float]:
    argv = [sys.executable, "-m", "closedloop", "bench", *names, "--json", *(("--soak",) if soak else ())]
    done = subprocess.run(argv, cwd=place, env={**os.environ, "PYTHONPATH": str(place)}, stdout=subprocess.PIPE)
    if done.returncode:
        raise NotComparable(f"the benchmarks in {place} ended with {done.returncode}")
    return dict(flat(json.loads(done.stdout)["figures"]))


def _git(*argv: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *argv], cwd=PROJECT, stdout=subprocess.PIPE)
