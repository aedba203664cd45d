"""Lengths by chance, as a pack's file says them, and moments and pauses to try them at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.unit.shared.day_oracle import DayWalk
from tests.unit.shared.minute_oracle import DAY, MINUTE

KINDS = ("working time", "working days", "calendar days", "the earlier or later of several")


def any_length(kind: str, dice: Random) -> Any:
    """A length of a kind; hours of all of the time as a `timedelta`, which oracles take as it is."""
    if kind == "working time":
        return {"working": timedelta(minutes=dice.randrange(1, 60 * 60), milliseconds=dice.choice([0, 0, 1, 999]))}
    if kind == "working days":
        return days("working_days", dice)
    if kind == "calendar days":
        return days("days", dice)
    parts = [any_length(dice.choice(KINDS[:3]), dice) for _ in range(dice.randint(1, 2))]
    return {dice.choice(["earlier_of", "later_of"]): [*parts, timedelta(minutes=dice.randrange(60 * 24 * 9))]}


def days(unit: str, dice: Random) -> dict[str, Any]:
    """So many days, with what a pack may say of them."""
    found: dict[str, Any] = {unit: dice.choice([0, 1, 1, 2, 3, 5, 15, 30])}
    if counted_from := dice.choice([None, None, "moment", "opening", "next_day"]):
        found["counted_from"] = counted_from
    if ends := dice.choice([None, None, "same_time", "end_of_day", "close", clock(dice)]):
        found["ends"] = ends
    if dice.random() < 0.3:
        found["cut_off"] = clock(dice)
    if dice.random() < 0.4:
        found["closed_last_day"] = "next_open"
    return sound(found, unit)


def sound(said: dict[str, Any], unit: str) -> dict[str, Any]:
    """The same without what `policy check` refuses."""
    counted_from = said.get("counted_from", "opening" if unit == "working_days" else "moment")
    if counted_from == "next_day" and said.get("ends") == "same_time":
        del said["ends"]
    if said[unit] == 0 and counted_from != "next_day" and said.get("ends", "same_time") == "same_time":
        said["ends"] = "end_of_day"
    may_be_closed = unit == "days" or (said[unit] == 0 and counted_from != "opening")
    if said.get("ends") == "close" and may_be_closed:
        said["closed_last_day"] = "next_open"
    return said


def clock(dice: Random) -> str:
    """A time of the day, most often in the night, when clocks change."""
    minutes = dice.choice([dice.randrange(240), dice.randrange(1440)])
    return f"{minutes // 60:02}:{minutes % 60:02}"


def some_pauses(start: datetime, dice: Random) -> list[tuple[datetime, datetime]]:
    edges = sorted(start + dice.randrange(-600, 14_000) * MINUTE for _ in range(4))
    return [(edges[0], edges[1]), (edges[2], edges[3])][: dice.randint(1, 2)]


def a_moment(first: date, walk: DayWalk, dice: Random) -> datetime:
    """Anywhere in five days, to the second or finer; or just where something opens, closes or a day begins."""
    day = first + dice.randrange(5) * DAY
    edges = [edge for stretch in walk.hours(day) for edge in stretch]
    midnight = walk.first_showing(datetime(day.year, day.month, day.day))
    if dice.random() < 0.3:
        return dice.choice([*edges, midnight])
    return midnight + timedelta(seconds=dice.randrange(86_400), milliseconds=dice.choice([0, 0, 1, 999]))
