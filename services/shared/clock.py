"""The one clock: virtual now = v0 + (real now - r0) x rate; in production the two are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """How real time maps to the time that rules know; `rate` is virtual seconds per real second."""

    v0: datetime = EPOCH
    r0: datetime = EPOCH
    rate: float = 1.0

    def virtual(self, real: datetime) -> datetime:
        """The virtual time at a real moment, never later than it is: cut to whole milliseconds."""
        return floor_ms(self.v0 + (real - self.r0) * self.rate)

    def real(self, virtual: datetime) -> datetime:
        """The real moment at which a virtual time is reached."""
        return self.r0 + (virtual - self.v0) / self.rate

    def as_json(self) -> dict[str, Any]:
        """The three numbers, as they are handed to others."""
        return {"v0": self.v0.isoformat(), "r0": self.r0.isoformat(), "rate": self.rate}

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> Clock:
        """The clock that `as_json` wrote."""
        return cls(datetime.fromisoformat(numbers["v0"]), datetime.fromisoformat(numbers["r0"]), float(numbers["rate"]))


def from_ms(milliseconds: int) -> datetime:
    """A broker's timestamp (milliseconds since 1970, UTC) as an instant."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def floor_ms(moment: datetime) -> datetime:
    """Cut to whole milliseconds: for `now`, so that nothing is ever early."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def ceil_ms(moment: datetime) -> datetime:
    """Raised to whole milliseconds: for due dates, so that nothing is ever early."""
    return EPOCH + MILLISECOND * math.ceil((moment - EPOCH) / MILLISECOND)
