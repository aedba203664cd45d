"""The promise of the policy about a target: its length, and the part of the pack that gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from closedloop.explain.following import Followed
from closedloop.explain.provenance import rule_of
from schemas.facts import ApprovalRequested, VisitRequested
from schemas.lengths import simple
from schemas.policy import Days, Every, PolicyPack, once, span_of
from schemas.spoken import Words, in_every_language
from schemas.targets import kind_of
from services.shared.timing.counting import until

Given = Literal[
    "length", "every", "total", "stated", "centre", "consent", "cap", "promise", "holding", "update", "report", "visit"
]
"""Which words: a plan's own target, what a pause or a reply brings along, the centre's, an incident's, a visit's."""

GIVEN: Mapping[str, Given] = {
    "assign_within": "centre",
    "at_most": "cap",
    "approved_within": "consent",
    "final_within": "holding",
    "update": "update",
    "report_within": "report",
}
"""The kind of a place in the pack, by its last part; a plan's own targets end with their names."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How long it may take, by whose calendar; no length where the date itself was said."""

    given: Given
    length: timedelta | None = None
    in_days: Words | None = None
    """A length in days, in words: how many hours that is depends on when it begins."""
    calendar: str | None = None
    subject: str = ""
    """Its subject: the reason of a pause, or the target whose date shall move."""
    shortened: bool = False
    """Whether the date stands before the end of that length: something else ends first, or less was asked for."""
    place: str | None = None
    """Where the pack says it, as a JSON Pointer."""


def promise(policy: PolicyPack, followed: Followed) -> Promise:
    """The origin of one clock's date, before any fact moved it."""
    target, owner, place = followed.clock.target, followed.began.department, rule_of(followed)
    if isinstance(followed.begun_by, VisitRequested):
        return Promise("visit", target.due_at - target.starts_at)
    if place is None:
        return Promise("promise")
    said = _at(policy, place)
    if said is None or said == "stated":
        return Promise("stated", place=place)
    given, length = _given(place, said, target.name), once(said)
    is_shorter = given in ("cap", "consent") and target.due_at < until(policy, length, owner, target.starts_at)
    days = in_every_language(length) if any(isinstance(one, Days) for one in simple(length)) else None
    calendar = policy.calendar_for(owner) if days else policy.calendar_of(owner, length)
    subject = _subject(place, followed)
    return Promise(given, None if days else span_of(length), days, calendar, subject, is_shorter, place)


def _at(policy: PolicyPack, place: str) -> Any:
    """What the pack says there; of a complaint whose facts are incomplete the place may not exist."""
    try:
        return policy.at(place)
    except LookupError:
        return None


def _given(place: str, said: Any, target: str) -> Given:
    *_, section, last = place.split("/")
    if section != "targets":
        return GIVEN[last]
    if "cycle" in kind_of(target).outlives:
        return "total"
    return "every" if isinstance(said, Every) else "length"


def _subject(place: str, followed: Followed) -> str:
    """The reason of the pause that the place is about, or the target whose date shall move."""
    _, _, *parts = place.split("/")
    if parts[1:2] == ["pauses"]:
        return parts[2]
    return followed.begun_by.subject if isinstance(followed.begun_by, ApprovalRequested) else ""
