"""The result of a replay: the outcomes in the facts beside those in the file, and the verifier's verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from closedloop.language import Language
from closedloop.replay.outcome import Outcome
from closedloop.replay.records import History
from closedloop.verify import Verdict

MAY_BE_EMPTY = ("timely", "verdicts", "endings", "dates")
"""The invariants without anything to check in some histories: all was answered early, or nothing, or had no date."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that is shown in the end."""

    history: History
    found: Outcome
    expected: Outcome
    retracted: int
    verdict: Verdict
    settled: bool
    seconds: float
    how: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """The facts say what the file says, everything has settled, and every invariant holds."""
        return self.settled and self.found == self.expected and self.verdict.green

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The result for programs."""
        return {
            "good": self.good,
            "found": self.found.as_json(),
            "expected": self.expected.as_json(),
            "retracted_on_the_way": self.retracted,
            "settled": self.settled,
            "seconds": round(self.seconds, 1),
            **self.how,
            "history": self.history.as_json(language),
            "verify": self.verdict.as_json(language),
        }
