"""Calendars for tests: an office in Beijing, a night shift, one that is always open, and their times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.calendars import CalendarSpec
from services.shared.timing.worktime import Calendar

OFFICE = {"mon-fri": ["08:30-12:00", "14:00-18:00"]}
ALWAYS = {"mon-sun": ["00:00-24:00"]}
NIGHT = {"mon-sun": ["22:00-06:00"]}
WORKDAY = timedelta(hours=7.5)


def spec(hours: dict[str, list[str]], zone: str = "Asia/Shanghai", **more: Any) -> dict[str, Any]:
    return {"version": "1", "zone": zone, "hours": hours, **more}


def calendar(hours: dict[str, list[str]], zone: str = "Asia/Shanghai", **more: Any) -> Calendar:
    return Calendar(CalendarSpec.model_validate(spec(hours, zone, **more)))


def override(day: str, hours: list[str] | str) -> dict[str, Any]:
    return {"date": day, "open": hours, "reason": "搬迁", "authority": "市政务服务中心"}


def at(wall: str, zone: str = "Asia/Shanghai", fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


BEIJING = calendar(OFFICE, holidays="CN")
"""An office in Beijing with a noon break: seven and a half hours a day."""
