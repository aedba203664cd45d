"""The result of a demo, before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from closedloop.demo.timeline import local, sentence
from closedloop.language import Language
from closedloop.outsiders.rest import Rest
from closedloop.verify import Counts, Verdict
from schemas.facts import Fact
from schemas.policy import PolicyPack

ENOUGH = 0.95
"""Which share of the accepted complaints must have ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that is shown in the end; times in seconds, `days` virtual."""

    seed: int
    sent: Mapping[str, int]
    life: tuple[Fact, ...]
    departments: Mapping[str, Counts]
    verdict: Verdict
    rest: Rest
    seconds: float
    playing: float
    days: float
    day_s: float
    peak_rss: Mapping[str, int]
    logs: str

    @property
    def ended(self) -> int:
        """How many complaints are closed."""
        return self.verdict["kept"].sums["ended"]

    @property
    def accepted(self) -> int:
        """How many complaints there are: what a sender repeats is one, what is refused is none."""
        return self.ended + self.verdict["kept"].sums["live"]

    @property
    def share(self) -> float:
        """Of the accepted complaints, how many have ended."""
        return self.ended / self.accepted if self.accepted else 0.0

    @property
    def good(self) -> bool:
        """Enough have ended, and every invariant holds."""
        return self.share >= ENOUGH and self.verdict.green

    @property
    def dead(self) -> int:
        """How many records that came in became dead letters."""
        return sum(department.dead_lettered for department in self.departments.values())

    @property
    def peak_rss_bytes(self) -> int:
        """The highest memory of the whole stack, the command itself included."""
        return sum(self.peak_rss.values())

    def as_json(self, pack: PolicyPack, language: Language) -> dict[str, Any]:
        """The result for programs."""
        return {
            "good": self.good,
            "seed": self.seed,
            "accepted": self.accepted,
            "ended": self.ended,
            "share_ended": round(self.share, 4),
            "dead_letters": self.dead,
            "sent": dict(self.sent),
            "departments": {name: counts.as_json() for name, counts in self.departments.items()},
            "complaint": [
                {"at": fact.at.isoformat(), "local": local(fact.at), "fact": type(fact).__name__, "text": text}
                for fact in self.life
                for text in [sentence(fact, pack, language)]
            ],
            "at_rest": self.rest.reached,
            "waited_seconds": round(self.rest.seconds, 1),
            "seconds": round(self.seconds, 1),
            "virtual_days": round(self.days, 1),
            "peak_rss_bytes": self.peak_rss_bytes,
            "peak_rss_by_part": dict(self.peak_rss),
            "verify": self.verdict.as_json(language),
        }
