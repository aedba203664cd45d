"""The composition root of router: the only module here that connects to anything."""

from __future__ import annotations

from services.router.api import routes
from services.router.service import SERVICE
from services.router.settings import ROLE
from services.shared.process.process import run


def main() -> None:
    """Run one process until it ends."""
    run(lambda settings: SERVICE, ROLE, routes)
