"""Data as JSON has it: moments in UTC, lengths of time in seconds under a name that says so."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

SECOND = timedelta(seconds=1)


def plain(value: Any) -> Any:
    """The same as dicts, lists, text and numbers; a field `left` that is a length becomes `left_seconds`."""
    if is_dataclass(value):
        return dict(_named(field.name, getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return dict(_named(name, content) for name, content in value.items())
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _named(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, timedelta):
        seconds = value / SECOND
        return f"{name}_seconds", int(seconds) if seconds.is_integer() else seconds
    return name, plain(value)
