"""The rows of a history's file: CSV with a header, a JSON list, or one JSON object a line; each row with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

from closedloop.language import Words, in_both
from schemas.history import HistoryMap

UNDECODABLE = "\ufffd"
LONGEST_CELL = 10_000_000


EMPTY = in_both("there is no request in it, or none before the end", "文件中没有投诉，或均晚于截止时间")


class BadHistory(ValueError):
    """A file that cannot be replayed; `says` tells why in both languages."""

    def __init__(self, says: Words) -> None:
        super().__init__(says["en"])
        self.says = says


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins, its cells by column, and how its shape differs from the header's, if it does."""

    line: int
    cells: Mapping[str, str]
    shape: str = ""
    """`unreadable_row`, `short_row`, `long_row` or nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table_of(path: Path, map: HistoryMap) -> Table:
    """The file as it stands. Raises OSError for no file at all, and BadHistory for one without columns."""
    text = path.read_bytes().decode(map.encoding, errors="replace").removeprefix("\ufeff")
    found = _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_csv(text, map.delimiter)
    if not found.columns:
        raise BadHistory(EMPTY)
    return found


def _of_csv(text: str, delimiter: str) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    columns = tuple(column.strip() for column in next(reader, []))
    return Table(columns, tuple(_rows(reader, columns)))


def _rows(reader: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, {}, "unreadable_row")
            continue
        if cells:
            shape = "short_row" if len(cells) < len(columns) else "long_row" if len(cells) > len(columns) else ""
            yield Row(line, dict(zip(columns, map(str.strip, cells), strict=False)), shape)


def _of_json(text: str) -> Table:
    """A list of objects, else an object a line; rows are counted from 1, or by their line."""
    whole = _loaded(text)
    if whole is not None:
        listed = [*enumerate(whole if isinstance(whole, list) else [whole], 1)]
    else:
        listed = [(n, _loaded(line)) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    rows = tuple(_of_object(n, found) for n, found in listed)
    return Table(tuple(dict.fromkeys(chain.from_iterable(row.cells for row in rows))), rows)


def _loaded(text: str) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_object(line: int, found: Any) -> Row:
    if not isinstance(found, dict):
        return Row(line, {}, "unreadable_row")
    return Row(line, {name: _cell(value) for name, value in found.items()})


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
