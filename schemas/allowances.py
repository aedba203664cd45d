"""What a policy pack allows besides its plan: pauses, later dates, holding replies, major incidents."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Line, Name, Text
from schemas.lengths import Length, Part
from schemas.patterns import as_compared


class PauseRule(Part):
    """One reason for which work may wait, with its targets, its cap, how often it may be used, and who consents."""

    targets: tuple[Name, ...] = Field(min_length=1)
    at_most: Length = Field(description="the cap: then the work resumes by itself")
    times: int = Field(default=1, ge=1, le=100, description="per cycle")
    approved_within: Length | None = Field(default=None, description="with it the centre has to consent first")


class ExtensionRule(Part):
    """Which dates may be moved on request, how far, how often and until when it may be asked."""

    targets: tuple[Name, ...] = ("answer",)
    before: Length = Field(description="how long before its date it has to be asked at the latest")
    at_most: Length = Field(description="how far the date may move at most")
    times: int = Field(default=1, ge=1, le=100, description="per cycle")
    approved_within: Length = Field(description="how long the centre has to decide")
    counted_from: Literal["policy_date", "request"] = Field(
        default="policy_date",
        exclude_if=lambda said: said == "policy_date",  # packs that were published before keep their hash
        description="what `at_most` counts from: the date as the policy counted it, or the request",
    )


class HoldingRule(Part):
    """The targets that a holding reply meets, and the length of time that the final answer has after it."""

    meets: tuple[Name, ...] = Field(min_length=1)
    final_within: Length


class IncidentRule(Part):
    """What makes a complaint a major incident; every pattern that is given has to fit."""

    name: Name
    category: tuple[Line, ...] = ("*",)
    area: tuple[Line, ...] = ("*",)
    tier: tuple[Line, ...] = ("*",)
    words: tuple[Line, ...] = Field(default=(), description="one of them stands in the subject or the text")
    safety: bool = Field(default=False, description="only where safety is at stake")
    affected: int = Field(default=0, ge=0, description="only where at least so many are affected")

    def has_word(self, text: Text) -> bool:
        """Whether the text holds one of the words, compared as patterns are; without words every text does."""
        told = as_compared(text) if self.words else ""
        return not self.words or any(as_compared(word) in told for word in self.words)


class IncidentPlan(Part):
    """How a major incident is led: who follows it, how often is told how it stands, by when it is reported."""

    rules: tuple[IncidentRule, ...] = ()
    manager: Name | None = Field(default=None, description="who follows it to the end; else the centre")
    level: int = Field(default=10, ge=1, description="by so many levels every ladder is raised at once")
    update: Length = Field(description="how often the department has to tell how it stands, until the answer")
    report_within: Length = Field(description="from the answer")
    ladder: Name
