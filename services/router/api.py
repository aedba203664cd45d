"""Router over HTTP, beside health and metrics: the plan of one complaint."""

from __future__ import annotations

from typing import Any

from services.shared.process.process import Process


def routes(process: Process) -> None:
    """Add router's routes."""

    @process.app.get("/v1/complaints/{id}/plan")
    async def plan(id: str) -> dict[str, Any]:
        """The owner, the dates and the cycle of a complaint."""
        case = await process.case(id)
        return {"plan": case.plan, "loop": case.loop}
