"""The composition root of intake: the only module here that connects to anything."""

from __future__ import annotations

import sys

from services.intake.api import routes
from services.intake.service import table
from services.intake.settings import ROLES
from services.shared.process.process import run


def main() -> None:
    """Run one process until it ends: `http` accepts over HTTP, `loop` consumes and publishes."""
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    if role not in ROLES:
        sys.exit(f"usage: python -m services.intake {'|'.join(ROLES)}")
    run(lambda settings: table(settings.pseudonym_key), ROLES[role], routes)
