"""The places of a policy pack that give targets their lengths, as JSON Pointers (RFC 6901); pure."""

from __future__ import annotations

ASSIGN, UPDATE, REPORT = "/assign_within", "/incidents/update", "/incidents/report_within"


def of_target(plan: str | None, name: str) -> str:
    """The length of a target in a plan."""
    return _of_plan(plan, "targets", name)


def of_final(plan: str | None) -> str:
    """How long the final answer may take after a holding reply."""
    return _of_plan(plan, "holding", "final_within")


def of_cap(plan: str | None, reason: str) -> str:
    """How long a pause for this reason may last."""
    return _of_plan(plan, "pauses", reason, "at_most")


def of_consent(plan: str | None, pause: str | None = None) -> str:
    """By when a pause for this reason is decided; without a reason, a later date."""
    return _of_plan(plan, *(("extension",) if pause is None else ("pauses", pause)), "approved_within")


def _of_plan(plan: str | None, *place: str) -> str:
    """The names of packs hold nothing that a pointer would have to escape."""
    return "/".join(("/plans", plan or "", *place))
