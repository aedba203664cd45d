"""The one clock: virtual now = v0 + (real now - r0) x rate; in production the two are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """How real time maps to the time that rules know; `rate` is virtual seconds per real second.

    From `until` on virtual time stands still: what a demo left can be looked at as it was.
    """

    v0: datetime = EPOCH
    r0: datetime = EPOCH
    rate: float = 1.0
    until: datetime | None = None

    def virtual(self, real: datetime) -> datetime:
        """The virtual time at a real moment, never later than it is: cut to whole milliseconds."""
        if self.until is not None and real >= self._runs_at(self.until):
            return self.until
        return floor_ms(self.v0 + (real - self.r0) * self.rate)

    def real(self, virtual: datetime) -> datetime:
        """The real moment at which a virtual time is reached; the end of all time where it never is."""
        return NEVER if self.until is not None and virtual > self.until else self._runs_at(virtual)

    def _runs_at(self, virtual: datetime) -> datetime:
        return self.r0 + (virtual - self.v0) / self.rate

    def as_json(self) -> dict[str, Any]:
        """The numbers, as they are handed to others."""
        numbers = {"v0": self.v0.isoformat(), "r0": self.r0.isoformat(), "rate": self.rate}
        return numbers if self.until is None else {**numbers, "until": self.until.isoformat()}

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> Clock:
        """The clock that `as_json` wrote. Raises KeyError or ValueError where these are not its numbers."""
        v0, r0 = (datetime.fromisoformat(numbers[name]) for name in ("v0", "r0"))
        until = numbers.get("until")
        return cls(v0, r0, float(numbers["rate"]), datetime.fromisoformat(until) if until else None)


def from_ms(milliseconds: int) -> datetime:
    """A broker's timestamp (milliseconds since 1970, UTC) as an instant."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def to_ms(moment: datetime) -> int:
    """An instant as a broker's timestamp, cut to whole milliseconds."""
    return (moment - EPOCH) // MILLISECOND


def floor_ms(moment: datetime) -> datetime:
    """Cut to whole milliseconds: for `now`, so that nothing is ever early."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def ceil_ms(moment: datetime) -> datetime:
    """Raised to whole milliseconds: for due dates, so that nothing is ever early."""
    return EPOCH + MILLISECOND * math.ceil((moment - EPOCH) / MILLISECOND)
