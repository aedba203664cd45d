"""Towns that count in working time.

`office` works from 8 to 12 and from 13 to 17 on weekdays, `night` from 22 to 6; both in UTC.
"""

from __future__ import annotations

from typing import Any

from closedloop.outsiders.rehearsal import log_of
from closedloop.verify import Clock, judge, terms
from tests.builders import TOWN, Town, pack

OFFICE = {"version": "1", "zone": "UTC", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}

NIGHT = {"version": "1", "zone": "UTC", "hours": {"mon-sun": ["22:00-06:00"]}}

CHINA = {**OFFICE, "zone": "Asia/Shanghai", "holidays": "CN"}


def a_town(office: dict[str, Any] = OFFICE, **changes: Any) -> Town:
    content = TOWN.model_dump(mode="json", exclude={"calendar", "calendars"})
    content["calendar"], content["calendars"] = "office", {"office": office, "night": NIGHT}
    content["departments"]["power"]["calendar"] = "night"
    content["plans"]["ordinary"]["targets"] = {"accept": {"working": "4h"}, "answer": {"working": "16h"}}
    content["plans"]["plain"]["targets"] = {"answer": {"working": "16h"}}
    return Town(policy=pack(**content | changes))


def red(town: Town) -> set[str]:
    """What the verifier objects to; that nobody was answered or closed yet is no objection."""
    given, may_be_empty = terms(Clock(), now=town.world.now), ("endings", "verdicts")
    return judge(log_of(town.world, town.policy), given, may_be_empty=may_be_empty).red
