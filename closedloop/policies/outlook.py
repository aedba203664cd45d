"""Warnings about the year ahead: lengths that never end, holidays that are a guess, ladders without a reminder."""

from __future__ import annotations

from datetime import datetime, timedelta

from closedloop.policies.advice import contradiction, is_later, ordered_targets
from closedloop.policies.finding import Finding
from closedloop.policies.tables import plain
from schemas.lengths import by_calendar, is_comparable
from schemas.pack_lengths import Fault, Where, located_lengths
from schemas.policy import Length, PolicyPack, Working, span_of
from services.shared.timing.countable import uncountable
from services.shared.timing.counting import until
from services.shared.timing.worktime import Calendar, YearOutOfRange

AHEAD = timedelta(days=366)
STEP = timedelta(hours=31)
"""From one sample moment to the next: in a year every hour of the day and every day of the week come round."""
MOST = 0.5
BEYOND_CALENDARS = "not_countable.years"
"""What is said where working time leads out of the years that calendars know."""


def impossible(pack: PolicyPack, now: datetime) -> list[Fault]:
    """Lengths by a calendar that begin now and never end, because it hardly ever opens."""
    return [
        (where, f"{what}: {_never(length)} never pass for {department}, by calendar {calendar}")
        for where, what, length in located_lengths(pack)
        for department in pack.departments
        if by_calendar(length)
        and (calendar := pack.calendar_for(department))
        and not _ends(pack, length, department, now)
    ]


def _never(length: Length) -> str:
    return f"{length.working} of working time" if isinstance(length, Working) else plain(length)


def guesses(pack: PolicyPack, now: datetime) -> list[Fault]:
    """Calendars whose authority has not published the holidays of the year ahead."""
    return [
        (
            ("calendars", name, "holidays"),
            f"calendar {name}: {spec.holidays} has published no holidays of {year} yet, they are a guess",
        )
        for name, spec in pack.calendars.items()
        for year in Calendar(spec).unofficial_years(now, now + AHEAD)
    ]


def uncounted(pack: PolicyPack, now: datetime) -> list[Fault]:
    """Intake's refusal of every complaint of today, at the length that causes it."""
    return [
        (where, f"{what} ({plain(length)}): no complaint of today could be taken, {why.said('en')}")
        for why in [uncountable(pack, "today", now, now)]
        if why
        for where, what, length in [_longest(pack, working=why.sentence == BEYOND_CALENDARS)]
    ]


def soon_uncounted(pack: PolicyPack, now: datetime) -> list[Fault]:
    """The same of a complaint that comes within a year, if those of today are taken."""
    if uncountable(pack, "today", now, now):
        return []
    return [
        (where, f"{what} ({plain(length)}): within a year from now no complaint can be taken, {why.said('en')}")
        for why in [uncountable(pack, "a complaint of", now + AHEAD, now + AHEAD)]
        if why
        for where, what, length in [_longest(pack, working=why.sentence == BEYOND_CALENDARS)]
    ]


def contradictions(pack: PolicyPack, now: datetime) -> list[tuple[Finding, bool]]:
    """Targets in the wrong order that count in different ways, and whether they always are or mostly."""
    found = []
    for name, (early, one), (late, other) in ordered_targets(pack):
        if not is_comparable(one, other) and not is_later(one, other):
            wrong = _share(pack, one, other, now)
            if wrong > MOST:
                when = "" if wrong == 1 else f" for {int(100 * wrong)}% of all moments of a year"
                found.append((contradiction(name, early, late, when), wrong == 1))
    return found


def _share(pack: PolicyPack, one: Length, other: Length, now: datetime) -> float:
    """At which share of the sample moments the first ends after the second, by the calendars of all who may act."""
    actors = {pack.calendar_for(name): name for name, d in pack.departments.items() if d.kind == "department"}
    moments = [now + n * STEP for n in range(AHEAD // STEP)]
    try:
        later = [until(pack, one, who, at) > until(pack, other, who, at) for who in actors.values() for at in moments]
    except (YearOutOfRange, OverflowError):
        return 0
    return sum(later) / len(later) if later else 0


def _longest(pack: PolicyPack, working: bool) -> tuple[Where, str, Length]:
    known = [one for one in located_lengths(pack) if by_calendar(one[2]) or not working]
    return max(known, key=lambda one: span_of(one[2]))


def silences(pack: PolicyPack) -> list[Fault]:
    """Ladders above whose last step nobody is told anything more."""
    return [
        (("ladders", name), f"ladder {name}: nobody is reminded above its last step, a complaint may rest there unseen")
        for name, ladder in pack.ladders.items()
        if ladder.reminder is None
    ]


def _ends(pack: PolicyPack, length: Length, department: str, now: datetime) -> bool:
    try:
        until(pack, length, department, now)
    except YearOutOfRange:
        return False
    return True
