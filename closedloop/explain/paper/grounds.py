"""The sentences about the origin of a date: the promise of the policy, the assignment, and each move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from closedloop.explain.explanation import Dated
from closedloop.explain.origin import Said
from closedloop.explain.paper.speaking import Speaker
from closedloop.explain.rule import Rule
from closedloop.language.facts import WHY
from closedloop.language.reasons import reason_in

ZERO = timedelta(0)
BROUGHT_BY_REPLIES = ("consent", "cap", "promise", "holding", "update", "report")
"""Targets that come without a plan: the event that brought one tells its owner."""

SAID_OTHERWISE = ("plan", "unroutable", "returned", "visit", "incident")
"""Events that another line tells: whose it is, or why the ladder is raised."""


def grounds(speaker: Speaker, dated: Dated) -> Iterator[str]:
    """The lines about the rule behind a target: its promise, its assignment, and the origin of this date."""
    found = dated.rule
    yield promised(speaker, dated)
    if found.given not in BROUGHT_BY_REPLIES:
        yield _given(speaker, dated)
    yield from _event(speaker, dated)
    if dated.raised is not None:
        raised, since = dated.raised, dated.raised.since
        at = speaker.moment(since, found.zone) if since else ""
        yield speaker.said(
            f"raised_{raised.by}", levels=raised.levels, since=at, reason=reason_in(speaker.language, raised.reason)
        )
    if found.now_with:
        yield speaker.said("now_with", owner=speaker.name(found.now_with))


def promised(speaker: Speaker, dated: Dated) -> str:
    """What the policy promises, and in which time."""
    found = dated.rule
    if found.given == "visit" and found.length is not None:
        return speaker.said("visit_plan", plan=found.plan, length=speaker.wall(found.length))
    if found.length is None and found.in_days is None:
        return speaker.said("promise" if found.given == "promise" else "stated")
    owner = speaker.name(found.owner)
    counting = f"{found.calendar_of}_calendar" if found.length_calendar else "all_of_the_time"
    if found.in_days:
        counting = "days_by_a_calendar" if found.length_calendar else "days_of_a_zone"
    words = speaker.said(
        found.given,
        plan=found.plan,
        target=speaker.term(dated.target),
        subject=speaker.term(found.subject),
        length=length_of(speaker, found),
        counting=speaker.said(counting, calendar=found.length_calendar, owner=owner, zone=found.zone),
    )
    return words + (speaker.said(f"shortened_{found.given}") if found.shortened else "")


def length_of(speaker: Speaker, found: Rule) -> str:
    """The length that the policy gives, as it says it."""
    if found.in_days or found.length is None:
        return speaker.says(found.in_days) if found.in_days else ""
    return speaker.worked(found.length) if found.length_calendar else speaker.wall(found.length)


def both(speaker: Speaker, dated: Dated, counted: timedelta, wall: timedelta) -> str:
    """Counted time, with the wall time beside it if the target counts working time."""
    if dated.rule.calendar is None:
        return speaker.wall(wall)
    return speaker.said("both", counts=speaker.worked(counted), wall=speaker.wall(wall))


def _given(speaker: Speaker, dated: Dated) -> str:
    found = dated.rule
    route = speaker.said("route", categories=" ".join(found.categories), areas=" ".join(found.areas))
    by = "route" if found.categories else "ruling" if dated.target == "arbitrate" else found.by
    reason = reason_in(speaker.language, found.reason)
    return speaker.said(f"by_{by}", owner=speaker.name(found.owner), reason=reason, route=route)


def _event(speaker: Speaker, dated: Dated) -> Iterator[str]:
    """The fact that gave the target this date; nothing if it was the plan itself."""
    found, zone = dated.origin, dated.rule.zone
    words = {
        "promised": "promised_by" if found.before is None else "promised_anew",
        "asked": "asked_pause" if found.asked_for == "pause" else "asked_extension",
        "replanned": "replanned" if found.old_plan != dated.rule.plan else "passed_on",
        "consent": "consent_to",
        "answered": "answered_at",
    }.get(found.kind, found.kind)
    if found.kind not in SAID_OTHERWISE:
        said = speaker.said(
            words,
            moved=_moved(speaker, dated),
            at=speaker.moment(found.said.at, zone),
            until=speaker.moment(found.until, zone) if found.until else "",
            who=_who(speaker, found.asked or found.said),
            owner=speaker.name(dated.rule.owner),
            subject=speaker.term(found.subject or ""),
            plan=dated.rule.plan,
            old=found.old_plan,
            why=speaker.says(WHY[found.fact]) if found.fact in WHY else found.fact,
        )
        yield _noted(speaker, said, found.said.note if found.asked is None else "")
    yield from _consent(speaker, found.asked, found.granted, found.until, zone)


def _consent(
    speaker: Speaker, asked: Said | None, granted: Said | None, until: datetime | None, zone: str
) -> Iterator[str]:
    for words, said in (("asked_by", asked), ("granted_by", granted)):
        if said is not None and until is not None:
            moments = {"at": speaker.moment(said.at, zone), "until": speaker.moment(until, zone)}
            yield _noted(speaker, speaker.said(words, who=_who(speaker, said), **moments), said.note)


def _moved(speaker: Speaker, dated: Dated) -> str:
    """How much later or earlier it is than the date before."""
    found = dated.origin
    if found.before is None or found.moved is None or found.moved_wall is None:
        return ""
    words = "later" if found.moved_wall > ZERO else "earlier" if found.moved_wall < ZERO else "same"
    length = both(speaker, dated, found.moved, found.moved_wall)
    return speaker.said(words, length=length, before=speaker.moment(found.before, dated.rule.zone))


def _who(speaker: Speaker, said: Said) -> str:
    department = speaker.name(said.who)
    return speaker.said("who", department=department, handler=said.handler) if said.handler else department


def _noted(speaker: Speaker, said: str, note: str) -> str:
    return speaker.said("noted", said=said, note=note) if note else said
