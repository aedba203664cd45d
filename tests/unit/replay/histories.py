"""Small histories for the tests of a replay: files of a few rows, maps of a few lines, requests of noon."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from closedloop.replay.records import History, Request, history_of
from closedloop.replay.table import table_of
from schemas.history import HistoryMap

NOON = datetime(2018, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
UNTIL = NOON + 100 * HOUR

HEADER = ("no", "opened", "due", "closed", "office", "about", "by", "end")
COLUMNS = {
    "id": "no",
    "opened": "opened",
    "due": "due",
    "closed": "closed",
    "department": "office",
    "category": "about",
    "channel": "by",
    "ending": "end",
}
"""A town's own file: none of the maps that ship fits it."""


def a_map(**changes: Any) -> HistoryMap:
    """The map of the town's file, in New York's time."""
    plain: dict[str, Any] = {"source": "town", "zone": "America/New_York", "columns": COLUMNS}
    return HistoryMap.model_validate(plain | changes)


def row(no: str = "1", opened: str = "2018-07-01 10:00:00", **cells: str) -> dict[str, str]:
    """A row of the town's file."""
    plain = {"due": "", "closed": "", "office": "Parks", "about": "Trees", "by": "", "end": ""}
    return {"no": no, "opened": opened, **plain, **cells}


def as_csv(rows: Iterable[dict[str, str]]) -> str:
    """The file with its header."""
    lines = (",".join(row[name] for name in HEADER) for row in rows)
    return "\n".join([",".join(HEADER), *lines]) + "\n"


def history(
    tmp_path: Path, rows: Iterable[dict[str, str]] | str, until: datetime | None = None, **changes: Any
) -> History:
    """The history that is read from these rows, or from this text."""
    path, map = tmp_path / "town.csv", a_map(**changes)
    path.write_text(rows if isinstance(rows, str) else as_csv(rows), encoding="utf-8")
    return history_of(table_of(path, map), map, until)


def dirt(found: History) -> list[tuple[str, int]]:
    """The kinds of dirt and their lines."""
    return [(dirt.kind, dirt.line) for dirt in found.dirt]


def objects(rows: Iterable[dict[str, str]], lines: bool = False) -> str:
    """The same rows as a JSON list, or as one object a line."""
    return "\n".join(json.dumps(row) for row in rows) if lines else json.dumps([*rows])


def request(closed: float | None = None, due: float | None = None, id: str = "1", agency: str = "NYPD") -> Request:
    """A request of noon; times in hours after it."""
    return Request(
        id=id,
        opened_at=NOON,
        closed_at=None if closed is None else NOON + closed * HOUR,
        due_at=None if due is None else NOON + due * HOUR,
        department=agency.lower(),
        owner=agency,
        category=f"{agency}/Noise",
        subject="Noise",
        text="Loud",
        area="QUEENS",
        channel="phone",
        note="They were asked to be quiet.",
    )


def of(*requests: Request, until: datetime = UNTIL) -> History:
    """The history of these requests."""
    return History("nyc311", "en", requests, until, len(requests))
