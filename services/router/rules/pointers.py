"""The places of a policy pack that give targets their lengths, as JSON Pointers (RFC 6901)."""

from __future__ import annotations

ASSIGN, UPDATE, REPORT = "/assign_within", "/incidents/update", "/incidents/report_within"


def of_plan(plan: str | None, *place: str) -> str:
    """A place in a plan; the names of packs hold nothing that a pointer would have to escape."""
    return "/".join(("/plans", plan or "", *place))
