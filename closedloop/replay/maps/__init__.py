"""The maps that come with closedloop, how one is read from its file, and whether it fits the columns of a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import ValidationError

from closedloop.language import Language
from closedloop.policies.finding import dotted, nearest
from closedloop.policies.source import Source, Where
from closedloop.policies.source import read as source_of
from closedloop.replay.words import FAULTS
from schemas.faults import what
from schemas.history import Columns, HistoryMap, Values

HERE = Path(__file__).parent

WORDS: Mapping[Where, type[HistoryMap | Columns | Values]] = {
    (): HistoryMap,
    ("columns",): Columns,
    ("values",): Values,
}
"""The parts of a map that have keys of their own."""


class BadMap(ValueError):
    """A file that is no map, or that does not fit the history; `reasons` holds every fault with its line and remedy."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)


def names() -> list[str]:
    """The maps that come with closedloop."""
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def path_of(name_or_path: str | Path) -> Path:
    """The file of the map of that name, else that file."""
    return HERE / f"{name_or_path}.yaml" if str(name_or_path) in names() else Path(name_or_path)


def load(name_or_path: str | Path, language: Language = "en") -> HistoryMap:
    """The map of that name, else the one in that file; raises BadMap with every reason."""
    path, source = _source(name_or_path, language)
    if source.slip is not None:
        said = FAULTS["slip"][language].format(says=source.slip.says, expected=source.slip.expected)
        raise BadMap([_told(path, source.slip.at, said, language)])
    reasons = [
        _told(path, at, FAULTS["twice"][language].format(where=dotted(where), line=first[0]), language)
        for where, at, first in source.twice
    ]
    try:
        found = HistoryMap.model_validate(source.content)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise BadMap([*reasons, *(_fault(path, source, fault, language) for fault in faults)]) from error
    if reasons:
        raise BadMap(reasons)
    return found


def fitting(name_or_path: str | Path, map: HistoryMap, columns: tuple[str, ...], language: Language = "en") -> None:
    """Raises BadMap where the map names columns that the file does not have, unless it can do without them."""
    missing = [(what, name) for what, name in map.columns.named() if name not in columns and name not in map.optional]
    if missing:
        path, source = _source(name_or_path, language)
        raise BadMap([_no_column(path, source, what, name, columns, language) for what, name in missing])


def _source(name_or_path: str | Path, language: Language) -> tuple[Path, Source]:
    path = path_of(name_or_path)
    try:
        return path, source_of(path)
    except OSError as error:
        said = FAULTS["unreadable"][language].format(path=path, why=error.strerror, names=_list(names(), language))
        raise BadMap([said]) from error


def _no_column(path: Path, source: Source, what: str, name: str, columns: tuple[str, ...], language: Language) -> str:
    said = FAULTS["no_column"][language].format(
        where=dotted(("columns", what)), name=name, columns=_list(columns, language)
    )
    return _told(path, source.position(("columns", what)), said + _meant(nearest(name, columns), language), language)


def _fault(path: Path, source: Source, error: Mapping[str, Any], language: Language) -> str:
    """One of pydantic's faults, with its place and the words that are known there."""
    where = tuple(part for part in error["loc"] if part != "[key]")
    is_unknown = error["type"] == "extra_forbidden"
    at = source.key_position(where) if is_unknown or "[key]" in error["loc"] else source.position(where)
    if is_unknown:
        known = [*WORDS[where[:-1]].model_fields] if where[:-1] in WORDS else []
        said = FAULTS["unknown"][language].format(where=dotted(where), known=_list(known, language))
        return _told(path, at, said + _meant(nearest(where[-1], known), language), language)
    said = FAULTS["fault"][language].format(where=dotted(where) or path.name, what=what(error, language))
    meant = nearest(error["input"], available_timezones()) if where == ("zone",) else ""
    return _told(path, at, said + _meant(meant, language), language)


def _meant(word: str, language: Language) -> str:
    return FAULTS["meant"][language].format(word=word) if word else ""


def _list(words: Iterator[str] | list[str] | tuple[str, ...], language: Language) -> str:
    return FAULTS["list"][language].join(words)


def _told(path: Path, at: tuple[int, int], said: str, language: Language) -> str:
    return FAULTS["told"][language].format(place=f"{path.name}:{at[0]}:{at[1]}", said=said)
