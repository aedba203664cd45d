"""Puts something harmless in the place of what cannot be read, so that the rest of a pack can be judged as well."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from closedloop.policies.finding import Finding, schemas_at
from closedloop.policies.source import Where

SAMPLES: dict[str, Any] = {
    "zone": "UTC",
    "hours": {"mon-sun": ["00:00-24:00"]},
    "steps": [{"at_percent": 100, "level": 0, "role": "-", "action": "-"}],
    "starts_at": "2000-01-01T00:00:00Z",
    "ends_at": "2000-01-02T00:00:00Z",
    "date": "2000-01-01",
}
MATTERS = ("at_percent", "after", "opens_after", "due_after", "starts_at", "ends_at")
"""The known words for a part, with which its neighbours are compared."""


def mended(content: Any, faults: Iterable[Finding]) -> Any:
    """A copy in which no fault stands where one was found."""
    copy = deepcopy(content)
    for fault in sorted(faults, key=lambda fault: str(fault.where), reverse=True):
        if fault.where:
            _mend(copy, fault)
    return copy


def depends(finding: Finding, places: Iterable[Where]) -> bool:
    """Whether something would perhaps not be found if these places said what their author means."""
    asked = (finding.where, *finding.also)
    return any(_touches(where, place) for where in asked for place in places if where)


def _touches(where: Where, place: Where) -> bool:
    below = place[: len(where)] == where and (len(place) == len(where) or place[-1] in MATTERS)
    return below or where[: len(place)] == place


def _mend(content: Any, fault: Finding) -> None:
    *way, last = fault.where
    for part in way:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(content, dict):
        if fault.of_the_key or not _required(fault.where):
            content.pop(last, None)
        else:
            content[last] = _sample(fault.where)
    elif isinstance(content, list) and isinstance(last, int) and last < len(content):
        content[last] = _sample(fault.where)


def _required(where: Where) -> bool:
    """Whether the part may not be left out; entries of a mapping with free names are kept, others name them."""
    around = schemas_at(where[:-1])
    return not any(where[-1] in schema.get("properties", {}) for schema in around) or any(
        where[-1] in schema.get("required", ()) for schema in around
    )


def _sample(where: Where) -> Any:
    if where[-1] in SAMPLES:
        return deepcopy(SAMPLES[str(where[-1])])
    found = schemas_at(where)
    schema = found[0] if found else {}
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            return {name: _sample((*where, name)) for name in schema.get("required", ())}
        case "array":
            return [_sample((*where, 0))] if schema.get("minItems") else []
        case "integer":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return False
    return "1h" if "24h" in schema.get("examples", ()) else "x"
