"""Followup over HTTP, beside health and metrics: the visits of one complaint."""

from __future__ import annotations

from typing import Any

from services.shared.process.process import Process


def routes(process: Process) -> None:
    """Add followup's routes."""

    @process.app.get("/v1/complaints/{id}/visit")
    async def visit(id: str) -> dict[str, Any]:
        """The answer that is checked, and how far the visit is."""
        case = await process.case(id)
        return {"answer": case.answer, "visit": case.visit}
