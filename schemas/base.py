"""The few types that every contract is made of: instants, spans of time, identifiers and the frozen record."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_SPAN = re.compile(r"^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def to_instant(moment: datetime) -> datetime:
    """The same moment in UTC, cut to milliseconds: what the broker's and the database's clocks can tell apart."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_span(value: Any) -> Any:
    """Read `24h`, `3d`, `90m` as pydantic reads ISO 8601 durations; anything else is passed on for pydantic to judge."""
    found = _SPAN.match(value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[found[2]]: float(found[1])}) if found else value


Instant = Annotated[AwareDatetime, AfterValidator(to_instant)]
"""A moment, aware, UTC, in whole milliseconds."""

Span = Annotated[timedelta, BeforeValidator(to_span)]
"""A length of time: ISO 8601 (`PT24H`) or short (`24h`, `3d`)."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
"""A name that is part of a topic: lower case, digits and hyphens, because `.` and `_` collide in metric names."""

ComplaintId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""UUIDv5 of the upstream system's name and its own id of the complaint."""

Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]


class Record(BaseModel):
    """A frozen message: fields it does not know are ignored, so that writers may add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")
