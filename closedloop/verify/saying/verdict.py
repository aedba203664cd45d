"""What the check finds: a row per invariant, a line per failure, one verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from closedloop.language import Language
from closedloop.verify.pack.clock import to_text
from closedloop.verify.saying.words import REASONS
from closedloop.verify.tables.invariants import INVARIANTS


@dataclass(frozen=True, slots=True)
class Failure:
    """One complaint or record that breaks an invariant, and why."""

    id: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def why(self, language: Language = "en") -> str:
        """The explanation in one line."""
        return REASONS[self.code][language].format_map(self.details)


def failure(id: str, code: str, **details: Any) -> Failure:
    """A failure; what ends in `_at` is a moment and is written as one."""
    return Failure(id, code, {n: to_text(v) if n.endswith("_at") else v for n, v in details.items()})


@dataclass(slots=True)
class Finding:
    """What one invariant's check found: how many it looked at, which fail, how many still had time to settle."""

    checked: int = 0
    failures: list[Failure] = field(default_factory=list)
    unsettled: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    def judge(self, is_wrong: bool, is_settled: bool) -> bool:
        """Count something as checked, or as still on its way; whether it must fail: it is wrong, and had its time."""
        self.unsettled += is_wrong and not is_settled
        self.checked += not is_wrong or is_settled
        return is_wrong and is_settled

    def fail(self, id: str, code: str, **details: Any) -> None:
        """Note a failure."""
        self.failures.append(failure(id, code, **details))


@dataclass(frozen=True, slots=True)
class Row:
    """One invariant's line of the verdict."""

    invariant: str
    checked: int
    failures: tuple[Failure, ...]
    unsettled: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    may_be_empty: bool = False

    @property
    def title(self) -> str:
        """What must hold, in English."""
        return INVARIANTS[self.invariant].title["en"]

    @property
    def green(self) -> bool:
        """Nothing fails, and there was something to check."""
        return not self.failures and (self.checked > 0 or self.may_be_empty)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The row for programs."""
        invariant = INVARIANTS[self.invariant]
        failures = [{"id": f.id, "code": f.code, "why": f.why(language)} for f in self.failures]
        return {
            "invariant": self.invariant,
            "title": invariant.title[language],
            "green": self.green,
            "checked": self.checked,
            "counted": invariant.counted[language],
            "failing": len({f.id for f in self.failures}),
            "unsettled": self.unsettled,
            "sums": dict(self.sums),
            "failures": failures,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """All rows, and whether all of them are green."""

    rows: tuple[Row, ...]
    now: float

    @property
    def green(self) -> bool:
        """Every invariant holds, and each had something to check."""
        return all(row.green for row in self.rows)

    @property
    def red(self) -> set[str]:
        """The invariants that are not green."""
        return {row.invariant for row in self.rows if not row.green}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, invariant: str) -> Row:
        return next(row for row in self.rows if row.invariant == invariant)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The verdict as plain values, ready for `json.dumps`."""
        rows = [row.as_json(language) for row in self.rows]
        return {"green": self.green, "now": to_text(self.now), "rows": rows}
