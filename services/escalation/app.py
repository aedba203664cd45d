"""The composition root of escalation: the only module here that connects to anything."""

from __future__ import annotations

from services.escalation.api import routes
from services.escalation.gauges import LEVELS
from services.escalation.service import SERVICE
from services.escalation.settings import ROLE
from services.shared.process.process import run


def main() -> None:
    """Run one process until it ends."""
    run(lambda settings: SERVICE, ROLE, routes, LEVELS)
