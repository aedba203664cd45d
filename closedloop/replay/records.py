"""The requests of a history: each row of its file read by a map, and a list of all that was wrong in the rows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from closedloop.replay.dirt import Dirt, listed
from closedloop.replay.moments import Readings, Unreadable, in_order, readings
from closedloop.replay.table import EMPTY, UNDECODABLE, BadHistory, Row, Table
from schemas.base import is_visible
from schemas.facts import Channel
from schemas.history import HistoryMap
from schemas.languages import Language
from schemas.patterns import as_compared, fits

NOBODY = "unnamed"
"""The department of rows that name none."""

FARTHEST = timedelta(days=36_525)
"""A promise of a century means that there is none: some systems have no other way to write it."""

NO_PART_OF_A_PATTERN = re.compile("[*?/]")

YEARS = range(1971, 2201)
"""When requests are made and answered: computers write the zero of their calendars where they do not know."""

LONGEST_ID, LONGEST_OWNER, LONGEST_LINE, LONGEST_TEXT = 150, 100, 200, 20_000

NEVER = datetime.min.replace(tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the file; a time that is missing there is None."""

    id: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    department: str
    """Who has to answer it, as a department's name."""
    owner: str
    """The same as the file writes it, without the signs that mean something in a route."""
    category: str
    """As the routes of a pack name it: the owner, a slash, and what it is about."""
    subject: str
    text: str
    area: str | None
    channel: Channel
    note: str


@dataclass(frozen=True, slots=True)
class History:
    """A file as it is replayed: sent as `source`, up to `until`, the requests in the order in which they were made."""

    source: str
    language: Language
    requests: tuple[Request, ...]
    until: datetime
    rows: int = 0
    dirt: tuple[Dirt, ...] = ()
    """What was wrong in its rows."""

    @property
    def begin(self) -> datetime:
        """When the first request was made."""
        return self.requests[0].opened_at

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """What was read, and all that was wrong in it."""
        read = {"source": self.source, "until": self.until.isoformat(), "rows": self.rows}
        return {**read, "requests": len(self.requests), "dirt": listed(self.dirt, language)}


def history_of(table: Table, map: HistoryMap, until: datetime | None = None) -> History:
    """The history in a table, as of `until`, else of when the map says that it was drawn.

    Raises BadHistory for a table without a request before then.
    """
    reader = _Reader(map, table.columns)
    found = [request for row in table.rows if (request := reader.read(row)) is not None]
    end = until or _drawn_at(found, map)
    requests = [_as_of(end, request) for line, request in found if request.opened_at < end]
    late = [Dirt("after_the_end", line, map.columns.opened) for line, request in found if request.opened_at >= end]
    if not requests:
        raise BadHistory(EMPTY)
    requests.sort(key=lambda request: (request.opened_at, request.id))
    return History(map.source, map.language, tuple(requests), end, len(table.rows), (*reader.dirt, *late))


def _as_of(end: datetime, request: Request) -> Request:
    is_open = request.closed_at is not None and request.closed_at > end
    return replace(request, closed_at=None) if is_open else request


def _drawn_at(found: Iterable[tuple[int, Request]], map: HistoryMap) -> datetime:
    """When the file was drawn: as the map says, unless something in the file happened later than that."""
    happened = [moment for _, request in found for moment in (request.opened_at, request.closed_at) if moment]
    last = max(happened, default=NEVER)
    if map.drawn_at is not None:
        drawn = map.drawn_at if map.drawn_at.tzinfo else map.drawn_at.replace(tzinfo=ZoneInfo(map.zone))
        if drawn >= last:
            return drawn.astimezone(UTC)
    return last + timedelta(milliseconds=1)


