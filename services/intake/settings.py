"""How the two processes of intake behave; addresses come from the environment (services/shared/process/settings.py)."""

from __future__ import annotations

from services.shared.process.process import Role

HTTP = Role(consumes=False)
"""Accepting a complaint needs the database only."""

LOOP = Role(sweep_every_s=0.1)
"""Publishes what the HTTP process saved, so it sweeps often."""

ROLES = {"http": HTTP, "loop": LOOP}
