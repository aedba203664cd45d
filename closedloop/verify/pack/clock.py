"""The clock that append times are mapped by: virtual = v0 + (real - r0) x rate, in milliseconds since 1970."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND, MILLISECOND = timedelta(microseconds=1), timedelta(milliseconds=1)


def to_ms(moment: datetime | str) -> int:
    """An aware moment as milliseconds since 1970, UTC, cut as the contract cuts; raises ValueError for no moment."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if found.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return (found - EPOCH) // MILLISECOND


def to_text(milliseconds: float) -> str:
    """Milliseconds since 1970 as people and programs read them."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Clock:
    """How real time maps to the time that the rules know; the default is production's, where both are the same."""

    v0: datetime = EPOCH
    r0: datetime = EPOCH
    rate: float = 1.0
    until: datetime | None = None
    """From here on virtual time stands still."""

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> Clock:
        """The clock in `{"v0": iso, "r0": iso, "rate": number}`, with `until` where it stands still from then on."""
        v0, r0 = (datetime.fromisoformat(numbers[name]) for name in ("v0", "r0"))
        until = numbers.get("until")
        return cls(v0, r0, float(numbers["rate"]), datetime.fromisoformat(until) if until else None)

    @classmethod
    def read(cls, path: Path) -> Clock:
        """The clock in a file that holds those three numbers as JSON."""
        return cls.of(json.loads(path.read_text()))

    @cached_property
    def _origin(self) -> tuple[int, int]:
        # Whole microseconds: at a high rate half a millisecond of real time is seconds of virtual time.
        return (self.v0 - EPOCH) // MICROSECOND, (self.r0 - EPOCH) // MICROSECOND

    def virtual(self, real_ms: float) -> float:
        """The virtual milliseconds at a real moment."""
        v0, r0 = self._origin
        runs = (v0 + (real_ms * 1000 - r0) * self.rate) / 1000
        return runs if self.until is None else min(runs, float(to_ms(self.until)))

    def real(self, virtual_ms: float) -> float:
        """The real milliseconds at which a virtual moment comes."""
        v0, r0 = self._origin
        return (r0 + (virtual_ms * 1000 - v0) / self.rate) / 1000

    def moment(self, real_ms: float) -> datetime:
        """The virtual moment at a real one."""
        return EPOCH + timedelta(milliseconds=self.virtual(real_ms))
