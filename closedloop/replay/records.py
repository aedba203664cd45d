"""Service requests as New York publishes them: one row of the file each, local times made into moments."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.facts import Channel

NEW_YORK = ZoneInfo("America/New_York")
WRITTEN = "%m/%d/%Y %I:%M:%S %p"

CHANNELS: dict[str, Channel] = {"PHONE": "phone", "ONLINE": "web", "MOBILE": "app"}
"""What the file calls a channel; whatever else it says is `other`."""


SNAPSHOT = datetime(2019, 9, 16, 12, tzinfo=NEW_YORK).astimezone(UTC)
"""When the file nyc311.csv was drawn: what was open then is open in it."""


class BadHistory(ValueError):
    """A file that cannot be replayed; the text says which line and why."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the file; a time that is missing there is None."""

    id: str
    created_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    agency: str
    complaint_type: str
    descriptor: str
    borough: str
    channel: Channel
    resolution: str

    @property
    def category(self) -> str:
        """As the routes of the pack name it."""
        return f"{self.agency}/{self.complaint_type}"

    @property
    def department(self) -> str:
        """The agency as a department's name."""
        return self.agency.lower()


def moment(text: str) -> datetime | None:
    """A local time of New York as a moment; of an hour that comes twice in autumn, its first coming is taken.

    The file does not say which of the two it means. An hour that spring leaves out counts from winter time.
    """
    return datetime.strptime(text, WRITTEN).replace(tzinfo=NEW_YORK).astimezone(UTC) if text else None


def read(path: Path) -> list[Request]:
    """All requests in the order in which they were created. Raises BadHistory, and OSError for no file at all."""
    with path.open(encoding="utf-8", newline="") as lines:
        found = list(_requests(csv.DictReader(lines)))
    if not found:
        raise BadHistory("there is no request in it")
    return sorted(found, key=lambda request: (request.created_at, request.id))


def _requests(rows: csv.DictReader[str]) -> Iterator[Request]:
    for row in rows:
        try:
            yield _request(row)
        except (KeyError, ValueError) as reason:
            raise BadHistory(f"line {rows.line_num}: {reason!r}") from reason


def _request(row: dict[str, str]) -> Request:
    if None in row.values():
        raise ValueError("the line is too short")
    created_at = moment(row["created_local"])
    if created_at is None:
        raise ValueError("created_local is empty")
    return Request(
        id=row["unique_key"],
        created_at=created_at,
        closed_at=moment(row["closed_local"]),
        due_at=moment(row["due_local"]),
        agency=row["agency"],
        complaint_type=row["complaint_type"],
        descriptor=row["descriptor"],
        borough=row["borough"],
        channel=CHANNELS.get(row["channel"], "other"),
        resolution=row["resolution"],
    )