class _Reader:
    """Reads one row after another and notes what is wrong in them."""

    def __init__(self, map: HistoryMap, columns: Collection[str]) -> None:
        self._map, self._zone = map, ZoneInfo(map.zone)
        self._columns = {what: column for what, column in map.columns.named() if column in columns}
        self._ids: set[str] = set()
        self._made: Counter[str] = Counter()
        self.dirt: list[Dirt] = []

    def read(self, row: Row) -> tuple[int, Request] | None:
        """The row's line and request; None for a row that is left out."""
        if row.shape:
            self._note(row, row.shape)
        if row.shape == "unreadable_row" or (opened := self._opened(row)) is None:
            return None
        id = self._id(row)
        if id in self._ids:
            self._note(row, "same_id", "id")
            return None
        self._ids.add(id)
        for what, column in self._columns.items():
            if UNDECODABLE in row.cells.get(column, ""):
                self._note(row, "undecodable", what)
        return row.line, self._request(row, id, opened)

    def _request(self, row: Row, id: str, opened: Readings) -> Request:
        opened_at, due_at, closed_at = self._times(row, opened)
        owner = NO_PART_OF_A_PATTERN.sub("-", self._cut(row, "department", LONGEST_OWNER))
        if not owner and "department" in self._columns:
            self._note(row, "no_department", "department")
            owner = NOBODY
        category = self._line(row, "category")
        whole = f"{owner}/{category}" if owner and category else category or owner
        return Request(
            id=id,
            opened_at=opened_at,
            closed_at=closed_at,
            due_at=due_at,
            department=_means(owner, self._map.values.department) or named(owner),
            owner=owner,
            category=whole[:LONGEST_LINE],
            subject=self._line(row, "subject") or category or id,
            text=self._cut(row, "text", LONGEST_TEXT),
            area=self._line(row, "area") or None,
            channel=self._channel(row),
            note=self._cut(row, "note", LONGEST_TEXT) or self._cut(row, "ending", LONGEST_TEXT),
        )

    def _id(self, row: Row) -> str:
        """The row's own, else one that follows from all of its cells; rows that are the same are counted."""
        id = self._cell(row, "id")
        if is_visible(id) and len(id) <= LONGEST_ID:
            return id
        self._note(row, "no_id", "id")
        made = hashlib.sha256("\0".join(f"{name}\0{cell}" for name, cell in row.cells.items()).encode()).hexdigest()
        self._made[made] += 1
        return f"row-{made[:16]}" + (f"-{self._made[made]}" if self._made[made] > 1 else "")

    def _opened(self, row: Row) -> Readings | None:
        if not self._cell(row, "opened"):
            self._note(row, "no_opening", "opened")
            return None
        return self._readings(row, "opened", "bad_opening") or None

    def _times(self, row: Row, opened: Readings) -> tuple[datetime, datetime | None, datetime | None]:
        due, closed = self._readings(row, "due", "bad_due"), self._readings(row, "closed", "bad_closing")
        opened_at, due_at, closed_at = in_order(opened, due, closed if self._has_ended(row, closed) else ())
        if due_at is not None and due_at - opened_at > FARTHEST:
            self._note(row, "far_due", "due")
            due_at = None
        if due_at is not None and due_at <= opened_at:
            self._note(row, "due_first", "due")
            due_at = None
        if closed_at is not None and closed_at < opened_at:
            self._note(row, "closed_first", "closed")
        return opened_at, due_at, closed_at

    def _readings(self, row: Row, what: str, kind: str) -> Readings:
        text = self._cell(row, what)
        try:
            found = readings(text, self._zone, self._map.dates, ends=what == "due") if text else ()
        except Unreadable:
            found = None
        if found is None or (what != "due" and not all(moment.year in YEARS for moment in found)):
            self._note(row, kind, what)
            return ()
        return found

    def _has_ended(self, row: Row, closed: Readings) -> bool:
        ending, known = self._cell(row, "ending"), self._map.values.ending
        meant = _means(ending, known)
        if closed and known and ending and meant is None:
            self._note(row, "unknown_ending", "ending")
        return meant != "open"

    def _channel(self, row: Row) -> Channel:
        channel = self._cell(row, "channel")
        meant = _means(channel, self._map.values.channel)
        if channel and meant is None:
            self._note(row, "unknown_channel", "channel")
        return meant or "other"

    def _line(self, row: Row, what: str) -> str:
        return self._cut(row, what, LONGEST_LINE)

    def _cut(self, row: Row, what: str, most: int) -> str:
        text = self._cell(row, what)
        if len(text) > most:
            self._note(row, "too_long", what)
        return text[:most] if is_visible(text) else ""

    def _cell(self, row: Row, what: str) -> str:
        return row.cells.get(self._columns.get(what, ""), "")

    def _note(self, row: Row, kind: str, what: str = "") -> None:
        value = self._cell(row, what)
        self.dirt.append(Dirt(kind, row.line, self._columns.get(what, ""), value[:LONGEST_LINE]))


def _means(value: str, known: Mapping[str, T]) -> T | None:
    """What a value means; None where the map does not say."""
    return next((meant for written, meant in known.items() if fits((written,), value or None)), None)


def named(owner: str) -> str:
    """What a file calls a department, as a name: small letters, digits and hyphens.

    What has no such signs, as in Chinese, gets a name of its own that follows from it.
    """
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in as_compared(owner))
    name = "-".join(kept.split())[:64].strip("-")
    if name or not owner:
        return name or NOBODY
    return f"d-{hashlib.sha256(as_compared(owner).encode()).hexdigest()[:12]}"
