"""The composition root of followup: the only module here that connects to anything."""

from __future__ import annotations

from services.followup.api import routes
from services.followup.service import SERVICE
from services.followup.settings import ROLE
from services.shared.process.process import run


def main() -> None:
    """Run one process until it ends."""
    run(lambda settings: SERVICE, ROLE, routes)
