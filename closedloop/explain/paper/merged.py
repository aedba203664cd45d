"""Rows for people: neighbours of one reason become one, and so do neighbours that are closed, with all reasons.

A pause stands by itself; what was not needed any more is one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from closedloop.explain.stretches import Stretch, When
from closedloop.explain.waits import Waited


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch, or several in a row; `why` has one of each reason, in order."""

    open: bool
    start: datetime
    end: datetime
    counts: timedelta
    sum: timedelta
    when: When
    why: tuple[Stretch, ...]


def merged(stretches: Iterable[Stretch]) -> Iterator[Row]:
    """The rows in order."""
    for (is_open, when, *_), run in groupby(stretches, key=_together):
        rows, why = list(run), dict[tuple[str, str | None], Stretch]()
        for row in rows:
            why.setdefault((row.en, row.by), row)
        counts = sum((row.counts for row in rows), timedelta(0))
        yield Row(is_open, rows[0].start, rows[-1].end, counts, rows[-1].sum, when, tuple(why.values()))


def _together(row: Stretch) -> tuple[bool, When, str, Waited | None]:
    if row.when == "unneeded":
        return False, row.when, "", None
    return row.open, row.when, row.en if row.open else "", row.wait
