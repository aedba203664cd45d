"""What router answers over HTTP beside health and metrics: the plan of one complaint."""

from __future__ import annotations

from typing import Any

from services.shared.process.process import Process


def routes(process: Process) -> None:
    """Add router's routes."""

    @process.app.get("/v1/complaints/{id}/plan")
    async def plan(id: str) -> dict[str, Any]:
        """Who owns it, by when, and in which cycle it is."""
        case = await process.case(id)
        return {"plan": case.plan, "loop": case.loop}
