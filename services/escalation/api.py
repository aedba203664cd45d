"""Escalation over HTTP, beside health and metrics: the clocks of one complaint."""

from __future__ import annotations

from typing import Any

from services.escalation.rules import next_due
from services.escalation.rules.clocks import clocks
from services.shared.process.process import Process


def routes(process: Process) -> None:
    """Add escalation's routes."""

    @process.app.get("/v1/complaints/{id}/clocks")
    async def watched(id: str) -> dict[str, Any]:
        """Every clock with what has been told, and when the next rung is due."""
        case = await process.case(id)
        due = next_due(case, process.policies.pack(case.policy))
        return {"clocks": list(clocks(case)), "told": case.told, "next_due": due}
