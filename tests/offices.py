"""The town with people in its offices, some of them absent."""

from __future__ import annotations

from typing import Any

from schemas.policy import PolicyPack
from tests.builders import TOWN, hour, pack

CHAIN = ["handler", "head", "director", "mayor"]


def staffed(**changes: Any) -> PolicyPack:
    """The town with people: everybody holds one office, unless a test says otherwise."""
    water = TOWN.departments["water"].model_dump() | {"offices": {"handler": "li", "head": "wang"}}
    departments = {name: d.model_dump() for name, d in TOWN.departments.items()} | {"water": water}
    people = {name: {"zh": name, "en": name.title()} for name in ("li", "wang", "zhao", "chen", "sun")}
    content = {
        "departments": departments,
        "people": people | changes.pop("people", {}),
        "offices": {"director": "zhao", "mayor": "chen"} | changes.pop("offices", {}),
        "chain": CHAIN,
    }
    return pack(**(content | changes))


def absent(begins: float, ends: float, deputy: str | None = None) -> dict[str, Any]:
    away = {"starts_at": hour(begins).isoformat(), "ends_at": hour(ends).isoformat()}
    return {"zh": "-", "en": "-", "deputy": deputy, "absent": [away]}
