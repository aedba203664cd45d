"""Retries while a server is away: in place, in order, with growing pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from services.shared.broker.provisioning import Mismatch
from services.shared.machine.failures import Temporary
from services.shared.watching.measures import Measures

LONGEST_PAUSE_S = 2.0
R = TypeVar("R")
log = structlog.get_logger()


async def patiently(attempt: Callable[[], Awaitable[R]], measures: Measures) -> R:
    """Repeat what fails for a temporary reason, with pauses of 0.05 to 2 seconds; any other error is raised."""
    pause = 0.05
    while True:
        try:
            return await attempt()
        except Temporary as error:
            measures.retried()
            log.warning("trying again", problem=repr(error)[:300], pause_s=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 2)


async def until_reached(attempt: Callable[[], Awaitable[R]], what: str) -> R:
    """Repeat until the broker can be reached; what is configured wrongly is raised at once (Mismatch)."""
    pause = 0.2
    while True:
        try:
            return await attempt()
        except Mismatch:
            raise
        except Exception as error:  # each client has its own error for an absent broker
            log.warning("waiting for Kafka", what=what, problem=repr(error)[:200], pause_s=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 2)
