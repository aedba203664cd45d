"""What a pack's calendars mean for the year ahead: what can never be worked, what is a guess, where it is silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.policy import Length, PolicyPack, Working, lengths
from services.shared.counting import until
from services.shared.worktime import Calendar, YearOutOfRange

AHEAD = timedelta(days=366)


def impossible(pack: PolicyPack, now: datetime) -> list[str]:
    """Working times that begin now and never end, because a calendar hardly ever opens."""
    return [
        f"{what}: {length.working} of working time never pass for {department}, by calendar {calendar}"
        for what, length in lengths(pack)
        for department in pack.departments
        if isinstance(length, Working)
        and (calendar := pack.calendar_of(department, length))
        and not _ends(pack, length, department, now)
    ]


def guesses(pack: PolicyPack, now: datetime) -> list[str]:
    """Calendars whose authority has not published the holidays of the year ahead."""
    return [
        f"calendar {name}: {spec.holidays} has published no holidays of {year} yet, they are a guess"
        for name, spec in pack.calendars.items()
        for year in Calendar(spec).unofficial_years(now, now + AHEAD)
    ]


def silences(pack: PolicyPack) -> list[str]:
    """Ladders above whose last step nobody is told anything more."""
    return [
        f"ladder {name}: nobody is reminded above its last step, a complaint may rest there unseen"
        for name, ladder in pack.ladders.items()
        if ladder.reminder is None
    ]


def _ends(pack: PolicyPack, length: Length, department: str, now: datetime) -> bool:
    try:
        return until(pack, length, department, now) > now
    except YearOutOfRange:
        return False
